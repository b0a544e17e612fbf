"""Entries of the search index that a viewer may find. Search and suggestions look at nothing else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from community.models import Member
from community.queries.members import members_visible_to
from threads.models import UNRESOLVED, Post, Practice, SearchEntry, Thread
from threads.queries.archive import practices_visible_to
from threads.queries.threads import threads_visible_to

KINDS = ("thread", "practice", "member")
POSTS = (SearchEntry.Kind.THREAD, SearchEntry.Kind.POST)
_UNRESOLVED = "unresolved"


@dataclass(frozen=True)
class Findable:
    """Entries, all of these kinds (SearchEntry.Kind), that somebody may find."""

    kinds: tuple[str, ...]
    entries: QuerySet[SearchEntry]


def findable(
    viewer: Member, kinds: Collection[str], filters: Mapping[str, str] | None = None, *, replies: bool = True
) -> Findable:
    """What the viewer may find of these KINDS, narrowed by `filters` (see rules.search_text), with `replies` or not.

    Visibility is asked of the database for each entry that matches, so a limit counts only what the viewer may see.
    """
    filters = filters or {}
    conditions: dict[tuple[str, ...], Q] = {}
    if "thread" in kinds:
        conditions[POSTS if replies else POSTS[:1]] = _threads(viewer, filters)
    if "practice" in kinds:
        conditions[SearchEntry.Kind.PRACTICE,] = _of(practices_visible_to(viewer).filter(_practice(filters)))
    if "member" in kinds and not filters:
        conditions[SearchEntry.Kind.MEMBER,] = _of(members_visible_to(viewer).filter(is_active=True))
    found = Q(pk__in=[])
    for entry_kinds, condition in conditions.items():
        found |= Q(kind__in=entry_kinds) & condition
    return Findable(tuple(chain.from_iterable(conditions)), SearchEntry.objects.filter(found))


def _of(things: QuerySet[Any]) -> Q:
    """Asked as a value, not as EXISTS: PostgreSQL would first list everything that the viewer may see."""
    return Q(subject_id=Subquery(things.order_by().filter(pk=OuterRef("subject_id")).values("pk")))


def _threads(viewer: Member, filters: Mapping[str, str]) -> Q:
    seen = _of(threads_visible_to(viewer).filter(_thread(filters)))
    if "author" in filters:
        seen &= Q(Exists(Post.objects.filter(pk=OuterRef("object_id"), author__handle=_handle(filters))))
    return seen


def _thread(filters: Mapping[str, str]) -> Q:
    wanted = _about(Thread.tags.through.objects.all(), "thread_id", filters)
    status = filters.get("status")
    if status == _UNRESOLVED:
        wanted &= Q(status__in=UNRESOLVED)
    elif status:
        wanted &= Q(status=status)
    if "asker" in filters:
        wanted &= Q(author__handle=filters["asker"].lower())
    return wanted


def _practice(filters: Mapping[str, str]) -> Q:
    wanted = _about(Practice.tags.through.objects.all(), "practice_id", filters)
    if "status" in filters:
        wanted &= Q(confidence=filters["status"])
    if "author" in filters:
        wanted &= Q(recorded_by__handle=_handle(filters))
    return wanted


def _about(tagged: QuerySet[Any], thing: str, filters: Mapping[str, str]) -> Q:
    wanted = Q()
    if "product" in filters:
        wanted &= Q(product__slug=filters["product"]) | Q(product__name__iexact=filters["product"])
    if "tag" in filters:
        wanted &= Q(pk__in=tagged.filter(tag__slug=filters["tag"]).values(thing))
    if "space" in filters:
        wanted &= Q(space__slug=filters["space"])
    return wanted


def _handle(filters: Mapping[str, str]) -> str:
    return filters["author"].removeprefix("@")
