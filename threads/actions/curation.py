"""What happens to a thread's practice when the thread is resolved or reopened."""

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid
from community.events import action
from community.models import Member
from threads.actions.judging import rejudge
from threads.actions.locking import lock_practice
from threads.actions.reviews import open_review
from threads.actions.states import keep_state
from threads.models import Practice, Review, Thread
from threads.policies.practices import may_curate
from threads.rules.limits import REASON_LENGTH
from threads.rules.texts import one_line


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


@action
def set_confidence(*, by: Member, practice: Practice, confidence: str, reason: str) -> Practice:
    """Set a practice's state and keep why, as a version of it. For the curators of its space.

    Raises Invalid without a reason, Conflict when a practice without a resolution would count as finished.
    """
    practice = lock_practice(practice)
    if not may_curate(by, practice):
        raise Forbidden("only_curators")
    if confidence not in Practice.Confidence.values:
        raise Invalid({"confidence": _("Choose a state from the list.")})
    reason = one_line("reason", reason, most=REASON_LENGTH, needed=True)
    if confidence != Practice.Confidence.WORK_IN_PROGRESS and not practice.resolution:
        raise Conflict("no_resolution", _("Write the resolution first."))
    if practice.confidence == confidence:
        return practice
    practice.confidence = confidence
    keep_state(practice, by=by, reason=reason)
    return practice
