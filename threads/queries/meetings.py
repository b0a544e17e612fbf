"""Calls and meetings about a thread."""

from collections.abc import Sequence

from community.models import Member
from threads.models import Meeting, Thread
from threads.queries.threads import threads_visible_to

MOST = 50


def meetings_of(thread: Thread, *, before: int | None = None, limit: int = MOST) -> Sequence[Meeting]:
    """Those written down and not deleted, the newest entry first; of a thread that was loaded through its viewer."""
    rows = Meeting.objects.filter(thread=thread, deleted_at__isnull=True).order_by("-pk")
    if before:
        rows = rows.filter(pk__lt=before)
    rows = rows.select_related("logged_by__organization").prefetch_related("attendees__organization")
    return list(rows[:limit])


def meeting_visible_to(viewer: Member, pk: int) -> Meeting | None:
    """The meeting, when the viewer sees its thread and it was not deleted."""
    rows = Meeting.objects.filter(thread__in=threads_visible_to(viewer), deleted_at__isnull=True)
    return rows.select_related("thread__space").filter(pk=pk).first()
