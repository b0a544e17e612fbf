"""Two texts that began as one, put together: what each changed is kept, unless both changed the same lines.

Lines are never put together from two hands: half a command of one and half of another is nobody's.
"""

import difflib
from collections.abc import Collection
from itertools import pairwise
from typing import NamedTuple, TypeVar

_MOST_COMPARED = 200_000
Value = TypeVar("Value")


class Clash(Exception):
    """Both changed the same place; somebody has to look."""


class _Change(NamedTuple):
    """These lines of the common beginning give way to others."""

    start: int
    end: int
    lines: tuple[str, ...]


def merged3(base: str, mine: str, now: str) -> str:
    """What `mine` and `now` both made of `base`, the same whoever came first. Raises Clash where both changed it."""
    if mine in (base, now):
        return now
    if now == base:
        return mine
    lines = base.split("\n")
    changes = sorted({*_changes(lines, mine.split("\n")), *_changes(lines, now.split("\n"))})
    for one, other in pairwise(changes):
        if other.start < one.end or one[:2] == other[:2]:
            raise Clash
    parts: list[str] = []
    place = 0
    for start, end, new in changes:
        parts += [*lines[place:start], *new]
        place = end
    return "\n".join([*parts, *lines[place:]])


def merged_value(base: Value, mine: Value, now: Value) -> Value:
    """As `merged3`, for what is changed only as a whole."""
    if mine in (base, now):
        return now
    if now == base:
        return mine
    raise Clash


def merged_set(base: Collection[str], mine: Collection[str], now: Collection[str]) -> list[str]:
    """What is there now, without what mine took away, and with what it added."""
    return [item for item in now if item in mine or item not in base] + [
        item for item in mine if item not in base and item not in now
    ]


def _changes(old: list[str], new: list[str]) -> list[_Change]:
    many = len(old) * len(new) > _MOST_COMPARED
    steps = difflib.SequenceMatcher(None, old, new, autojunk=many).get_opcodes()
    return [_Change(a, b, tuple(new[c:d])) for tag, a, b, c, d in steps if tag != "equal"]
