"""What the worker looks after in the archive: likely duplicates, judging and masking anew, what is due, turns taken."""

from community.actions.duties import each, put_off
from community.events import action
from community.events.duties import every
from community.rules import clock
from threads.actions.duplicates import compare
from threads.actions.judging import rejudge_marked
from threads.actions.locking import lock_practice
from threads.actions.mirroring import mask_marked
from threads.actions.practice_telling import notify_about
from threads.actions.public import forget_knocks
from threads.actions.terms import begin_term, end_term
from threads.facts.practices import REVIEW_DUE
from threads.models import Practice
from threads.queries.duplicates import to_compare
from threads.queries.terms import terms_to_begin, terms_to_end
from threads.queries.upkeep import due_untold, to_mask, to_rejudge

DUPLICATES, JUDGING, DUE = "find likely duplicates", "judge practices anew", "tell of practices due for review"
MASKING = "mask works in progress anew"
TERMS_BEGIN, TERMS_END = "terms of curators begin", "terms of curators end"


def find_duplicates() -> int:
    """Compare practices that changed with all others."""
    return each(DUPLICATES, to_compare(besides=put_off(DUPLICATES)), lambda pk: compare(practice_id=pk))


def judge_marked() -> int:
    """Judge practices anew that a change of their governance concerns, or of how many organizations take part."""
    return each(JUDGING, to_rejudge(besides=put_off(JUDGING)), lambda pk: rejudge_marked(practice_id=pk))


def mask_shown() -> int:
    """Mask what works in progress show of somebody that was not known to tell of them when it was shown."""
    return each(MASKING, to_mask(besides=put_off(MASKING)), lambda pk: mask_marked(practice_id=pk))


def tell_due() -> int:
    """Tell those who look after a practice that its time for review has come, once."""
    return each(DUE, due_untold(besides=put_off(DUE)), lambda pk: _tell_due(practice_id=pk))


@action
def _tell_due(*, practice_id: int) -> bool:
    practice = lock_practice(Practice(pk=practice_id))
    due = practice.due_at
    if practice.owner_id is None or due is None or due > clock.now() or practice.due_told == due:
        return False
    practice.due_told = due
    practice.save(update_fields=["due_told"])
    key = f"{REVIEW_DUE.name}:{practice.pk}:{due:%Y-%m-%dT%H:%M:%S}"
    notify_about(practice, REVIEW_DUE, by=None, to=[practice.owner_id], key=key)
    return True


def take_turns() -> int:
    """Begin and end the terms of curators whose time has come."""
    begun = each(TERMS_BEGIN, terms_to_begin(besides=put_off(TERMS_BEGIN)), lambda pk: begin_term(term_id=pk))
    return begun + each(TERMS_END, terms_to_end(besides=put_off(TERMS_END)), lambda pk: end_term(term_id=pk))


def register() -> None:
    """Have the worker do all of it; called once at start-up."""
    every(5, JUDGING, judge_marked)
    every(5, MASKING, mask_shown)
    every(60, DUPLICATES, find_duplicates)
    every(60, "curators take turns", take_turns)
    every(600, DUE, tell_due)
    every(3600, "forget who came from outside", forget_knocks)
