"""Taking practices out of use, and bringing them back."""

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, NotThere
from community.events import action
from community.models import Member
from threads.actions.claims import drop_claim, must_be_free
from threads.actions.judging import rejudge
from threads.actions.locking import lock_practice
from threads.actions.practice_rewards import reward_again, take_back_rewards
from threads.actions.practice_telling import note_judged, notify_about, spread, tell_practice
from threads.actions.reviews import close_review
from threads.actions.states import keep_confidence, keep_state
from threads.facts.practices import PRACTICE_CHANGED, RETIRED
from threads.models import Practice, PracticeVersion, Review
from threads.policies.practices import may_retire, may_see
from threads.rules.limits import REASON_LENGTH
from threads.rules.texts import one_line


@action
def retire(*, by: Member, practice: Practice, reason: str) -> Practice:
    """Take a practice out of use and keep why; it stays readable. For the curators of its space.

    Raises Invalid without a reason, Conflict when it is retired, while somebody else works on it, or while the thread
    goes on that it is written in.
    """
    practice = lock_practice(practice)
    must_retire(by, practice)
    must_be_free(by, practice)
    reason = one_line("reason", reason, most=REASON_LENGTH, needed=True)
    if practice.confidence == Practice.Confidence.ARCHIVED:
        raise Conflict("retired", _("This practice is retired already."))
    if practice.follows_record and practice.thread is not None and practice.thread.is_unresolved:
        raise Conflict("unfinished", _("Its thread goes on, and so does its text. Resolve or close the thread first."))
    set_aside(practice, by=by, reason=reason)
    take_back_rewards(practice)
    close_review(practice, by=by, outcome=Review.Outcome.RETIRED, reason=reason)
    tell_retired(practice, by=by)
    return practice


def must_retire(by: Member, practice: Practice) -> None:
    """Raise what tells those who may not that they may not."""
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if not may_retire(by, practice):
        raise Forbidden("only_curators")


def set_aside(
    practice: Practice, *, by: Member, reason: str, kind: PracticeVersion.Kind = PracticeVersion.Kind.STATE
) -> None:
    """Archive a practice, as a version that says why; nobody works on it any more. The practice is locked."""
    drop_claim(practice)
    before = practice.confidence
    practice.confidence, practice.basis = Practice.Confidence.ARCHIVED, Practice.Basis.NONE
    practice.follows_record = False
    keep_confidence(keep_state(practice, by=by, reason=reason, kind=kind), before, practice)


def tell_retired(practice: Practice, *, by: Member) -> None:
    """Tell those who look after a practice that it is retired, and the page of its thread."""
    data = {"practice": practice.pk, "confidence": practice.confidence, "version": practice.version}
    tell_practice(practice, PRACTICE_CHANGED, by=by, data=data)
    note_judged(practice)
    looking = looking_after(practice)
    notify_about(practice, RETIRED, by=by, to=looking)
    spread(practice, "retired", by=by, besides=looking)


def looking_after(practice: Practice) -> list[int]:
    """Who recorded a practice and who owns it."""
    return [pk for pk in {practice.recorded_by_id, practice.owner_id} if pk is not None]


@action
def unretire(*, by: Member, practice: Practice, reason: str) -> Practice:
    """Bring a retired practice back; how far it can be trusted follows from what is said of it.

    Raises Conflict when it is not retired, or when it was merged into another: that is taken back by itself.
    """
    practice = lock_practice(practice)
    must_retire(by, practice)
    reason = one_line("reason", reason, most=REASON_LENGTH, needed=True)
    if practice.confidence != Practice.Confidence.ARCHIVED:
        raise Conflict("not_retired", _("This practice is in use."))
    if practice.merged_into_id is not None:
        raise Conflict("merged", _("This practice was merged into another one. Take the merging back instead."))
    bring_back(practice, by=by, reason=reason)
    return practice


def bring_back(practice: Practice, *, by: Member, reason: str) -> None:
    """Put an archived practice back into use. The practice is locked."""
    states, before = Practice.Confidence, practice.confidence
    practice.confidence = states.NOT_VALIDATED if practice.resolution else states.WORK_IN_PROGRESS
    version = keep_state(practice, by=by, reason=reason)
    reward_again(practice)
    rejudge(practice)
    keep_confidence(version, before, practice)
    data = {"practice": practice.pk, "confidence": practice.confidence, "version": practice.version}
    tell_practice(practice, PRACTICE_CHANGED, by=by, data=data)
