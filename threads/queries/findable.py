"""Entries of the search index that a viewer may find. Search and suggestions look at nothing else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from community.models import Member
from community.queries.members import members_visible_to
from community.queries.spaces import spaces_visible_to
from threads.models import UNRESOLVED, Post, Practice, SearchEntry, Thread
from threads.queries.archive import current, practices_visible_to
from threads.queries.threads import threads_visible_to

KINDS = ("thread", "practice", "member")
# What makes a thread found: the problem, its replies and notes, what was written into its timeline.
POSTS = (SearchEntry.Kind.THREAD, SearchEntry.Kind.POST, SearchEntry.Kind.EVENT)
_UNRESOLVED = "unresolved"


def known(kinds: Collection[str]) -> tuple[str, ...]:
    """Those of the kinds that there are."""
    return tuple(kind for kind in KINDS if kind in kinds)


@dataclass(frozen=True)
class Findable:
    """Entries that a viewer may find of the KINDS `asked`, narrowed by `filters` (see rules.search_text), with
    `replies` or not, and without those `besides`.

    Visibility is asked of the database for each entry that matches, so a limit counts only what the viewer may see.
    """

    viewer: Member
    asked: tuple[str, ...]
    filters: Mapping[str, str] = field(default_factory=dict)
    replies: bool = True
    besides: Q | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing is narrowed, so that the query is the same for all words."""
        return not self.filters and self.besides is None

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of entries (SearchEntry.Kind) that there may be."""
        kinds = {"thread": _in_threads(self.filters, replies=self.replies), "practice": (SearchEntry.Kind.PRACTICE,)}
        if not self.filters:
            kinds["member"] = (SearchEntry.Kind.MEMBER,)
        return tuple(chain.from_iterable(kinds[noun] for noun in kinds if noun in self.asked))

    @cached_property
    def entries(self) -> QuerySet[SearchEntry]:
        """The entries."""
        found = _entries(self.viewer, self.asked, self.filters, replies=self.replies)
        return found if self.besides is None else found.exclude(self.besides)


def _entries(
    viewer: Member, kinds: Collection[str], filters: Mapping[str, str], *, replies: bool
) -> QuerySet[SearchEntry]:
    conditions: dict[tuple[str, ...], Q] = {}
    if "thread" in kinds:
        conditions[_in_threads(filters, replies=replies)] = _threads(viewer, filters)
    if "practice" in kinds:
        conditions[SearchEntry.Kind.PRACTICE,] = _of(
            current(practices_visible_to(viewer)).filter(_practice(filters, viewer))
        )
    if "member" in kinds and not filters:
        conditions[SearchEntry.Kind.MEMBER,] = _of(members_visible_to(viewer).filter(is_active=True))
    found = Q(pk__in=[])
    for entry_kinds, condition in conditions.items():
        found |= Q(kind__in=entry_kinds) & condition
    return SearchEntry.objects.filter(found)


def _in_threads(filters: Mapping[str, str], *, replies: bool) -> tuple[SearchEntry.Kind, ...]:
    """The kinds of entries that make threads found; who wrote is known of posts only."""
    if not replies:
        return POSTS[:1]
    return POSTS[:2] if "author" in filters else POSTS


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


def _practice(filters: Mapping[str, str], viewer: Member) -> Q:
    wanted = _about(Practice.tags.through.objects.all(), "practice_id", filters)
    if "space" in filters:
        wanted &= Q(space__in=spaces_visible_to(viewer).values("pk"))
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
