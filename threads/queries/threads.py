"""Threads as a member may see them: lists by filter, in keyset pages."""

from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from community.events.reactors import crowds
from community.models import Member
from community.rules.numbers import whole
from threads.models import UNRESOLVED, Following, Relation, Thread, TimelineEntry
from threads.queries.audience import visible_to
from threads.queries.paging import page_of

_MOST_CROWDS = 100
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


def with_row_parts(threads: QuerySet[Thread]) -> QuerySet[Thread]:
    """With everything a row of a list shows, in two queries."""
    related = (
        "author__organization",
        "organization",
        "product",
        "space",
        "owner__organization",
        "last_post_by",
        "center",
    )
    return threads.select_related(*related).prefetch_related("tags", "audience_organizations")


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


def latest_of(member: Member, threads: QuerySet[Thread], *, limit: int) -> list[Thread]:
    """The threads among `threads` with the latest activity that the member may see."""
    return list(with_row_parts(visible_to(member, threads)).order_by("-last_activity_at", "-id")[:limit])


def owned_by(member: Member, *, limit: int = 10) -> list[Thread]:
    """Unresolved threads the member owns."""
    return latest_of(member, Thread.objects.filter(owner=member, status__in=UNRESOLVED), limit=limit)


def waiting_on(member: Member, *, limit: int = 10) -> list[Thread]:
    """Threads that wait on the member: who asked, or who does what happens next."""
    asked = Q(author=member, status=Thread.Status.WAITING)
    next_up = Q(next_action_by=member, status__in=UNRESOLVED)
    return latest_of(member, Thread.objects.filter(asked | next_up), limit=limit)


def followed_by(member: Member, *, limit: int = 10) -> list[Thread]:
    """Threads the member follows."""
    followed = Following.objects.filter(member=member, wanted=True).values("thread_id")
    return latest_of(member, Thread.objects.filter(pk__in=followed), limit=limit)


def happening(member: Member, *, limit: int = 15) -> list[Thread]:
    """What was active last, anywhere the member may look."""
    return latest_of(member, Thread.objects.all(), limit=limit)


@dataclass(frozen=True)
class LiveThread:
    """A thread with people in it now."""

    thread: Thread
    total: int


def live_now(member: Member, *, limit: int = 6) -> list[LiveThread]:
    """The fullest threads that the member may see, as far as this process knows who is where."""
    present = crowds()
    fullest = sorted(present, key=lambda pk: (-present[pk], pk))[:_MOST_CROWDS]
    if not fullest:
        return []
    seen = threads_visible_to(member).filter(pk__in=fullest).select_related("space").in_bulk()
    return [LiveThread(seen[pk], present[pk]) for pk in fullest if pk in seen][:limit]


def is_following(member: Member, thread: Thread) -> bool:
    """Whether the member hears of this thread."""
    return Following.objects.filter(member=member, thread=thread, wanted=True).exists()


def related_to(member: Member, thread: Thread) -> list[tuple[Relation, Thread]]:
    """Threads linked with this one, in either direction, that the member may see."""
    links = Relation.objects.filter(Q(thread=thread) | Q(other=thread)).order_by("id")[:50]
    others = {link: link.other_id if link.thread_id == thread.pk else link.thread_id for link in links}
    seen = with_row_parts(threads_visible_to(member).filter(pk__in=others.values())).in_bulk()
    return [(link, seen[pk]) for link, pk in others.items() if pk in seen]


def timeline_between(thread: Thread, first: int, last: int) -> list[TimelineEntry]:
    """What happened between posts, after those numbered `first` to `last`."""
    entries = TimelineEntry.objects.filter(thread=thread, after_number__gte=first, after_number__lte=last)
    return list(entries.select_related("actor")[:200])
