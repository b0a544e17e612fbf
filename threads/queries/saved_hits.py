"""Which saved searches something new fits, of those that it may fit: by what is known of it, else by looking for it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from threads.models import SavedSearch, SearchEntry, Thread
from threads.queries.findable import Findable
from threads.queries.fresh import Fresh, fresh_among
from threads.queries.saved import kinds_of
from threads.rules.search_match import Coming, fits, is_news, is_sure
from threads.rules.search_text import SearchText, parse


@dataclass(frozen=True)
class Hit:
    """A search that something new fits, and where that is found (`post:34`)."""

    search: SavedSearch
    place: str


def hits_among(searches: Iterable[SavedSearch], fresh: list[Fresh], *, moved: Collection[str]) -> list[Hit]:
    """Of each search the first of the entries of one thing that fits it and is news, and not its member's own.

    Whether the member sees the thing is asked by whoever tells. Searches are only looked for in the database where
    what they ask depends on who asks.
    """
    looking = _Looking(fresh, frozenset(moved))
    found = ((search, looking.first(search)) for search in searches)
    return [Hit(search, one.place) for search, one in found if one is not None]


class _Looking:
    def __init__(self, fresh: list[Fresh], moved: frozenset[str]) -> None:
        self.fresh, self.moved = fresh, moved

    def first(self, search: SavedSearch) -> Fresh | None:
        others = (one for one in self.fresh if one.by != search.member_id)
        return next((one for one in others if finds(search, one, self._is_news)), None)

    def _is_news(self, search: SavedSearch, one: Fresh) -> bool:
        asked = parse(search.text)
        return is_news(
            asked,
            search.since,
            Coming(one.at, one.made_at, self.moved),
            was_there=one.made_at < search.since and self._was_there(search, asked),
            is_own=one.thing.organization_id == search.member.organization_id,
        )

    def _was_there(self, search: SavedSearch, asked: SearchText) -> bool:
        return any(fits(asked, kinds_of(search), one.facts) for one in self._beginning)

    @cached_property
    def _beginning(self) -> list[Fresh]:
        """What the thing was made with, as it is now."""
        thing = self.fresh[0].thing
        if not isinstance(thing, Thread):
            return self.fresh
        return fresh_among(SearchEntry.objects.filter(kind=SearchEntry.Kind.THREAD, subject_id=thing.pk))


def finds(search: SavedSearch, one: Fresh, wanted: Callable[[SavedSearch, Fresh], bool] = lambda *_: True) -> bool:
    """Whether a search finds an entry that its member may see, and that is `wanted`."""
    asked, kinds = parse(search.text), kinds_of(search)
    if not (fits(asked, kinds, one.facts) and wanted(search, one)):
        return False
    if is_sure(asked, one.facts):
        return True
    filters = tuple(each for each in asked.filters if each.name != "kind")
    return Findable(search.member, kinds, filters).entries.filter(pk=one.entry).exists()
