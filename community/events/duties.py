"""What the worker looks after from time to time: each duty is registered here at start-up, by the room it belongs to.

A duty takes what is due, does it in actions of its own, and may run in any number of workers at once.
"""

from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], int]


@dataclass
class Duty:
    """Something to do every so many seconds; `work` says how many things it did."""

    name: str
    seconds: float
    work: Work
    due_at: float = 0.0


_duties: dict[str, Duty] = {}


def every(seconds: float, name: str, work: Work) -> None:
    """Register a duty. Raises ValueError when the name is taken."""
    if name in _duties:
        raise ValueError(f"duty {name} is registered twice")
    _duties[name] = Duty(name, seconds, work)


def duties() -> list[Duty]:
    """Every duty, in the order of registration."""
    return list(_duties.values())


def due(now: float) -> list[Duty]:
    """The duties whose time has come, by a clock that only goes forward; they are put off until the next time."""
    found = [duty for duty in _duties.values() if duty.due_at <= now]
    for duty in found:
        duty.due_at = now + duty.seconds
    return found
