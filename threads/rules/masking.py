"""Masks in the place of details: texts keep their sense and what is distinct, and tell of nobody."""

import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from threads.rules.details import SECRET, Detail, Numbers, details, folded

_LINK = re.compile(
    r"\[((?:[^\[\]\n]|\[[a-z]{4,8}(?:-\d{1,4})?\]){0,300})\]\(<?([^\s()<>]{1,2000})>?(?:\s\"[^\"\n]{0,200}\")?\)"
)
_MOST_ROUNDS = 20  # what is left after a mask may in turn look like something; each round takes letters away


class Found(NamedTuple):
    """A detail in one of several texts."""

    field: str
    detail: Detail


Kept = Callable[[Found], bool]


def digest(key: bytes, kind: str, text: str) -> str:
    """What is remembered of a detail that may stay: enough to know it again, not to read it."""
    return hmac.new(key, f"{kind}\0{folded(text)}".encode(), hashlib.sha256).hexdigest()


def found_in(texts: Mapping[str, str], names: Collection[str] = ()) -> list[Found]:
    """The details in all the texts, in their order, numbered together."""
    numbers = Numbers(*texts.values())
    return [Found(field, detail) for field, text in texts.items() for detail in details(text, names, numbers)]


def masked(text: str, chosen: Collection[int] | None = None, names: Collection[str] = ()) -> str:
    """The text with masks for the details that are chosen, by their places in order; all when none are named."""
    found = details(text, names)
    if chosen is not None:
        return _written(text, [detail for place, detail in enumerate(found) if place in chosen])
    return masked_fields({"": text}, names)[""]


def _nothing(_found: Found) -> bool:
    return False


def masked_fields(
    texts: Mapping[str, str], names: Collection[str] = (), *, kept: Kept = _nothing, only: Collection[str] | None = None
) -> dict[str, str]:
    """All the texts with masks, the same number for the same thing everywhere; what is `kept` stays.

    With `only`, nothing else than details of these texts (as written) is masked. Secrets are never kept.
    """
    result = dict(texts)
    for _round in range(_MOST_ROUNDS):
        numbers, again = Numbers(*result.values()), False
        for field, text in result.items():
            found = [
                detail
                for detail in details(text, names, numbers)
                if (only is None or detail.text in only) and (detail.kind == SECRET or not kept(Found(field, detail)))
            ]
            if found:
                result[field], again = _written(text, found), True
        if not again:
            break
    return result


def _written(text: str, found: Collection[Detail]) -> str:
    """The text with the masks put in. A link to what is masked leads nowhere: its words stay, its target goes."""
    if not found:
        return text
    cuts = [(detail.start, detail.end, detail.mask) for detail in found]
    for link in _LINK.finditer(text):
        inside = [detail for detail in found if link.start(2) <= detail.start and detail.end <= link.end(2)]
        if inside:
            cuts = [cut for cut in cuts if not (link.end(1) <= cut[0] < link.end())]
            cuts += [(link.start(), link.start(1), ""), (link.end(1), link.end(), "")]
    parts, place = [], 0
    for start, end, mask in sorted(cuts):
        parts += [text[place:start], mask]
        place = end
    return "".join([*parts, text[place:]])
