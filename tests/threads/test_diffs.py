"""Diffs of texts: what they show, and that no text makes them work for long."""

import random
from difflib import SequenceMatcher
from itertools import pairwise

import pytest

from threads.rendering import diffs
from threads.rendering.diffs import MOST_PAIRS, diff

HAN = [chr(0x4E00 + number) for number in range(110)]


def told(old: str, new: str) -> list[tuple[str, str]]:
    return [(line.kind, str(line.text)) for line in diff(old, new)]


def test_changed_words_are_marked_and_long_stretches_left_out() -> None:
    assert told("one two\nb", "one <b>\nb") == [
        ("del", "one <del>two</del>"),
        ("add", "one <ins>&lt;b&gt;</ins>"),
        ("same", "b"),
    ]
    lines = [str(number) for number in range(20)]
    assert ("gap", "") in told("\n".join(lines), "\n".join([*lines, "new"]))


@pytest.mark.parametrize("between", [" ", "\n"])
def test_very_long_texts_are_compared_only_where_they_differ(between: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pairs: list[int] = []

    class Counting(SequenceMatcher[str]):
        def __init__(self, junk: None, before: list[str], after: list[str], *, autojunk: bool) -> None:
            pairs.append(len(before) * len(after))
            super().__init__(junk, before, after, autojunk=autojunk)

    monkeypatch.setattr("difflib.SequenceMatcher", Counting)
    chance = random.Random(7)
    old, new = (between.join(chance.choice(HAN) for _ in range(29_000)) for _side in range(2))
    assert {kind for kind, _text in told(old, new)} == {"del", "add"}
    assert max(pairs, default=0) <= MOST_PAIRS

    changed = f"{old[:30_000]}!{old[30_000:]}"
    lines = told(old, changed)
    assert any("!" in text for kind, text in lines if kind == "add")
    assert sum(len(text) for kind, text in lines if kind == "del") <= len(old) + 100
    assert max(pairs) <= MOST_PAIRS


def test_long_texts_come_out_whole() -> None:
    chance = random.Random(3)
    before = [chance.choice(HAN) for _ in range(6_000)]
    after = [*before[:1_000], "new", *before[1_000:5_990], "other", *before[5_991:]]
    steps = diffs._steps(before, after, autojunk=True)
    assert [steps[0][1], steps[0][3], steps[-1][2], steps[-1][4]] == [0, 0, len(before), len(after)]
    assert all((one[2], one[4]) == (two[1], two[3]) for one, two in pairwise(steps))
    assert all(before[a:b] == after[c:d] for tag, a, b, c, d in steps if tag == "equal")
