"""Searches that members keep: always their own."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from community.events.reactors import Label, describe, seen_among
from community.models import Member
from threads.models import SHELF_OF, SavedHit, SavedSearch
from threads.queries.candidates import counts_by_kind
from threads.queries.findable import KINDS
from threads.queries.postings import postings
from threads.rules.search_match import key_of
from threads.rules.search_text import SearchText

MOST_NEW = 20  # that are counted
_MOST_LOOKED_AT = 1_000
_FORGOTTEN_AT_ONCE = 1_000


@dataclass(frozen=True)
class Kept:
    """A saved search, and how many things it told of since its member last opened it that they (still) see."""

    search: SavedSearch
    new: int

    @property
    def is_more(self) -> bool:
        """Whether there are more than that."""
        return self.new > MOST_NEW


def saved_of(viewer: Member) -> list[Kept]:
    """The viewer's own, the oldest first. What is new is counted up to MOST_NEW, in a fixed number of queries."""
    searches = list(SavedSearch.objects.filter(member=viewer).order_by("pk"))
    hits = SavedHit.objects.filter(search__in=searches, at__gt=F("search__opened_at")).order_by("-at")
    rows = list(hits.values_list("search_id", "kind", "subject_id")[:_MOST_LOOKED_AT])
    seen = seen_among(viewer, {f"{kind}:{pk}" for _search, kind, pk in rows})
    new = Counter(search for search, kind, pk in rows if f"{kind}:{pk}" in seen)
    return [Kept(search, min(new[search.pk], MOST_NEW + 1)) for search in searches]


def saved_for(viewer: Member, pk: int) -> SavedSearch | None:
    """One of the viewer's own."""
    return SavedSearch.objects.filter(member=viewer, pk=pk).first()


def kinds_of(search: SavedSearch) -> tuple[str, ...]:
    """The kinds of things that it looks for."""
    return (search.kind,) if search.kind else KINDS


def key_for(asked: SearchText) -> str:
    """What a search that tells its member is found by; nothing when it asks for nothing rare."""
    figures = counts_by_kind()
    whole = sum(figures.get(kind, 0) for kind in SHELF_OF)
    known = postings().known(asked.terms) if asked.terms else {}
    return key_of(asked, {word: documents for word, (_key, documents, _counted) in known.items()}, whole)


class Found:
    """Knows things of a kind that a saved search told of, for whom it told."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def describe(self, viewer: Member, ids: set[int]) -> dict[int, Label]:
        """Where they were found, as far as the viewer sees that, and the name that the search has."""
        told = SavedHit.objects.filter(search__member=viewer, kind=self.kind, subject_id__in=sorted(ids), noticed=True)
        rows = list(told.values_list("subject_id", "place", "search__name"))
        labels = describe(viewer, {place for _pk, place, _name in rows})
        return {pk: Label(labels[place].title, labels[place].url, name) for pk, place, name in rows if place in labels}

    def __call__(self, viewer: Member, ids: list[int]) -> set[int]:
        """Those that the viewer may see."""
        return {int(name.partition(":")[2]) for name in seen_among(viewer, {f"{self.kind}:{pk}" for pk in ids})}


class MoreFound:
    """Knows that saved searches found more on a day than they told of. Nothing is said of what that was."""

    by_marks = True

    def describe(self, _viewer: Member, ids: set[int]) -> dict[int, Label]:
        """Where one's saved searches are."""
        return {pk: Label(_("Your saved searches"), reverse("saved-searches")) for pk in ids}

    def __call__(self, _viewer: Member, ids: list[int]) -> set[int]:
        """All: everybody may know that there is more."""
        return set(ids)

    def seen_by(self, _day: int, members: Collection[int]) -> set[int]:
        """Everybody who is told."""
        return set(members)


def hits_before(moment: datetime) -> list[Any]:
    """Some of what was told before then."""
    return list(SavedHit.objects.filter(at__lt=moment).values_list("pk", flat=True)[:_FORGOTTEN_AT_ONCE])
