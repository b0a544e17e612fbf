"""The one source of the present moment, so that demo content and tests can happen in the past."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present in UTC, or the moment set by `at`."""
    return _moment.get() or timezone.now()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let everything inside happen at `moment` (aware, UTC)."""
    token = _moment.set(moment)
    try:
        yield
    finally:
        _moment.reset(token)
