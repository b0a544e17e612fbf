"""What the worker looks after in swarms: clocks that ran out, people who left the network; and in what people give.

Each duty finds a few of what is due by an index, and every one of them is an action that looks again under locks: with
several workers, or a person who is quicker, the others find nothing to do. What fails is put off; the others do not
wait for it.
"""

from community.actions.duties import each
from community.events.duties import every
from threads.actions import forgetting, patterns, withholding
from threads.actions.asking import try_again
from threads.actions.leaving import release_member
from threads.actions.overdue import tell_next_overdue, tell_overdue
from threads.actions.requests import pass_on
from threads.queries.due import (
    asked_and_late,
    left_behind,
    next_actions_late,
    requests_late,
    requests_to_try,
)  # fmt: skip

UNANSWERED, AGAIN = "pass on unanswered requests", "ask again"
LATE_REQUESTS, LATE_STEPS, LEFT = "tell of late requests", "tell of late next steps", "release what members left"


def pass_on_unanswered() -> int:
    """Ask the next ones for those who did not answer in time."""
    return each(UNANSWERED, asked_and_late(), lambda pk: pass_on(asked_id=pk))


def ask_again() -> int:
    """Ask those who could not be asked before."""
    return each(AGAIN, requests_to_try(), lambda pk: try_again(request_id=pk))


def tell_late_requests() -> int:
    """Tell those concerned of requests whose time has come without an answer, once."""
    return each(LATE_REQUESTS, requests_late(), lambda pk: tell_overdue(request_id=pk))


def tell_late_steps() -> int:
    """Tell whoever is to take the next step, and the owner, that its time has come, once."""
    return each(LATE_STEPS, next_actions_late(), lambda pk: tell_next_overdue(thread_id=pk))


def release_members_left() -> int:
    """Give back what members had on them who left the network."""
    return each(LEFT, left_behind(), lambda left: release_member(thread_id=left[0], member_id=left[1]))


def register() -> None:
    """Have the worker do all of it; called once at start-up."""
    every(2, UNANSWERED, pass_on_unanswered)
    every(10, AGAIN, ask_again)
    every(30, LATE_REQUESTS, tell_late_requests)
    every(60, LATE_STEPS, tell_late_steps)
    every(60, LEFT, release_members_left)
    forgetting.register()
    withholding.register()
    patterns.register()
