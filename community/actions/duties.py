"""How the worker does what is due: one by one, so that what fails does not stop the others."""

import logging
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import DatabaseError, connection

from community.errors import Refused
from community.metrics.instruments import WORKER_FAILURES
from community.rules import clock

log = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)
_FORGOTTEN = timedelta(days=1)
Due = TypeVar("Due", bound=Hashable)


@dataclass
class _PutOff:
    until: datetime
    pause: timedelta


_put_off: dict[tuple[str, Hashable], _PutOff] = {}


def put_off(duty: str) -> set[Any]:
    """What failed of a duty in this process and is not tried again yet: queries leave it out, so others find room."""
    now = clock.now()
    return {one for (name, one), failed in _put_off.items() if name == duty and failed.until > now}


def each(duty: str, found: Iterable[Due], act: Callable[[Due], int]) -> int:
    """Do all that was found; returns how much was done.

    What fails is counted, logged once, and put off, each time for twice as long. Raises DatabaseError only where the
    database is away, which is nobody's fault here.
    """
    _forget()
    waiting, done = put_off(duty), 0
    for one in found:
        if one in waiting:
            continue
        try:
            done += act(one)
        except Exception as error:
            if is_away(error):
                raise
            _fail(duty, one, error)
        else:
            _put_off.pop((duty, one), None)
    return done


def is_away(error: Exception) -> bool:
    """Whether the database failed because it does not answer at all."""
    return isinstance(error, DatabaseError) and not connection.is_usable()


def _fail(duty: str, one: Hashable, error: Exception) -> None:
    WORKER_FAILURES.inc()
    failed = _put_off.get((duty, one))
    if failed is None:
        refused = isinstance(error, Refused)
        log.error("%s: %r could not be done and is put off: %r", duty, one, error, exc_info=None if refused else error)
    pause = min(failed.pause * 2, LONGEST_PAUSE) if failed else FIRST_PAUSE
    _put_off[duty, one] = _PutOff(clock.now() + pause, pause)


def _forget() -> None:
    """Leave what was not found again for long."""
    long_ago = clock.now() - _FORGOTTEN
    for key in [key for key, failed in _put_off.items() if failed.until < long_ago]:
        del _put_off[key]
