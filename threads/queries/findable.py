"""Entries of the search index that a viewer may find. Search and suggestions look at nothing else."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from community.models import Member
from community.queries.members import members_visible_to
from threads.models import SearchEntry
from threads.queries.archive import current, practices_visible_to
from threads.queries.narrowing import OF_MEMBERS, Filters, of_members, of_playbooks, of_posts, of_practices, of_threads
from threads.queries.playbooks import playbooks_visible_to
from threads.queries.threads import threads_visible_to
from threads.rules.search_filters import KINDS

__all__ = ["KINDS", "POSTS", "Findable", "known"]

# What makes a thread found: the problem, its replies and notes, what was written into its timeline.
POSTS = (SearchEntry.Kind.THREAD, SearchEntry.Kind.POST, SearchEntry.Kind.EVENT)


def known(kinds: Collection[str]) -> tuple[str, ...]:
    """Those of the kinds that there are."""
    return tuple(kind for kind in KINDS if kind in kinds)


@dataclass(frozen=True)
class Findable:
    """Entries that a viewer may find of the KINDS `asked`, narrowed by `filters` (see queries.narrowing), with
    `replies` or not, without those `besides`, and, to be quicker found, `within` what is known to hold all of them.

    Visibility is asked of the database for each entry that matches, so a limit counts only what the viewer may see.
    """

    viewer: Member
    asked: tuple[str, ...]
    filters: Filters = ()
    replies: bool = True
    besides: Q | None = None
    within: Q | None = None

    @property
    def is_plain(self) -> bool:
        """Whether nothing is narrowed, so that the query is the same for all words."""
        return not self.filters and self.besides is None

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of entries (SearchEntry.Kind) that there may be."""
        kinds = {
            "thread": _in_threads(self.filters, replies=self.replies),
            "practice": (SearchEntry.Kind.PRACTICE,),
            "playbook": (SearchEntry.Kind.PLAYBOOK,),
        }
        if _of_members_too(self.filters):
            kinds["member"] = (SearchEntry.Kind.MEMBER,)
        return tuple(chain.from_iterable(kinds[noun] for noun in kinds if noun in self.asked))

    @cached_property
    def entries(self) -> QuerySet[SearchEntry]:
        """The entries."""
        found = _entries(self.viewer, self.asked, self.filters, replies=self.replies)
        found = found if self.within is None else found.filter(self.within)
        return found if self.besides is None else found.exclude(self.besides)


def _entries(viewer: Member, kinds: Collection[str], filters: Filters, *, replies: bool) -> QuerySet[SearchEntry]:
    conditions: dict[tuple[str, ...], Q] = {}
    if "thread" in kinds:
        seen = _of(threads_visible_to(viewer).filter(of_threads(viewer, filters)))
        conditions[_in_threads(filters, replies=replies)] = seen & of_posts(filters)
    if "practice" in kinds:
        standing = current(practices_visible_to(viewer))
        conditions[SearchEntry.Kind.PRACTICE,] = _of(standing.filter(of_practices(viewer, filters)))
    if "playbook" in kinds:
        in_use = playbooks_visible_to(viewer).filter(retired_at__isnull=True)
        conditions[SearchEntry.Kind.PLAYBOOK,] = _of(in_use.filter(of_playbooks(viewer, filters)))
    if "member" in kinds and _of_members_too(filters):
        active = members_visible_to(viewer).filter(is_active=True)
        conditions[SearchEntry.Kind.MEMBER,] = _of(active.filter(of_members(viewer, filters)))
    found = Q(pk__in=[])
    for entry_kinds, condition in conditions.items():
        found |= Q(kind__in=entry_kinds) & condition
    return SearchEntry.objects.filter(found)


def _of_members_too(filters: Filters) -> bool:
    return {each.name for each in filters} <= OF_MEMBERS


def _in_threads(filters: Filters, *, replies: bool) -> tuple[SearchEntry.Kind, ...]:
    """The kinds of entries that make threads found; who wrote is known of posts only."""
    if not replies:
        return POSTS[:1]
    return POSTS[:2] if any(each.name == "author" for each in filters) else POSTS


def _of(things: QuerySet[Any]) -> Q:
    """Asked as a value, not as EXISTS: PostgreSQL would first list everything that the viewer may see."""
    return Q(subject_id=Subquery(things.order_by().filter(pk=OuterRef("subject_id")).values("pk")))
