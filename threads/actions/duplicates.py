"""Pairs of practices that may say the same: found by the worker, proposed by people, dismissed by curators."""

from community.errors import Conflict, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.claims import lock_pair, must_be_free
from threads.actions.crediting import credit_curating, is_their_own
from threads.actions.locking import lock_practice
from threads.models import DuplicatePair, Practice
from threads.policies.practices import may_see
from threads.queries.duplicates import like_it
from threads.rules.duplicates import in_order

_WHOLE = 1.0


@action
def propose_pair(*, by: Member, practice: Practice, other: Practice) -> DuplicatePair:
    """Say that two practices may be the same, for curators to look at; also again after it was dismissed.

    Raises NotThere for one that they do not see, Conflict for a practice and itself, or one that is out of use.
    """
    if practice.pk == other.pk:
        raise Conflict("same")
    first, second = (lock_practice(Practice(pk=pk)) for pk in in_order(practice.pk, other.pk))
    if not (may_see(by, first) and may_see(by, second)):
        raise NotThere("no_practice")
    if Practice.Confidence.ARCHIVED in (first.confidence, second.confidence):
        raise Conflict("out_of_use")
    found, made = DuplicatePair.objects.select_for_update().get_or_create(
        first=first, second=second, defaults={"score": _WHOLE, "found_at": clock.now(), "proposed_by": by}
    )
    if not made and found.state != DuplicatePair.State.OPEN:
        found.state, found.proposed_by, found.found_at = DuplicatePair.State.OPEN, by, clock.now()
        found.decided_by, found.decided_at = None, None
        found.save()
    return found


@action
def dismiss_pair(*, by: Member, pair: DuplicatePair) -> DuplicatePair:
    """Say that two practices differ: the worker does not find this pair again. For curators of both.

    Raises Conflict while somebody else looks into it.
    """
    pair = lock_pair(by, pair)
    must_be_free(by, pair)
    pair.state, pair.decided_by, pair.decided_at = DuplicatePair.State.DISMISSED, by, clock.now()
    pair.claimed_by, pair.claimed_until = None, None
    pair.save()
    if pair.proposed_by_id != by.pk and not is_their_own(by, pair.first, pair.second):
        credit_curating(by, pair.first, cause=f"pair:{pair.pk}")
    return pair


@action
def compare(*, practice_id: int) -> int:
    """Look for practices that may say the same as this one; how many new pairs there are.

    A pair that there was is left as it is, whatever was decided of it.
    """
    practice = lock_practice(Practice(pk=practice_id))
    if practice.compared_version >= practice.version:
        return 0
    rows = []
    if practice.confidence != Practice.Confidence.ARCHIVED:
        for other, share in like_it(practice):
            first, second = in_order(practice.pk, other)
            rows.append(DuplicatePair(first_id=first, second_id=second, score=share, found_at=clock.now()))
    made = sum(_kept(row) for row in rows)
    Practice.objects.filter(pk=practice.pk).update(compared_version=practice.version)
    return made


def _kept(row: DuplicatePair) -> bool:
    named = {"first_id": row.first_id, "second_id": row.second_id}
    return DuplicatePair.objects.get_or_create(**named, defaults={"score": row.score, "found_at": row.found_at})[1]
