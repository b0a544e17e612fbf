"""What the worker looks after in the archive: likely duplicates, judging anew, what comes due, turns of curators."""

from community.events import action
from community.events.duties import every
from threads.actions.duplicates import compare
from threads.actions.judging import rejudge_marked
from threads.actions.locking import lock_practice
from threads.actions.practice_telling import notify_about
from threads.actions.terms import begin_term, end_term
from threads.facts.practices import REVIEW_DUE
from threads.models import Practice
from threads.queries.duplicates import to_compare
from threads.queries.terms import terms_to_begin, terms_to_end
from threads.queries.upkeep import due_untold, to_rejudge


def find_duplicates() -> int:
    """Compare practices that changed with all others."""
    return sum(compare(practice_id=pk) for pk in to_compare())


def judge_marked() -> int:
    """Judge practices anew that a change of their governance concerns."""
    return sum(rejudge_marked(practice_id=pk) for pk in to_rejudge())


def tell_due() -> int:
    """Tell those who look after a practice that its time for review has come, once."""
    due = due_untold(REVIEW_DUE.name)
    for pk in due:
        _tell_due(practice_id=pk)
    return len(due)


@action
def _tell_due(*, practice_id: int) -> None:
    practice = lock_practice(Practice(pk=practice_id))
    if practice.owner_id is not None and practice.due_at is not None:
        key = f"{REVIEW_DUE.name}:{practice.pk}:{practice.due_at:%Y-%m-%dT%H:%M:%S}"
        notify_about(practice, REVIEW_DUE, by=None, to=[practice.owner_id], key=key)


def take_turns() -> int:
    """Begin and end the terms of curators whose time has come."""
    begun = sum(begin_term(term_id=pk) for pk in terms_to_begin())
    return begun + sum(end_term(term_id=pk) for pk in terms_to_end())


def register() -> None:
    """Have the worker do all of it; called once at start-up."""
    every(5, "judge practices anew", judge_marked)
    every(60, "find likely duplicates", find_duplicates)
    every(60, "curators take turns", take_turns)
    every(600, "tell of practices due for review", tell_due)
