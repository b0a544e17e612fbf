"""What the worker looks after in swarms: clocks that ran out, and people who left the network.

Each duty finds a few of what is due by an index, and every one of them is an action that looks again under locks: with
several workers, or a person who is quicker, the others find nothing to do. One that fails is logged and tried again the
next time; the others do not wait for it.
"""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import DatabaseError

from community.events.duties import every
from community.metrics.instruments import WORKER_FAILURES
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

log = logging.getLogger(__name__)
Due = TypeVar("Due")


def _each(found: Iterable[Due], act: Callable[[Due], int]) -> int:
    done = 0
    for one in found:
        try:
            done += act(one)
        except DatabaseError:
            raise
        except Exception:
            WORKER_FAILURES.inc()
            log.exception("%s could not be done and is tried again", one)
    return done


def pass_on_unanswered() -> int:
    """Ask the next ones for those who did not answer in time."""
    return _each(asked_and_late(), lambda pk: pass_on(asked_id=pk))


def ask_again() -> int:
    """Ask those who could not be asked before."""
    return _each(requests_to_try(), lambda pk: try_again(request_id=pk))


def tell_late_requests() -> int:
    """Tell those concerned of requests whose time has come without an answer, once."""
    return _each(requests_late(), lambda pk: tell_overdue(request_id=pk))


def tell_late_steps() -> int:
    """Tell whoever is to take the next step, and the owner, that its time has come, once."""
    return _each(next_actions_late(), lambda pk: tell_next_overdue(thread_id=pk))


def release_left() -> int:
    """Give back what members had on them who left the network."""
    return _each(left_behind(), lambda left: release(thread_id=left[0], member_id=left[1]))


def register() -> None:
    """Have the worker do all of it; called once at start-up."""
    every(2, "pass on unanswered requests", pass_on_unanswered)
    every(10, "ask again", ask_again)
    every(30, "tell of late requests", tell_late_requests)
    every(60, "tell of late next steps", tell_late_steps)
    every(60, "release what members left", release_left)
