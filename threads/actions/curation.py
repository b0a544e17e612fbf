"""What happens to a thread's practice when the thread is resolved or reopened."""

from community.models import Member
from threads.actions.judging import rejudge
from threads.actions.reviews import open_review
from threads.models import Practice, Review, Thread


def follow_resolution(thread: Thread, *, by: Member) -> None:
    """Have the practice of a reopened thread judged anew, and again once the thread is resolved.

    Until then it is work in progress; but where other organizations found that it works it stays as it was judged, and
    curators are asked to look at it. What was retired stays so. The caller has locked the thread.
    """
    practice = Practice.objects.select_for_update(of=("self",), no_key=True).filter(thread=thread).first()
    if practice is None or practice.follows_record or practice.confidence == Practice.Confidence.ARCHIVED:
        return
    practice.thread = thread
    rejudge(practice, by=by)
    if thread.is_unresolved and practice.confidence != Practice.Confidence.WORK_IN_PROGRESS:
        open_review(practice, kind=Review.Kind.CHALLENGED, by=by)
