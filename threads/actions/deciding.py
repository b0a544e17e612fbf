"""Deciding reviews: approve, ask for changes, retire, or answer what was said against a practice."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid
from community.events import action
from community.models import Member
from community.rules import clock
from reputation.actions.sums import lock_standings
from threads.actions.claims import drop_claim, must_be_free
from threads.actions.crediting import credit_curating, is_their_own
from threads.actions.judging import answer_verdicts, rejudge
from threads.actions.practice_rewards import take_back_rewards, take_back_validation
from threads.actions.practice_telling import notify_about
from threads.actions.retiring import must_retire, set_aside, tell_retired
from threads.actions.reviews import close_review, lock_review, must_be_open, must_see
from threads.facts.practices import CHANGES_ASKED
from threads.models import AGAINST, Practice, PracticeVersion, Review, Verdict
from threads.policies.desk import outcomes_for
from threads.policies.practices import may_curate, may_decide_review, wrote_between
from threads.rules import reviews as rules
from threads.rules.limits import REASON_LENGTH
from threads.rules.texts import one_line


@action
def decide_review(
    *,
    by: Member,
    review: Review,
    outcome: str,
    version: int,
    reason: str = "",
    answers: Collection[int] | None = None,
) -> Review:
    """Decide a review of the version that one has read. `answers` are the verdicts dealt with; all when not given.

    Raises Conflict when there is a newer version, when somebody else works on the practice, or when it is decided;
    Forbidden for whoever wrote what is under review; Invalid without the reason that others have to be told.
    """
    practice, review = lock_review(review)
    must_see(by, review)
    must_be_open(review)
    looked_at = review.version
    if outcome != rules.REVISED:
        review.version = practice.version
    if not may_decide_review(by, review):
        raise Forbidden("somebody_else_decides")
    if not by.is_superuser:
        must_be_free(by, practice)
    if practice.version != version:
        words = _("Version %(number)d came meanwhile. Look at it, then decide.")
        raise Conflict("revised_meanwhile", words % {"number": practice.version})
    reason = _checked(review, outcome, reason)
    if outcome not in outcomes_for(by, review):
        raise Forbidden("only_curators")
    _decide(review, practice, outcome, by=by, reason=reason, looked_at=looked_at, answers=answers)
    return review


def _checked(review: Review, outcome: str, reason: str) -> str:
    if outcome not in rules.outcomes_of(review.kind):
        raise Invalid({"outcome": _("Choose what comes of this review.")})
    needed = rules.needs_reason(outcome)
    reason = one_line("reason", reason, most=REASON_LENGTH, needed=needed)
    if needed and len(reason) < rules.LEAST_REASON:
        raise Invalid({"reason": _("Say why in a few words, so that those concerned understand it.")})
    return reason


def _decide(
    review: Review,
    practice: Practice,
    outcome: str,
    *,
    by: Member,
    reason: str,
    looked_at: int,
    answers: Collection[int] | None,
) -> None:
    if outcome == rules.CHANGES_ASKED:
        _ask_for_changes(review, practice, by=by, reason=reason)
        return
    against, earns = _against(practice), _earns(by, review, practice)
    if earns:
        lock_standings([by.pk, practice.recorded_by_id])
    if outcome == rules.RETIRED:
        _retire(practice, by=by, reason=reason)
    else:
        _keep(review, practice, outcome, by=by, looked_at=looked_at)
    if rules.answers_challenges(outcome):
        answer_verdicts(review, by=by, verdict_ids=_against(practice) if answers is None else list(answers))
    close_review(practice, by=by, outcome=outcome, reason=reason, by_standing=not may_curate(by, practice))
    review.refresh_from_db()
    drop_claim(practice)
    rejudge(practice)
    if against and outcome in {rules.REVISED, rules.RETIRED}:
        take_back_validation(practice)
    if earns:
        credit_curating(by, practice, cause=f"review:{review.pk}")


def _earns(by: Member, review: Review, practice: Practice) -> bool:
    """Whether deciding is work for others: not about one's own, nor about what only oneself said against it, nor what
    nobody asked for because it is not due, nor what one retired before."""
    if is_their_own(by, practice):
        return False
    if review.kind == rules.DUE and review.opened_by_id is not None:
        return practice.due_at is not None and practice.due_at <= clock.now()
    if review.kind == rules.CHALLENGED:
        said = set(Verdict.objects.filter(pk__in=_against(practice)).values_list("member_id", flat=True))
        if said == {by.pk} or (not said and review.opened_by_id == by.pk):
            return False
    return not Review.objects.filter(practice=practice, decided_by=by, outcome=Review.Outcome.RETIRED).exists()


def _ask_for_changes(review: Review, practice: Practice, *, by: Member, reason: str) -> None:
    review.state, review.reason = Review.State.CHANGES_ASKED, reason
    review.decided_by, review.decided_at = by, clock.now()
    review.save(update_fields=["state", "reason", "decided_by", "decided_at", "version"])
    drop_claim(practice)
    authors = PracticeVersion.objects.filter(practice=practice, number__gt=review.base_version)
    to = {*authors.values_list("author_id", flat=True), practice.owner_id or practice.recorded_by_id}
    notify_about(practice, CHANGES_ASKED, by=by, to=sorted(to), target=f"review:{review.pk}")


def _retire(practice: Practice, *, by: Member, reason: str) -> None:
    must_retire(by, practice)
    set_aside(practice, by=by, reason=reason)
    take_back_rewards(practice)
    tell_retired(practice, by=by)


def _keep(review: Review, practice: Practice, outcome: str, *, by: Member, looked_at: int) -> None:
    """Say when the practice is looked at again, and that its text was looked at, unless the decider wrote it."""
    now = clock.now()
    if outcome == rules.REVISED and practice.version <= looked_at:
        raise Conflict("not_revised", _("Nothing was changed since. Edit the practice, then close the review."))
    if outcome != rules.REVISED or not wrote_between(by, practice, looked_at, practice.version):
        practice.reviewed_version, practice.reviewed_at = practice.version, now
    span = rules.due_in(review.kind, outcome)
    practice.due_at = now + span if span else practice.due_at
    practice.save(update_fields=["reviewed_version", "reviewed_at", "due_at"])


def _standing(practice: Practice, kinds: Collection[str]) -> list[int]:
    said = Verdict.objects.filter(practice=practice, superseded_at__isnull=True, answered_by__isnull=True)
    return list(said.filter(kind__in=kinds).order_by("pk").values_list("pk", flat=True))


def _against(practice: Practice) -> list[int]:
    return _standing(practice, AGAINST)
