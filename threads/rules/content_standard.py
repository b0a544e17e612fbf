"""The content standard: what makes a practice that others find, understand and trust."""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from threads.rules.details import details
from threads.rules.words import terms_of

POINTS = ("complete", "title", "short", "steps", "found", "safe")
SHORTEST_TITLE, LONGEST_TITLE, FEWEST_WORDS = 10, 120, 3
MOST_WORDS, MOST_WORDS_OF_PROBLEM, WORDS_IN_ONE_PIECE = 350, 150, 60
_LIST = re.compile(r"^\s{0,3}(?:[-*+]|\d{1,3}[.)])\s+\S", re.MULTILINE)
_CODE = re.compile(r"^(?:```|~~~| {4}\S)", re.MULTILINE)
_EMPTY_TITLE = re.compile(
    r"(?i)^\W*(?:please |urgent\W* ?)?(?:help|urgent|question|query|issue|problem|error|bug|request|support)s?"
    r"(?: (?:needed|wanted|please|with|about|in|on|for)\b.{0,30})?\W*$"
)


class Point(NamedTuple):
    """One thing that the standard asks. `met` is None where nothing can be said; `why` names what is missing."""

    name: str
    met: bool | None
    why: str = ""
    must: bool = False


def checklist(
    title: str, fields: Mapping[str, str], *, asked: str, product: bool, names: Collection[str] = ()
) -> list[Point]:
    """How a practice stands against the standard. `asked` is how the asker said it; `product` whether there is a
    product or tag by which it is found."""
    problem, resolution = fields.get("problem", ""), fields.get("resolution", "")
    missing = [name for name in ("problem", "resolution", "environment", "cause") if not fields.get(name, "").strip()]
    words = len(resolution.split())
    in_steps = bool(_LIST.search(resolution) or _CODE.search(resolution))
    long = "problem" if len(problem.split()) > MOST_WORDS_OF_PROBLEM else "resolution" if words > MOST_WORDS else ""
    found = any(details(text, names) for text in (title, *fields.values()))
    return [
        Point(
            "complete", not missing, missing[0] if missing else "", must=bool({"problem", "resolution"} & {*missing})
        ),
        _title(title, asked or problem),
        Point("short", not long or (long == "resolution" and in_steps), long),
        Point("steps", None if words <= WORDS_IN_ONE_PIECE else in_steps),
        Point("found", product),
        Point("safe", not found, must=True),
    ]


def _title(title: str, asked: str) -> Point:
    """Whether the asker would say it so."""
    title = title.strip()
    why = ""
    if not SHORTEST_TITLE <= len(title) <= LONGEST_TITLE:
        why = "length"
    elif _EMPTY_TITLE.match(title):
        why = "empty"
    elif len(title.split()) < FEWEST_WORDS and title.isascii():
        why = "words"
    elif title.isupper() and any(len(word) > FEWEST_WORDS for word in title.split()):
        why = "shouted"
    elif asked.strip() and not set(terms_of(title)) & set(terms_of(asked)):
        why = "words_of_asker"
    return Point("title", not why, why)
