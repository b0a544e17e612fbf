"""What the files of an archive have to look like. Nothing in them is believed before it was looked at here."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from threads.importers.archive import layout
from threads.importers.archive.shapes import OPTIONAL, SHAPES
from threads.models import AGAINST, Practice, PracticeAudience
from threads.rules.archived import FIELDS, ArchivedPractice, from_markdown
from threads.rules.limits import BODY_LENGTH, TITLE_LENGTH

MOST_BYTES = 32 * 1024 * 1024
MOST_FILES = 200_000
MOST_DEEP = 12
_LARGEST_NUMBER = 18


def strict_json(path: Path) -> Any:
    """What a JSON file says. Raises ValueError for what two readers could understand in two ways."""
    text = readable(path)
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_int=_number)
    except RecursionError as error:
        raise ValueError(_("it is nested too deep")) from error
    if any(depth > MOST_DEEP for depth, _value in _walk(found)):
        raise ValueError(_("it is nested too deep"))
    if any(isinstance(value, str) and not _storable(value) for _depth, value in _walk(found)):
        raise ValueError(_("it has characters that cannot be stored"))
    return found


def readable(path: Path) -> str:
    """The text of a file that is one, and no larger than it may be."""
    if path.is_symlink() or not path.is_file():
        raise ValueError(_("it is no plain file"))
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(_("it is larger than %(most)d MB") % {"most": MOST_BYTES // 1024**2})
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise ValueError(_("it is no text in UTF-8")) from error
    if not _storable(text):
        raise ValueError(_("it has characters that cannot be stored"))
    return text


def _storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(_("something is said twice"))
    return found


def _number(digits: str) -> int:
    if len(digits) > _LARGEST_NUMBER:
        raise ValueError(_("a number is too large"))
    return int(digits)


def _no_number(name: str) -> Any:
    raise ValueError(_("%(name)s is no number") % {"name": name})


def _walk(value: Any) -> Iterator[tuple[int, Any]]:
    waiting = [(1, value)]
    while waiting:
        depth, each = waiting.pop()
        yield depth, each
        if isinstance(each, dict):
            waiting += [(depth + 1, inner) for pair in each.items() for inner in pair]
        elif isinstance(each, list):
            waiting += [(depth + 1, inner) for inner in each]


def read_practice(folder: Path, name: str, scope: str) -> ArchivedPractice:
    """One practice. Raises ValueError with what is wrong with it."""
    base = folder / layout.FOLDER / name
    title, texts = from_markdown(readable(base.with_name(f"{name}.md")))
    if not title.strip() or len(title) > TITLE_LENGTH:
        raise ValueError(_("the title is missing or too long"))
    if any(len(text) > BODY_LENGTH for text in texts.values()):
        raise ValueError(_("a text is too long"))
    facts = strict_json(base.with_name(f"{name}.json"))
    shape = SHAPES[scope]
    known = shape | OPTIONAL[scope]
    if not isinstance(facts, dict) or not set(shape) <= set(facts) <= set(known):
        raise ValueError(_("facts are missing, or there are others"))
    wrong = [key for key in facts if not known[key](facts[key])]
    if wrong:
        raise ValueError(_("“%(name)s” is not as it should be") % {"name": wrong[0]})
    settled = facts["confidence"] not in (Practice.Confidence.WORK_IN_PROGRESS, Practice.Confidence.ARCHIVED)
    if settled and not texts["resolution"]:
        raise ValueError(_("it has no resolution"))
    _check_agreeing(facts, scope)
    origin = facts["origin"]
    if f"{origin['site']}-{origin['id']}" != name:
        raise ValueError(_("its name is not that of its origin"))
    return ArchivedPractice(name, origin["site"], origin["id"], title, texts, facts)


def _check_agreeing(facts: dict[str, Any], scope: str) -> None:
    """Raise ValueError when facts that are each as they should be contradict each other."""
    rules = {"public": (), "as": _ALWAYS_TRUE, "whole": (*_ALWAYS_TRUE, *_TRUE_OF_A_SITE)}[scope]
    for words, holds in rules:
        if not holds(facts):
            raise ValueError(words)


def _are_different(values: list[Any]) -> bool:
    return len(set(values)) == len(values)


def _is_published(facts: dict[str, Any]) -> bool:
    """Whether what is public of it is whole, and there is nothing of it when it is not."""
    if facts["audience"] != PracticeAudience.PUBLIC:
        return facts["published_at"] is None and not facts["public_text"] and not facts["public_html"]
    whole = set(facts["public_text"]) == {"title", *FIELDS} and facts["public_text"]["title"].strip()
    return bool(whole and facts["published_at"] and facts["published_version"] and facts["slug"])


Holds = Callable[[dict[str, Any]], bool]
_ALWAYS_TRUE: tuple[tuple[Any, Holds], ...] = (
    (
        gettext_lazy("two versions have the same number"),
        lambda facts: _are_different([each["number"] for each in facts["versions"]]),
    ),
    (
        gettext_lazy("somebody says two things at once"),
        lambda facts: _are_different([each["member"] for each in facts["verdicts"] if each["superseded_at"] is None]),
    ),
    (
        gettext_lazy("it was merged and is not archived"),
        lambda facts: facts["merged_into"] is None or facts["confidence"] == Practice.Confidence.ARCHIVED,
    ),
)
_TRUE_OF_A_SITE: tuple[tuple[Any, Holds], ...] = (
    (
        gettext_lazy("somebody says that it fails, and not why"),
        lambda facts: all(each["note"] or each["kind"] not in AGAINST for each in facts["verdicts"]),
    ),
    (
        gettext_lazy("it is for a center, and none is named"),
        lambda facts: facts["audience"] != PracticeAudience.CENTER or facts["center"] is not None,
    ),
    (gettext_lazy("what is public of it is not whole"), _is_published),
    (
        gettext_lazy("its consent is not whole"),
        lambda facts: (facts["consent_by"] is None) == (facts["consent_at"] is None),
    ),
)
