"""What happens to a thread's practice when the thread is resolved, reopened or closed."""

from community.models import Member
from threads.actions.judging import rejudge
from threads.actions.reviews import open_review
from threads.models import Practice, Resolution, Review, Thread


def follow_resolution(thread: Thread, *, by: Member) -> None:
    """Have the practice of a thread judged anew whenever the thread stops being resolved or closed, or is so again.

    While it is unresolved the practice is work in progress; but where other organizations found that it works it stays
    as it was judged, and curators are asked to look at it. They are asked as well when a reopened thread is closed and
    nobody resolved it: from then on anybody can say again how the practice did. What was retired stays so. The caller
    has locked the thread.
    """
    practice = Practice.objects.select_for_update(of=("self",), no_key=True).filter(thread=thread).first()
    if practice is None or practice.follows_record or practice.confidence == Practice.Confidence.ARCHIVED:
        return
    practice.thread = thread
    rejudge(practice, by=by)
    if practice.confidence != Practice.Confidence.WORK_IN_PROGRESS and not _is_settled(thread):
        open_review(practice, kind=Review.Kind.CHALLENGED, by=by)


def _is_settled(thread: Thread) -> bool:
    """Whether what was found to resolve a thread still stands."""
    return not thread.is_unresolved and Resolution.objects.filter(thread=thread, reopened_at__isnull=True).exists()
