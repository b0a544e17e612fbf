"""Working hours, in the zone where they are kept, over every change of clocks.

A shift belongs to the day on which it begins. One that closes no later than it opens ends on the next day; equal times
are a whole day. Beginning and end become instants first and only instants are compared: a shift over the change of
clocks is longer or shorter by it, and a time that the clocks skip is the moment at which they skip it.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAY = timedelta(days=1)
# A shift may begin the day before and last 25 hours; whole days were skipped where the date line moved.
_BEFORE = 2
# A weekday comes again within a week, or within two when the clocks skip that very day.
_AHEAD = 16


class Hours(NamedTuple):
    """When somebody works: local times of a zone, on ISO weekdays (1 is Monday)."""

    zone: str
    opens: time
    closes: time
    days: tuple[int, ...]


def every_weekday() -> list[int]:
    """ISO weekdays from Monday to Friday."""
    return [1, 2, 3, 4, 5]


def usual_hours(zone: str) -> Hours:
    """What is assumed of whoever says nothing: 8 to 17 from Monday to Friday."""
    return Hours(zone, time(8), time(17), tuple(every_weekday()))


@cache
def zone_named(name: str) -> ZoneInfo:
    """The zone of that name; UTC when there is none."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def open_at(hours: Hours, moment: datetime) -> bool:
    """Whether the moment is within a shift."""
    return any(start <= moment < end for start, end in _shifts(hours, moment, ahead=1))


def opened(hours: Hours, moment: datetime) -> datetime | None:
    """When the shift began that the moment is in, None when it is in none."""
    return next((start for start, end in _shifts(hours, moment, ahead=1) if start <= moment < end), None)


def closing(hours: Hours, moment: datetime) -> datetime | None:
    """When it closes next, None when it is closed, and where one shift follows another without end."""
    end = None
    for start, stop in _shifts(hours, moment, ahead=_AHEAD):
        if end is None:
            end = stop if start <= moment < stop else None
        elif start <= end:
            end = max(end, stop)
        else:
            return end
    return end if end is not None and end < moment + (_AHEAD - _BEFORE) * _DAY else None


def next_opening(hours: Hours, moment: datetime) -> datetime | None:
    """The first moment from this one on that is within a shift, None when there are no days."""
    for start, end in _shifts(hours, moment, ahead=_AHEAD):
        if moment < end:
            return max(start, moment)
    return None


def _shifts(hours: Hours, moment: datetime, *, ahead: int) -> Iterator[tuple[datetime, datetime]]:
    """The shifts around the moment, earliest first, those left out that the clocks skipped."""
    zone = zone_named(hours.zone)
    today = moment.astimezone(zone).date()
    overnight = _DAY if hours.closes <= hours.opens else timedelta(0)
    for offset in range(-_BEFORE, ahead + 1):
        day = today + offset * _DAY
        if day.isoweekday() in hours.days:
            start = _instant(zone, day, hours.opens, fold=0)
            end = _instant(zone, day + overnight, hours.closes, fold=1)
            if start < end:
                yield start, end


def _instant(zone: ZoneInfo, day: date, local: time, *, fold: int) -> datetime:
    """The moment at which clocks there show this; of two the first (`fold` 0) or second, of none when they skip it."""
    wall = datetime.combine(day, local, zone)
    early, late = (wall.replace(fold=each).astimezone(UTC) for each in (1, 0))
    if early < late:
        return _skip(zone, early, late)
    return wall.replace(fold=fold).astimezone(UTC)


def _skip(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The moment between two at which the clocks there are set forward."""
    old = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=int((after - before).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)
