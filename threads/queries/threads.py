"""Threads as a member may see them: lists by filter, in keyset pages."""

from dataclasses import dataclass, field
from heapq import nsmallest
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from community.events.reactors import crowds
from community.models import Member
from community.queries.prepared import Prepared
from community.rules.numbers import whole
from threads.models import UNRESOLVED, Guest, Helper, Thread
from threads.queries.audience import visible_to
from threads.queries.paging import page_of

THREAD_PARTS = (
    "author__organization", "organization", "product", "product_version", "space", "owner__organization",
    "last_post_by", "center",
)  # fmt: skip
_MOST_CROWDS = 100
_MOST_WORDS = 8
T = TypeVar("T", bound=Model)
SORTS = {
    "latest": ("last_activity_at", True),
    "newest": ("created_at", True),
    "oldest": ("created_at", False),
    "replies": ("reply_count", True),
    "fewest": ("reply_count", False),
    "severity": ("severity", False),
}


def threads_visible_to(member: Member) -> QuerySet[Thread]:
    """Every thread the member may see."""
    return visible_to(member, Thread.objects.all())


def own_unresolved(member: Member) -> QuerySet[Thread]:
    """The unresolved threads that the member asked, owns or helps with and writes in, the last active first."""
    unresolved = Thread.objects.filter(status__in=UNRESOLVED)
    helping = Helper.objects.filter(member=member, until__isnull=True).order_by()
    # Each by its own index: joined by "or" they would have every thread looked at.
    asked, owned = unresolved.filter(author=member).values("pk"), unresolved.filter(owner=member).values("pk")
    ids = asked.union(owned, helping.values("thread_id"))
    removed = Helper.objects.filter(member=member, removed=True).values("thread_id")
    only_reads = Guest.objects.filter(member=member, until__isnull=True, reads_only=True).values("thread_id")
    found = threads_visible_to(member).filter(pk__in=ids, status__in=UNRESOLVED)
    found = found.exclude(pk__in=removed).exclude(pk__in=only_reads)
    return found.order_by("-last_activity_at", "-pk")


def titled(things: "QuerySet[T]", words: str) -> "QuerySet[T]":
    """Those of few things that have all the words in their title; all of them without a word."""
    for word in words.replace("\0", "").split()[:_MOST_WORDS]:
        things = things.filter(title__icontains=word)
    return things


def newest(place: int) -> tuple[int, int] | None:
    """The ids of the thread that was opened as the last but `place` by somebody still active, and of who did it.

    For the server itself, which shows it to nobody.
    """
    opened = Thread.objects.filter(author__is_active=True).order_by("-pk")
    return opened.values_list("pk", "author_id")[place : place + 1].first()


def with_row_parts(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """With everything a row of a list shows, in two queries."""
    return threads.select_related(*THREAD_PARTS).prefetch_related("tags", "audience_organizations")


@dataclass(frozen=True)
class ThreadFilter:
    """What a list of threads is narrowed to; empty strings do not narrow. `sort` is a key of SORTS."""

    space: str = ""
    status: str = ""
    product: str = ""
    tag: str = ""
    author: str = ""
    owner: str = ""
    severity: str = ""
    q: str = ""
    sort: str = "latest"

    def condition(self) -> Q:
        """The filter as a condition. `status` may also be `unresolved`; `owner` may be `none`."""
        wanted = Q()
        if self.space:
            wanted &= Q(space__slug=self.space)
        if self.status == "unresolved":
            wanted &= Q(status__in=UNRESOLVED)
        elif self.status:
            wanted &= Q(status=self.status)
        if self.product:
            wanted &= Q(product__slug=self.product)
        if self.tag:
            wanted &= Q(pk__in=Thread.tags.through.objects.filter(tag__slug=self.tag.lower()).values("thread_id"))
        if self.author:
            wanted &= Q(author__handle=self.author.lower())
        if self.owner:
            wanted &= Q(owner__isnull=True) if self.owner == "none" else Q(owner__handle=self.owner.lower())
        if (severity := whole(self.severity)) is not None:
            wanted &= Q(severity=severity)
        return wanted & self._words()

    def _words(self) -> Q:
        words = Q()
        for word in self.q.replace("\0", "").split()[:8]:
            words &= Q(title__icontains=word)
        return words


@dataclass(frozen=True)
class ThreadPage:
    """Some threads in order, and the cursor to go on from; None at the end."""

    threads: list[Thread] = field(default_factory=list)
    next: str | None = None


def listed(member: Member, wanted: ThreadFilter, *, after: str = "", limit: int = 30) -> ThreadPage:
    """A page of the threads the member may see, from after the cursor. Raises ValueError for a broken cursor."""
    column, descending = SORTS.get(wanted.sort, SORTS["latest"])
    found = with_row_parts(threads_visible_to(member).filter(wanted.condition()))
    return ThreadPage(*page_of(found, column, descending=descending, after=after, limit=limit))


@dataclass(frozen=True)
class LiveThread:
    """A thread with people in it now."""

    thread: Thread
    total: int


def _named_among(viewer: Member, threads: list[int]) -> QuerySet[Thread]:
    named = ("title", "space__slug", "space__name")
    return threads_visible_to(viewer).filter(pk__in=threads).select_related("space").only(*named)


_seen_among = Prepared(_named_among)


def live_now(member: Member, *, limit: int = 6) -> list[LiveThread]:
    """The fullest threads that the member may see, as far as this process knows who is where."""
    present = crowds()
    fullest = nsmallest(_MOST_CROWDS, present, key=lambda pk: (-present[pk], pk))
    if not fullest:
        return []
    seen = {thread.pk: thread for thread in _seen_among(member, threads=fullest).things()}
    return [LiveThread(seen[pk], present[pk]) for pk in fullest if pk in seen][:limit]
