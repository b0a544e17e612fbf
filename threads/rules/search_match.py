"""Whether a thing fits a search, told from the thing: the other face of looking for it (`queries.search`).

And by which one part of a search it is found among all that are saved, when a thing comes: the rarest of its words, or
else its narrowest filter.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from threads.rules.search_filters import Filter
from threads.rules.search_text import SearchText

LONGEST_KEY = 80
NARROW = ("tag", "product", "author", "org", "space")  # filters that a search can be found by, the narrowest first
RARE = 200  # things; what is in fewer is rare wherever it is
RARE_SHARE = 0.02
OPENED = "audience"  # what moved when more people see a thing than before


@dataclass(frozen=True)
class Facts:
    """What is known of a thing: its kind, the words of its title, labels and body, and the values of some filters that
    hold of it, in lower case. Of the other filters nothing is known here: the database is asked, with a viewer.
    """

    kind: str
    texts: tuple[str, ...]
    filters: Mapping[str, Collection[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Coming:
    """When something came: a text that was `written_at`, in a thing that was `made_at`, or what `moved` there."""

    written_at: datetime
    made_at: datetime
    moved: frozenset[str] = frozenset()


def fits(asked: SearchText, kinds: Collection[str], facts: Facts) -> bool:
    """Whether the thing is of one of the kinds, has all the words, and holds against every filter known of it."""
    return (
        facts.kind in kinds
        and all(_holds(each, facts) for each in asked.filters if each.name in facts.filters)
        and all(_stands_in(phrase, facts.texts) for phrase in asked.phrases)
    )


def is_sure(asked: SearchText, facts: Facts) -> bool:
    """Whether all that the search asks for is known of the thing."""
    return all(each.name in facts.filters for each in asked.filters)


def is_news(asked: SearchText, since: datetime, coming: Coming, *, was_there: bool, is_own: bool) -> bool:
    """Whether what fits a search that asks `since` then is news to its member, or was found by it all the time.

    `was_there`: what the thing was made with fits as well. `is_own`: the thing is of the member's organization.
    """
    if coming.made_at >= since:
        return True
    if coming.moved:
        return not coming.moved.isdisjoint(each.name for each in asked.filters) or (
            OPENED in coming.moved and not is_own
        )
    return coming.written_at >= since and not was_there


def _holds(asked: Filter, facts: Facts) -> bool:
    return (asked.value in facts.filters[asked.name]) != asked.excluded


def _stands_in(phrase: tuple[str, ...], texts: Iterable[str]) -> bool:
    """Whether the words stand in a row in one of the texts."""
    row = f" {' '.join(phrase)} "
    return any(row in f" {text} " for text in texts)


def key_of(asked: SearchText, documents: Mapping[str, int], whole: int) -> str:
    """What the search is found by: nothing when it asks for nothing that is rare among the `whole` things.

    `documents` says in how many of them each word is.
    """
    rarest = min(((documents.get(word, 0), word) for word in asked.terms), default=None)
    if rarest is not None and rarest[0] < max(RARE, whole * RARE_SHARE):
        return _key("w", rarest[1])
    narrow = (each for name in NARROW for each in asked.filters if each.name == name and not each.excluded)
    return next((_key(each.name, each.value) for each in narrow), "")


def keys_of(facts: Facts) -> set[str]:
    """Everything that a search which the thing fits can be found by."""
    return {*_keys(facts)}


def _keys(facts: Facts) -> Iterator[str]:
    for text in facts.texts:
        yield from (_key("w", word) for word in text.split())
    for name in NARROW:
        yield from (_key(name, value) for value in facts.filters.get(name, ()))


def _key(name: str, value: str) -> str:
    return f"{name}:{value}"[:LONGEST_KEY]
