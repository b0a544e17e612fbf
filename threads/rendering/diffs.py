"""What changed between two texts, line by line, with the changed words marked."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

CONTEXT = 2
LONG = 2_000
# Comparing takes as long as the product of both lengths. Beyond this what differs is told as one stretch.
MOST_PAIRS = 25_000_000


@dataclass(frozen=True)
class DiffLine:
    """One line of a diff: kind "add", "del", "same" or "gap", its text as safe HTML, its number in the new text."""

    kind: str
    text: SafeString
    number: int | None = field(default=None, compare=False)


def diff(old: str, new: str) -> list[DiffLine]:
    """The lines that differ, with two lines around them; longer stretches that are the same become a gap."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[DiffLine] = []
    for tag, a, b, c, d in _steps(before, after, autojunk=max(len(before), len(after)) > LONG):
        if tag == "equal":
            lines += _same(after[c:d], c + 1, first=c == 0, last=b == len(before))
        else:
            lines += _changed(before[a:b], after[c:d], c + 1)
    return lines


def _steps(before: list[str], after: list[str], *, autojunk: bool) -> Sequence[tuple[str, int, int, int, int]]:
    """The steps from one sequence to the other, as difflib names them; of very long ones only where they differ."""
    if len(before) * len(after) <= MOST_PAIRS:
        return difflib.SequenceMatcher(None, before, after, autojunk=autojunk).get_opcodes()
    most = min(len(before), len(after))
    head = next((place for place in range(most) if before[place] != after[place]), most)
    rest = most - head
    tail = next((place for place in range(rest) if before[-1 - place] != after[-1 - place]), rest)
    old, new = len(before) - tail, len(after) - tail
    middle = before[head:old], after[head:new]
    if len(middle[0]) * len(middle[1]) <= MOST_PAIRS:
        inner = difflib.SequenceMatcher(None, *middle, autojunk=autojunk).get_opcodes()
        between = [(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in inner]
    else:
        between = [("replace", head, old, head, new)]
    ends = [("equal", 0, head, 0, head)] if head else []
    return [*ends, *between, *([("equal", old, len(before), new, len(after))] if tail else [])]


def _same(lines: list[str], start: int, *, first: bool, last: bool) -> Iterator[DiffLine]:
    head, tail = (0 if first else CONTEXT), (0 if last else CONTEXT)
    if len(lines) <= head + tail + 1:
        yield from _lines("same", lines, start)
        return
    yield from _lines("same", lines[:head], start)
    yield DiffLine("gap", format_html("{}", ""))
    yield from _lines("same", lines[len(lines) - tail :], start + len(lines) - tail)


def _lines(kind: str, lines: list[str], start: int) -> Iterator[DiffLine]:
    yield from (DiffLine(kind, format_html("{}", line), number) for number, line in enumerate(lines, start))


def _changed(old: list[str], new: list[str], start: int) -> Iterator[DiffLine]:
    if len(old) == len(new) == 1:
        removed, added = _words(old[0], new[0])
        yield DiffLine("del", removed)
        yield DiffLine("add", added, start)
        return
    yield from (DiffLine("del", format_html("{}", line)) for line in old)
    yield from _lines("add", new, start)


def _words(old: str, new: str) -> tuple[SafeString, SafeString]:
    before, after = re.findall(r"\w+|\W", old), re.findall(r"\w+|\W", new)
    removed, added = [], []
    for tag, a, b, c, d in _steps(before, after, autojunk=True):
        changed = tag != "equal"
        removed.append(format_html("<del>{}</del>" if changed else "{}", "".join(before[a:b])) if b > a else "")
        added.append(format_html("<ins>{}</ins>" if changed else "{}", "".join(after[c:d])) if d > c else "")
    return (
        format_html_join("", "{}", ((part,) for part in removed)),
        format_html_join("", "{}", ((part,) for part in added)),
    )
