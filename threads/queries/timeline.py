"""What happened in a thread, in order: who was asked, joined, left, wrote and changed what, and how long it took."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from community.facts.kinds import Kind
from community.models import Member
from threads.facts.swarm import (
    AUDIENCE_WIDENED,
    HAND_OVER_ANSWERED,
    HAND_OVER_OFFERED,
    HELP_ANSWERED,
    HELP_ASKED,
    HELP_ENDED,
    MEETING_DELETED,
    MEETING_LOGGED,
)
from threads.facts.threads import SWARM_CHANGED, THREAD_RESOLVED
from threads.models import (
    RECORD_FIELDS,
    HandOver,
    HelpRequest,
    Meeting,
    Post,
    RecordVersion,
    Thread,
    TimelineEntry,
)
from threads.queries.archive import practices_visible_to
from threads.queries.posts import posts_visible_to
from threads.queries.threads import threads_visible_to

A_PAGE = 100
_MOST_POSTS = 500
_MOST_ENTRIES = 2_000
_TOGETHER = timedelta(minutes=10)

KINDS = {
    "people": (SWARM_CHANGED, HAND_OVER_OFFERED, HAND_OVER_ANSWERED, AUDIENCE_WIDENED),
    "requests": (HELP_ASKED, HELP_ANSWERED, HELP_ENDED),
    "calls": (MEETING_LOGGED, MEETING_DELETED),
}

_ELAPSING = tuple(kind.name for kind in (SWARM_CHANGED, HELP_ASKED, HELP_ANSWERED, THREAD_RESOLVED))


class Wrote(NamedTuple):
    """Posts one after another by one person, from number to number."""

    at: datetime
    by: Member
    first: int
    last: int


class Recorded(NamedTuple):
    """What one person wrote into the working record at a time."""

    at: datetime
    by: Member | None


_WRITTEN: tuple[tuple[Kind, str, "QuerySet[Any]"], ...] = (
    (HELP_ASKED, "request", HelpRequest.objects.order_by()),
    (HAND_OVER_OFFERED, "hand_over", HandOver.objects.order_by()),
    (MEETING_LOGGED, "meeting", Meeting.objects.filter(deleted_at__isnull=True).order_by()),
)

Step = TimelineEntry | Wrote | Recorded

_LONG = [f"practice__{name}{form}" for name in RECORD_FIELDS for form in ("", "_html")]


def told_to(viewer: Member, entries: "QuerySet[TimelineEntry]") -> "QuerySet[TimelineEntry]":
    """Those that are about no practice, or about one that the viewer may see now."""
    return entries.filter(Q(practice__isnull=True) | Q(practice__in=practices_visible_to(viewer).values("pk")))


def with_what_they_name(entries: "QuerySet[TimelineEntry]") -> "QuerySet[TimelineEntry]":
    """With who did it and the practice, for entries that the viewer is told."""
    return entries.select_related("actor", "practice").defer(*_LONG)


@dataclass(frozen=True)
class TimelinePage:
    """A stretch of a thread's timeline, oldest first; `next` is the entry after which it goes on, None at the end."""

    steps: list[Step]
    next: int | None


class Elapsed(NamedTuple):
    """How long something took from the asking, or how often it happened; `name` says what (see the page)."""

    name: str
    took: timedelta | None = None
    times: int = 0


def timeline_of(viewer: Member, thread: Thread, *, begin: int = 0, after: int = 0, shown: str = "") -> TimelinePage:
    """From the entry with the id `begin`, or after the one with the id `after`; of one of KINDS alone with `shown`.

    With nothing narrowed also who wrote posts and in the record, as far as that was between these entries. Nothing for
    a viewer who does not see the thread.
    """
    if not threads_visible_to(viewer).filter(pk=thread.pk).exists():
        return TimelinePage([], None)
    entries = told_to(viewer, TimelineEntry.objects.filter(thread=thread, pk__gte=begin or 0, pk__gt=after or 0))
    if shown in KINDS:
        entries = entries.filter(kind__in=[kind.name for kind in KINDS[shown]])
    found = list(with_what_they_name(entries).order_by("pk")[: A_PAGE + 1])
    page, more = found[:A_PAGE], len(found) > A_PAGE
    steps: list[Step] = [*page]
    if shown not in KINDS:
        is_first = not begin and not after
        start = thread.created_at if is_first or not page else page[0].at
        end = page[-1].at if more else None
        steps += [*_wrote(viewer, thread, start, end), *_recorded(thread, start, end)]
    return TimelinePage(sorted(steps, key=_when), page[-1].pk if more else None)


def _when(step: Step) -> tuple[datetime, int]:
    return step.at, step.pk if isinstance(step, TimelineEntry) else 0


def _wrote(viewer: Member, thread: Thread, start: datetime, end: datetime | None) -> Iterable[Wrote]:
    posts = posts_visible_to(viewer).filter(thread=thread, deleted_at__isnull=True, created_at__gte=start)
    if end is not None:
        posts = posts.filter(created_at__lte=end)
    rows = posts.select_related("author").order_by("number")[:_MOST_POSTS]
    for _who, several in groupby(rows, key=lambda post: (post.author_id, post.created_at.date())):
        run: list[Post] = list(several)
        yield Wrote(run[0].created_at, run[0].author, run[0].number, run[-1].number)


def _recorded(thread: Thread, start: datetime, end: datetime | None) -> Iterable[Recorded]:
    versions = RecordVersion.objects.filter(record=thread.pk, at__gte=start)
    if end is not None:
        versions = versions.filter(at__lte=end)
    last: RecordVersion | None = None
    for version in versions.select_related("author").order_by("number").defer("fields", "runs")[:_MOST_POSTS]:
        if last is None or last.author_id != version.author_id or version.at - last.at > _TOGETHER:
            yield Recorded(version.at, version.author)
        last = version


def written_in(steps: Iterable[Step]) -> dict[int, str]:
    """By entry the HTML of what somebody wrote with it, as it was made then; not of what was deleted since."""
    entries = [step for step in steps if isinstance(step, TimelineEntry)]
    found: dict[int, str] = {}
    for kind, name, rows in _WRITTEN:
        said = {entry.pk: entry.data[name] for entry in entries if entry.kind == kind.name and entry.data.get(name)}
        texts = dict(rows.filter(pk__in=said.values()).values_list("pk", "html")) if said else {}
        found |= {pk: texts[key] for pk, key in said.items() if key in texts}
    return found


def elapsed_of(viewer: Member, thread: Thread) -> list[Elapsed]:
    """How long it took from the asking to the first reply, owner, helper and yes, and to the end; in three queries."""
    if not threads_visible_to(viewer).filter(pk=thread.pk).exists():
        return []
    reply = Post.objects.filter(thread=thread, number__gt=1).exclude(author=thread.author_id).order_by("number").first()
    telling = TimelineEntry.objects.filter(thread=thread, kind__in=_ELAPSING)
    entries = list(telling.order_by("pk")[:_MOST_ENTRIES])
    first = {
        "reply": reply.created_at if reply else None,
        "owner": _first(entries, SWARM_CHANGED.name, lambda data: bool(data.get("owner"))),
        "helper": _first(entries, SWARM_CHANGED.name, lambda data: data.get("changed") == "joined"),
        "asked": _first(entries, HELP_ASKED.name, lambda _data: True),
        "accepted": _first(entries, HELP_ANSWERED.name, lambda data: data.get("answer") == "accepted"),
        "resolved": _last(entries, THREAD_RESOLVED.name) if thread.status == Thread.Status.RESOLVED else None,
    }
    handed = sum(entry.data.get("changed") == "handed_over" for entry in entries)
    found = [Elapsed(name, at - thread.created_at) for name, at in first.items() if at is not None]
    return found + ([Elapsed("handed", times=handed)] if handed else [])


def _first(entries: Iterable[TimelineEntry], kind: str, holds: Callable[[dict[str, Any]], bool]) -> datetime | None:
    return next((entry.at for entry in entries if entry.kind == kind and holds(entry.data)), None)


def _last(entries: list[TimelineEntry], kind: str) -> datetime | None:
    return next((entry.at for entry in reversed(entries) if entry.kind == kind), None)
