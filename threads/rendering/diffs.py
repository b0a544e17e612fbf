"""What changed between two texts, line by line, with the changed words marked."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

CONTEXT = 2
LONG = 2_000


@dataclass(frozen=True)
class DiffLine:
    """One line of a diff: kind "add", "del", "same" or "gap", and its text as safe HTML."""

    kind: str
    text: SafeString


def diff(old: str, new: str) -> list[DiffLine]:
    """The lines that differ, with two lines around them; longer stretches that are the same become a gap."""
    before, after = old.splitlines(), new.splitlines()
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=len(before) > LONG)
    lines: list[DiffLine] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            lines += _same(after[c:d], first=c == 0, last=b == len(before))
        else:
            lines += _changed(before[a:b], after[c:d])
    return lines


def _same(lines: list[str], *, first: bool, last: bool) -> Iterator[DiffLine]:
    head, tail = (0 if first else CONTEXT), (0 if last else CONTEXT)
    if len(lines) <= head + tail + 1:
        yield from (DiffLine("same", format_html("{}", line)) for line in lines)
        return
    yield from (DiffLine("same", format_html("{}", line)) for line in lines[:head])
    yield DiffLine("gap", format_html("{}", ""))
    yield from (DiffLine("same", format_html("{}", line)) for line in lines[len(lines) - tail :])


def _changed(old: list[str], new: list[str]) -> Iterator[DiffLine]:
    if len(old) == len(new) == 1:
        removed, added = _words(old[0], new[0])
        yield DiffLine("del", removed)
        yield DiffLine("add", added)
        return
    yield from (DiffLine("del", format_html("{}", line)) for line in old)
    yield from (DiffLine("add", format_html("{}", line)) for line in new)


def _words(old: str, new: str) -> tuple[SafeString, SafeString]:
    before, after = re.findall(r"\w+|\W", old), re.findall(r"\w+|\W", new)
    removed, added = [], []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after).get_opcodes():
        changed = tag != "equal"
        removed.append(format_html("<del>{}</del>" if changed else "{}", "".join(before[a:b])) if b > a else "")
        added.append(format_html("<ins>{}</ins>" if changed else "{}", "".join(after[c:d])) if d > c else "")
    return (
        format_html_join("", "{}", ((part,) for part in removed)),
        format_html_join("", "{}", ((part,) for part in added)),
    )
