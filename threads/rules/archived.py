"""A practice as an archive folder has it, and the text file that people read of it."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FIELDS = ("problem", "environment", "cause", "resolution")
_MARK = re.compile(r"^<!-- guildhall:(\w+) -->$")
_LIKE_A_MARK = re.compile(r"^(\\*)(?=<!-- guildhall:)", re.MULTILINE)
_ESCAPED = re.compile(r"^\\(\\*)(?=<!-- guildhall:)", re.MULTILINE)


@dataclass(frozen=True)
class ArchivedPerson:
    """Somebody whom an archive names. `key` is what its files call them."""

    key: str
    site: str
    id: str
    name: str
    organization: str


@dataclass(frozen=True)
class ArchivedPractice:
    """A practice of an archive: what people read, and all other facts as its JSON has them."""

    name: str
    site: str
    id: str
    title: str
    texts: dict[str, str]
    facts: dict[str, Any] = field(default_factory=dict)


def moment(text: Any) -> datetime:
    """A time that was checked."""
    return datetime.fromisoformat(str(text))


def to_markdown(title: str, texts: dict[str, str]) -> str:
    """The text file of a practice. `from_markdown` is its exact inverse."""
    parts = [f"# {title}\n"]
    for name in FIELDS:
        shown = _LIKE_A_MARK.sub(r"\1\\", texts.get(name, ""))
        parts.append(f"<!-- guildhall:{name} -->\n{shown}\n")
    return "".join(parts)


def from_markdown(text: str) -> tuple[str, dict[str, str]]:
    """The title and the four texts. Raises ValueError, with what is wrong, for a file that does not have them."""
    head, _end, rest = text.partition("\n")
    if not head.startswith("# "):
        raise ValueError("the first line is no title")
    found: dict[str, list[str]] = {}
    lines = rest.split("\n")
    if lines.pop():
        raise ValueError("the last line does not end")
    for number, line in enumerate(lines, 2):
        mark = _MARK.match(line)
        if mark is not None:
            if [mark[1]] != list(FIELDS[len(found) : len(found) + 1]):
                raise ValueError(f"line {number}: another field was expected")
            found[mark[1]] = []
        elif not found:
            raise ValueError(f"line {number}: text before the first field")
        else:
            found[next(reversed(found))].append(line)
    if len(found) != len(FIELDS):
        raise ValueError("a field is missing")
    return head[2:], {name: _ESCAPED.sub(r"\1", "\n".join(lines)) for name, lines in found.items()}
