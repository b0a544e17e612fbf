"""What was just written, as searches that members saved ask about it; and which of them it may fit.

Nobody's eyes are asked here: whoever tells of it asks who sees it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from community.models import Member, Organization, Space
from threads.models import (
    BEYOND_THE_SPACE,
    SHELF_OF,
    UNRESOLVED,
    IndexWork,
    Playbook,
    Post,
    Practice,
    Product,
    SavedSearch,
    SearchEntry,
    Thread,
    TimelineEntry,
)
from threads.queries.archive import current
from threads.queries.findable import POSTS
from threads.rules import search_filters
from threads.rules.search_match import Facts, keys_of

Thing = Thread | Practice | Playbook

AT_ONCE = 100  # pieces of work
_MOST_POSTS = 200  # of a thread that moved: its problem and its newest
_ABOUT = ("space", "product", "organization")
_POST, _EVENT = "post", "event"


class _Written(NamedTuple):
    by: int | None
    at: datetime
    organization: Organization
    author: Member | None = None


@dataclass(frozen=True)
class Fresh:
    """An entry of the index as it is now: what it is of, the `place` where that is found, by whom and when it came."""

    entry: int
    thing: Thing
    place: str
    by: int | None
    at: datetime
    facts: Facts

    @property
    def made_at(self) -> datetime:
        """When the thing came."""
        if isinstance(self.thing, Thread):
            return self.thing.created_at
        return self.thing.recorded_at if isinstance(self.thing, Practice) else self.thing.made_at


def work_waiting(besides: Collection[Any] = ()) -> list[IndexWork]:
    """Some of what is to be asked about, the oldest first; but for some."""
    return list(IndexWork.objects.exclude(pk__in=list(besides)).order_by("pk")[:AT_ONCE])


def asked_for(work: Iterable[IndexWork]) -> set[int]:
    """The ids of that work for which any saved search may be. In a fixed number of queries, however much is saved."""
    plain = {(row.kind, row.object_id): row.pk for row in work if not row.moved}
    keys: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
    for entry, fresh in _described(_entries(plain)):
        for key in keys_of(fresh.facts):
            keys[key].add((entry.kind, entry.object_id))
    found = SavedSearch.objects.filter(notifies=True, key__in=list(keys)).order_by().values_list("key", flat=True)
    wanted = {pair for key in found.distinct() for pair in keys[key]}
    return {row.pk for row in work if row.moved or (row.kind, row.object_id) in wanted}


def fresh_of(work: IndexWork) -> list[Fresh]:
    """What some work is about, as it is now: one entry, or those of the thing that moved, what it began with first."""
    if not work.moved:
        entries = _entries([(work.kind, work.object_id)])
    elif work.kind == SearchEntry.Kind.THREAD:
        own = SearchEntry.objects.filter(kind__in=POSTS, subject_id=work.object_id)
        problem = own.filter(kind=SearchEntry.Kind.THREAD)
        entries = [*problem, *own.exclude(kind=SearchEntry.Kind.THREAD).order_by("-pk")[: _MOST_POSTS - 1]]
    else:
        entries = list(SearchEntry.objects.filter(kind=work.kind, subject_id=work.object_id))
    return fresh_among(entries)


def fresh_among(entries: Iterable[SearchEntry]) -> list[Fresh]:
    """Those of the entries that are of something that can be found now, in the same order."""
    return [fresh for _entry, fresh in _described(entries)]


def _entries(pairs: Iterable[tuple[str, int]]) -> list[SearchEntry]:
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for kind, pk in pairs:
        ids[kind].append(pk)
    wanted = Q(pk__in=[])
    for kind, those in ids.items():
        wanted |= Q(kind=kind, object_id__in=those)
    return list(SearchEntry.objects.filter(wanted))


def _described(entries: Iterable[SearchEntry]) -> list[tuple[SearchEntry, Fresh]]:
    """Entries with what they are of, those that are of something that can be found now; in the same order."""
    entries = [entry for entry in entries if entry.kind in (*POSTS, *SHELF_OF)]
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for entry in entries:
        ids[_kind_of(entry)].add(entry.subject_id)
        ids[_EVENT if entry.kind == SearchEntry.Kind.EVENT else _POST].add(entry.object_id)
    there = {kind: _in_bulk(rows, ids[kind]) for kind, rows in _rows().items()}
    return [(entry, fresh) for entry in entries if (fresh := _fresh(entry, there)) is not None]


def _rows() -> "dict[str, QuerySet[Any]]":
    """What can be found, by kind, and what makes threads found."""
    practices, playbooks = current(Practice.objects.all()), Playbook.objects.filter(retired_at=None)
    return {
        "thread": Thread.objects.select_related(*_ABOUT).prefetch_related("tags"),
        "practice": practices.select_related(*_ABOUT, "recorded_by__organization").prefetch_related("tags"),
        "playbook": playbooks.select_related(*_ABOUT, "made_by__organization").prefetch_related("tags"),
        _POST: Post.objects.filter(deleted_at=None).select_related("author").only("author__handle", "created_at"),
        _EVENT: TimelineEntry.objects.only("actor_id", "at"),
    }


def _in_bulk(rows: "QuerySet[Any]", ids: Collection[int]) -> dict[int, Any]:
    return {row.pk: row for row in rows.filter(pk__in=ids)} if ids else {}


def _kind_of(entry: SearchEntry) -> str:
    return "thread" if entry.kind in POSTS else entry.kind


def _fresh(entry: SearchEntry, there: dict[str, dict[int, Any]]) -> Fresh | None:
    kind = _kind_of(entry)
    thing: Thing | None = there[kind].get(entry.subject_id)
    written = _written(thing, entry, there) if thing is not None else None
    if thing is None or written is None:
        return None
    held = _held(thing, kind) | {"org": _names(written.organization)}
    if written.author is not None:
        held["author"] = [written.author.handle]
    facts = Facts(kind, (entry.title, entry.labels, entry.body), held)
    place = f"post:{entry.object_id}" if entry.kind == SearchEntry.Kind.POST else f"{kind}:{thing.pk}"
    return Fresh(entry.pk, thing, place, written.by, written.at, facts)


def _written(thing: Thing, entry: SearchEntry, there: dict[str, dict[int, Any]]) -> _Written | None:
    """Who wrote what an entry says, when, and of which organization its thing is said to be."""
    if isinstance(thing, Practice):
        return _Written(thing.recorded_by_id, thing.recorded_at, thing.recorded_by.organization, thing.recorded_by)
    if isinstance(thing, Playbook):
        return _Written(thing.made_by_id, thing.made_at, thing.made_by.organization, thing.made_by)
    if entry.kind == SearchEntry.Kind.EVENT:
        event: TimelineEntry | None = there[_EVENT].get(entry.object_id)
        return _Written(event.actor_id, event.at, thing.organization) if event else None
    post: Post | None = there[_POST].get(entry.object_id)
    return _Written(post.author_id, post.created_at, thing.organization, post.author) if post else None


def _held(thing: Thing, kind: str) -> dict[str, Collection[str]]:
    """What a thing holds against most filters, whoever asks.

    One that is shown beyond its space names that only to those who see it, so nothing is said of it here.
    """
    held: dict[str, Collection[str]] = {
        "kind": [kind],
        "product": _names(thing.product) if thing.product else [],
        "tag": [tag.slug for tag in thing.tags.all()],
        "status": _statuses(thing),
    }
    if thing.audience not in BEYOND_THE_SPACE:
        held["space"] = _names(thing.space)
    return held


def _statuses(thing: Thing) -> Collection[str]:
    if isinstance(thing, Thread):
        return [thing.status, *([search_filters.UNRESOLVED] if thing.status in UNRESOLVED else [])]
    return [thing.confidence] if isinstance(thing, Practice) else []


def _names(named: Organization | Product | Space) -> list[str]:
    return [named.slug, named.name.lower()]
