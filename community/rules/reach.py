"""Whether somebody can be asked now, why, and when otherwise."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from community.rules.hours import Hours, next_opening, open_at, opened, usual_hours

State = Literal["hours", "available", "busy", "away"]
Outside = Literal["never", "severe", "always"]

CRITICAL = 1
SEVERE = 2
# Whoever is busy without saying until when is looked at again after this.
_BUSY_FOR = timedelta(hours=1)


@dataclass(frozen=True)
class ReachRow:
    """What somebody said about when and how they may be asked; without their saying anything, what holds then."""

    member: int
    hours: Hours = field(default_factory=lambda: usual_hours("UTC"))
    state: State = "hours"
    until: datetime | None = None
    outside: Outside = "never"
    most_a_day: int | None = None
    languages: tuple[str, ...] = ()
    contact: str = ""


class Reachable(NamedTuple):
    """Whether somebody can be asked `now`, `why` or why not, since when that holds, and from when they can (`at`).

    `why` is one of available, open, allows, severe (now); away, busy, closed (not now). `at` is None when nobody
    knows.
    """

    now: bool
    why: str
    since: datetime | None = None
    at: datetime | None = None


def state_at(row: ReachRow, moment: datetime) -> State:
    """What somebody's state is at a moment: after its end it is that of their hours again."""
    return "hours" if row.until is not None and row.until <= moment else row.state


def reach(row: ReachRow, hours: Hours, moment: datetime, severity: int | None) -> Reachable:
    """Whether somebody with these hours can be asked about something this severe (1 is worst, None is anything).

    Away wins over severity: nobody is woken who said that they are not there.
    """
    state = state_at(row, moment)
    if state == "away":
        return Reachable(now=False, why="away", at=next_opening(hours, row.until or moment))
    if state == "busy":
        return Reachable(now=False, why="busy", at=row.until or moment + _BUSY_FOR)
    if state == "available":
        return Reachable(now=True, why="available", at=moment)
    return _by_the_hours(row, hours, moment, severity)


def _by_the_hours(row: ReachRow, hours: Hours, moment: datetime, severity: int | None) -> Reachable:
    if open_at(hours, moment):
        return Reachable(now=True, why="open", since=opened(hours, moment), at=moment)
    if severity == CRITICAL:
        return Reachable(now=True, why="severe", at=moment)
    if row.outside == "always" or (row.outside == "severe" and severity == SEVERE):
        return Reachable(now=True, why="allows", at=moment)
    return Reachable(now=False, why="closed", at=next_opening(hours, moment))
