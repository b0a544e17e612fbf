"""What the worker looks after in swarms: clocks that ran out, and people who left the network.

Each duty finds a few of what is due by an index, and every one of them is an action that looks again under locks: with
several workers, or a person who is quicker, the others find nothing to do.
"""

from community.events.duties import every
from threads.actions.asking import try_again
from threads.actions.leaving import release
from threads.actions.overdue import tell_next_overdue, tell_overdue
from threads.actions.requests import pass_on
from threads.queries.due import (
    asked_and_late,
    left_behind,
    next_actions_late,
    requests_late,
    requests_to_try,
)  # fmt: skip


def pass_on_unanswered() -> int:
    """Ask the next ones for those who did not answer in time."""
    return sum(pass_on(asked_id=pk) for pk in asked_and_late())


def ask_again() -> int:
    """Ask those who could not be asked before."""
    return sum(try_again(request_id=pk) for pk in requests_to_try())


def tell_late_requests() -> int:
    """Tell those concerned of requests whose time has come without an answer, once."""
    return sum(tell_overdue(request_id=pk) for pk in requests_late())


def tell_late_steps() -> int:
    """Tell whoever is to take the next step, and the owner, that its time has come, once."""
    return sum(tell_next_overdue(thread_id=pk) for pk in next_actions_late())


def release_left() -> int:
    """Give back what members had on them who left the network."""
    return sum(release(thread_id=thread, member_id=member) for thread, member in left_behind())


def register() -> None:
    """Have the worker do all of it; called once at start-up."""
    every(2, "pass on unanswered requests", pass_on_unanswered)
    every(10, "ask again", ask_again)
    every(30, "tell of late requests", tell_late_requests)
    every(60, "tell of late next steps", tell_late_steps)
    every(60, "release what members left", release_left)
