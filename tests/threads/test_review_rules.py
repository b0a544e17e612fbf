"""The rules of reviews that need no database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from threads.rules import reviews as rules
from threads.rules.duplicates import in_order
from threads.rules.sampling import drawn, score_of

KINDS = ("new", "due", "changed", "suggested", "challenged")


@given(st.sampled_from(KINDS), st.sampled_from(KINDS), st.sampled_from(KINDS))
def test_the_order_of_what_presses_is_one(one: str, other: str, third: str) -> None:
    assert rules.more_pressing(one, other) == rules.more_pressing(other, one)
    assert rules.more_pressing(rules.more_pressing(one, other), third) == rules.more_pressing(
        one, rules.more_pressing(other, third)
    )
    assert rules.more_pressing(one, "challenged") == "challenged"


@pytest.mark.parametrize(
    ("quote", "line", "text", "found"),
    [
        ("b", 2, "a\nb\nc", 2),
        ("b", 2, "x\na\nb\nc", 3),
        ("b", 4, "b\na\nb\nc\nb", 3),
        ("b", 2, "a\nc", None),
        ("", 2, "a\nb", None),
        ("b", None, "a\nb", None),
    ],
)
def test_a_quote_is_found_nearest_to_where_it_was(quote: str, line: int | None, text: str, found: int | None) -> None:
    assert rules.line_of(quote, line, text) == found


@given(st.sets(st.integers(1, 10_000), max_size=80), st.integers(1, 50), st.integers())
def test_a_draw_can_be_repeated_and_draws_no_thing_twice(ids: set[int], size: int, seed: int) -> None:
    found = drawn(ids, size=size, seed=seed)
    assert found == drawn(sorted(ids, reverse=True), size=size, seed=seed)
    assert len(found) == len(set(found)) == min(size, len(ids))
    assert set(found) <= ids


@given(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_a_score_is_the_share_of_what_applies(yes: int, no: int, neither: int) -> None:
    said = ["yes"] * yes + ["no"] * no + ["na"] * neither
    score = score_of({str(number): answer for number, answer in enumerate(said)})
    if yes + no == 0:
        assert score is None
    else:
        assert score is not None
        assert abs(score - 100 * yes / (yes + no)) <= 0.5
        assert (score == 100) == (no == 0)


def test_a_pair_has_one_order() -> None:
    assert in_order(7, 3) == in_order(3, 7) == (3, 7)


def test_every_kind_can_be_decided_and_only_approval_needs_no_reason() -> None:
    for kind in KINDS:
        assert "retired" in rules.outcomes_of(kind)
        assert ("approved" in rules.outcomes_of(kind)) != ("rejected" in rules.outcomes_of(kind))
    assert [name for name in ("approved", "changes_asked", "kept") if not rules.needs_reason(name)] == ["approved"]
