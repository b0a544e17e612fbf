"""Two texts put together that began as one: what each of two people changed is there, or they are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threads.rules.three_way import Clash, merged3, merged_set, merged_value

LINES = st.lists(st.sampled_from(["one", "two", "three", "", "- four"]), max_size=6).map("\n".join)


@pytest.mark.parametrize(
    ("base", "mine", "now", "result"),
    [
        ("a\nb\nc", "a\nB\nc", "a\nb\nC", "a\nB\nC"),
        ("a\nb", "a\nb\nmine", "A\nb", "A\nb\nmine"),
        ("a\nb", "b", "a\nb\nc", "b\nc"),
        ("a\nb", "a\nx\nb", "a\nx\nb", "a\nx\nb"),
        ("", "a", "", "a"),
        ("1. a\n2. b", "1. a\n2. b\n3. c", "0. x\n1. a\n2. b", "0. x\n1. a\n2. b\n3. c"),
    ],
)
def test_what_both_changed_in_different_lines_is_kept(base: str, mine: str, now: str, result: str) -> None:
    assert merged3(base, mine, now) == merged3(base, now, mine) == result


@pytest.mark.parametrize(
    ("base", "mine", "now"),
    [
        ("wait 30 s", "wait 60 s", "wait 5 minutes"),
        ("set a to 1", "set b to 1", "set a to 2"),
        ("a\nb", "a\nmine\nb", "a\ntheirs\nb"),
        ("a\nb\nc", "a\nc", "a\nB\nc"),
        ("a\nb\nc", "x", "a\nb\nC"),
    ],
)
def test_who_changed_the_same_lines_is_told(base: str, mine: str, now: str) -> None:
    for one, other in ((mine, now), (now, mine)):
        with pytest.raises(Clash):
            merged3(base, one, other)


@given(LINES, LINES, LINES)
def test_it_is_the_same_whoever_came_first(base: str, mine: str, now: str) -> None:
    def outcome(one: str, other: str) -> str | None:
        try:
            return merged3(base, one, other)
        except Clash:
            return None

    assert outcome(mine, now) == outcome(now, mine)
    assert merged3(base, base, now) == merged3(base, now, base) == merged3(base, now, now) == now


@given(LINES, st.text("xyz", min_size=1, max_size=5), st.text("uvw", min_size=1, max_size=5), st.data())
def test_no_line_of_anybody_vanishes(base: str, mine: str, theirs: str, data: st.DataObject) -> None:
    lines = base.split("\n")
    here, there = (data.draw(st.integers(0, len(lines))) for _each in range(2))
    one = "\n".join([*lines[:here], mine, *lines[here:]])
    other = "\n".join([*lines[:there], theirs, *lines[there:]])
    try:
        both = merged3(base, one, other).split("\n")
    except Clash:
        return
    assert mine in both
    assert theirs in both
    assert [line for line in both if line not in {mine, theirs}] == lines


def test_what_is_changed_only_as_a_whole() -> None:
    assert merged_value(1, 1, 2) == merged_value(1, 2, 1) == merged_value(1, 2, 2) == 2
    with pytest.raises(Clash):
        merged_value(1, 2, 3)
    assert merged_set(["a", "b"], ["a", "c"], ["b", "a", "d"]) == ["a", "d", "c"]
