"""How far a practice can be trusted, found out anew from what organizations said, its governance and its approvals.

Nobody else writes its confidence, but for those who retire it or bring it back, and then it is judged here.
"""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from community.events import action
from community.models import Member
from threads.actions.index_work import put_moved
from threads.actions.locking import lock_practice
from threads.actions.practice_rewards import reward_validation, take_back_validation
from threads.actions.practice_telling import note_judged, notify_about, spread, tell_practice
from threads.actions.publishing import back_into_the_network
from threads.facts.practices import PRACTICE_JUDGED, VALIDATED, VERDICT_ANSWERED
from threads.models import AGAINST, WORKING, Practice, PracticeAudience, PracticeVersion, Review, Verdict
from threads.policies.governance import Governing, governance_of
from threads.queries.makers import makers_of
from threads.queries.verdicts import (
    counting,
    newest_text,
    organizations_needed,
    organizations_using,
    standing_verdicts,
)
from threads.rules import confidence as rules
from threads.rules.confidence import Said, State
from threads.rules.substance import changed_in_substance, is_another_problem

_WRITTEN = (
    *("worked", "changed", "failed", "outdated", "dangerous", "used", "needed", "score"),
    *("last_worked_at", "warned_at"),
    *("confidence", "basis", "rejudge", "place"),
)


def rejudge(practice: Practice, *, by: Member | None = None) -> bool:
    """Count anew what was said of a locked practice, and judge it; whether its confidence changed. Changes are told.

    `by` did what it is judged anew for. Called again it changes nothing.
    """
    before = (practice.confidence, practice.score, practice.warned_at)
    said = list(rules.counted(counting(practice)).values())
    _count(practice, said)
    practice.needed = organizations_needed()
    state = state_of(practice, said)
    practice.confidence, practice.basis = rules.judged(state)
    practice.rejudge = False
    practice.place = practice.place_now()
    practice.save(update_fields=_WRITTEN)
    if before[2] is not None and practice.warned_at is None:
        _keep_from_strangers(practice, by=by)
    if before[0] != practice.confidence:
        put_moved("practice", practice.pk, ["status"])
    if before != (practice.confidence, practice.score, practice.warned_at):
        _tell(practice, by=by, was=before[0], was_warned=before[2] is not None)
        if _is_found_wrong(practice, state):
            take_back_validation(practice)
    return before[0] != practice.confidence


def _is_found_wrong(practice: Practice, state: State) -> bool:
    """Whether organizations do not validate the present text because of what they say of it: against it, or no more
    that it works. An open warning says nothing yet, nor does a text of which nobody said anything.
    """
    if practice.confidence == Practice.Confidence.VALIDATED or state.warned or rules.is_confirmed(state):
        return False
    working = Verdict.objects.filter(practice=practice, kind__in=WORKING, version__gte=practice.judged_from)
    return state.tally.against > 0 or working.filter(superseded_at__isnull=False).exists()


def _keep_from_strangers(practice: Practice, *, by: Member | None) -> None:
    """What was called dangerous and is corrected by now is taken in until the correction is published."""
    if practice.audience == PracticeAudience.PUBLIC and practice.published_version < newest_text(practice):
        reason = _("It was corrected after a warning. The corrected text may be published.")
        back_into_the_network(practice, by=by or practice.recorded_by, reason=reason)


def recount(practice: Practice) -> None:
    """Count what was said of a practice that was brought along, judged as it was there. Nobody is told."""
    _count(practice, list(rules.counted(counting(practice)).values()))
    practice.place = practice.place_now()
    practice.save(update_fields=_WRITTEN)


def _count(practice: Practice, said: Sequence[Said]) -> None:
    tally = rules.tally(said)
    practice.worked, practice.changed, practice.failed, practice.outdated, practice.dangerous = tally
    practice.used = organizations_using(practice, said)
    practice.score = rules.score(tally, practice.used)
    practice.last_worked_at = max(
        (each.at for each in said if each.kind in (rules.WORKED, rules.CHANGES)), default=None
    )
    practice.warned_at = min((each.at for each in said if each.warns), default=None)


def state_of(practice: Practice, said: Sequence[Said], governing: Governing | None = None) -> State:
    """What a practice, counted just now, is judged by, with what counts of what was said."""
    governing = governing or governance_of(practice)
    return State(
        confidence=practice.confidence,
        basis=practice.basis,
        tally=rules.tally(said),
        needed=practice.needed,
        unfinished=practice.follows_record or not practice.resolution,
        reopened=_is_reopened(practice, said),
        by_approval=governing.by_approval,
        approved=_is_approved(practice, by_approval=governing.by_approval),
        warned=any(each.warns for each in said),
        used=practice.used,
    )


def _is_approved(practice: Practice, *, by_approval: bool) -> bool:
    """Whether its text was looked at; where approval is asked for, by somebody who was appointed."""
    if practice.reviewed_version < practice.judged_from:
        return False
    if not by_approval:
        return True
    looked = ("approved", "revised", "kept", "rejected")
    closed = Review.objects.filter(practice=practice, state=Review.State.CLOSED, outcome__in=looked)
    last = closed.order_by("-decided_at", "-pk").values_list("by_standing", flat=True).first()
    return not last


def _is_reopened(practice: Practice, said: Sequence[Said]) -> bool:
    """Whether its thread is unresolved, and no other organization says that it works: one asker alone takes it back."""
    if practice.thread is None or not practice.thread.is_unresolved:
        return False
    working = {each.organization for each in said if each.kind in (rules.WORKED, rules.CHANGES)}
    return not working - {practice.organization_id}


def _tell(practice: Practice, *, by: Member | None, was: str, was_warned: bool) -> None:
    warned, validated = practice.warned_at is not None, practice.confidence == Practice.Confidence.VALIDATED
    data = {
        "practice": practice.pk, "confidence": practice.confidence, "score": practice.score, "warned": warned,
    }  # fmt: skip
    tell_practice(practice, PRACTICE_JUDGED, by=None, data=data)
    if validated and was != Practice.Confidence.VALIDATED:
        note_judged(practice)
        _tell_validated(practice)
    if warned and not was_warned:
        spread(practice, "warned", by=by)


def _tell_validated(practice: Practice) -> None:
    if practice.basis == Practice.Basis.IMPORTED:
        return
    reward_validation(practice)
    once = f"{VALIDATED.name}:{practice.pk}:{practice.judged_from}"
    notify_about(practice, VALIDATED, by=None, to=makers_of(practice), key=once)
    spread(practice, "validated", by=None)


@action
def rejudge_marked(*, practice_id: int) -> bool:
    """Judge a practice that was marked for it, or was judged when another number of organizations was needed.

    For the worker; False when somebody was quicker.
    """
    practice = lock_practice(Practice(pk=practice_id))
    if not practice.rejudge and practice.needed in (0, organizations_needed()):
        return False
    rejudge(practice)
    return True


def restart_if_changed(practice: Practice, *, old_resolution: str = "") -> None:
    """When a locked practice says something else in substance than what people tried, let only verdicts on it count.

    Compared with the version from which verdicts count, so that many small edits make no great one; `old_resolution`
    stands for it where that was not kept.
    """
    tried = PracticeVersion.objects.filter(practice=practice, number=practice.judged_from).first()
    resolution = tried.fields.get("resolution", "") if tried else old_resolution
    changed = changed_in_substance(resolution, practice.resolution)
    if tried is not None and not changed:
        about = f"{tried.title}\n{tried.fields.get('problem', '')}"
        changed = is_another_problem(about, f"{practice.title}\n{practice.problem}")
    if changed and practice.judged_from != practice.version:
        practice.judged_from = practice.version
        practice.basis = Practice.Basis.NONE
        practice.save(update_fields=["judged_from", "basis"])


def answer_verdicts(review: Review, *, by: Member, verdict_ids: Collection[int]) -> None:
    """Say that a review dealt with what these said against its practice, which is locked; their members are told."""
    practice = review.practice
    said = standing_verdicts(practice).filter(pk__in=verdict_ids, kind__in=AGAINST, answered_by__isnull=True)
    members = list(said.order_by("pk").values_list("member_id", flat=True))
    said.update(answered_by=review)
    notify_about(practice, VERDICT_ANSWERED, by=by, to=members, key=f"answered:{review.pk}")
