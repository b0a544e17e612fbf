"""Curators say how far a practice can be trusted."""

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid
from community.events import action
from community.models import Member
from community.policies.spaces import is_curator
from community.rules import clock
from threads.actions.locking import lock_practice
from threads.actions.practices import keep_version
from threads.models import Practice, Thread
from threads.policies.practices import may_see
from threads.rules.limits import REASON_LENGTH
from threads.rules.texts import one_line


@action
def set_confidence(*, by: Member, practice: Practice, confidence: str, reason: str) -> Practice:
    """Set a practice's state and keep why, as a version of it. For the curators of its space.

    Raises Invalid without a reason, Conflict when a practice without a resolution would count as finished.
    """
    practice = lock_practice(practice)
    if not (may_see(by, practice) and is_curator(by, practice.space)):
        raise Forbidden("only_curators")
    if confidence not in Practice.Confidence.values:
        raise Invalid({"confidence": _("Choose a state from the list.")})
    reason = one_line("reason", reason, most=REASON_LENGTH, needed=True)
    if confidence != Practice.Confidence.WORK_IN_PROGRESS and not practice.resolution:
        raise Conflict("no_resolution", _("Write the resolution first."))
    if practice.confidence == confidence:
        return practice
    return _set(practice, confidence, by=by, reason=reason)


def follow_resolution(thread: Thread, *, by: Member) -> None:
    """Make the practice of a reopened thread work in progress, and not validated again once the thread is resolved.

    What a curator archived stays so. The caller has locked the thread.
    """
    practice = Practice.objects.select_for_update().filter(thread=thread).first()
    if practice is None:
        return
    unfinished = Practice.Confidence.WORK_IN_PROGRESS
    finished = {Practice.Confidence.NOT_VALIDATED, Practice.Confidence.VALIDATED}
    if thread.is_unresolved and practice.confidence in finished:
        _set(practice, unfinished, by=by, reason=_("The thread was reopened."))
    elif not thread.is_unresolved and practice.confidence == unfinished and practice.resolution:
        _set(practice, Practice.Confidence.NOT_VALIDATED, by=by, reason=_("The thread was resolved."))


def _set(practice: Practice, confidence: str, *, by: Member, reason: str) -> Practice:
    practice.confidence, practice.updated_at = confidence, clock.now()
    practice.version += 1
    practice.save(update_fields=["confidence", "updated_at", "version"])
    keep_version(practice, by=by, reason=reason)
    return practice
