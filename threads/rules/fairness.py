"""In which order people are asked, so that the same ones are not always first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from threads.rules.limits import MOST_TIMES_AN_HOUR, MOST_TO_ONE_AN_HOUR

MOST_FIRSTS = 3
DAY = timedelta(hours=24)
AN_HOUR = timedelta(hours=1)
# So many of the best are asked at all, and stand in for each other.
CONSIDERED = 10


def too_often(threads: Iterable[int], here: int) -> bool:
    """Whether one person did the same to another so often within an hour, in `threads`, that the next would annoy."""
    times = list(threads)
    return times.count(here) >= MOST_TIMES_AN_HOUR or len(times) >= MOST_TO_ONE_AN_HOUR


@dataclass(frozen=True)
class Ranked:
    """A candidate in rank: whether they can be asked `now` or only `at` a later time, and how often they were first.

    `firsts` counts the last 24 hours.
    """

    member: int
    now: bool
    firsts: int
    at: datetime | None = None


def order_to_ask(ranked: Sequence[Ranked]) -> list[Ranked]:
    """The first ten in the order in which they are asked.

    Those who can be asked now and were asked first fewer than three times in 24 hours, in rank; then the others who
    can be asked now; then the rest by when they can be. So nobody is first a fourth time while another of them is free.
    """
    considered = list(ranked[:CONSIDERED])
    free = [each for each in considered if each.now and each.firsts < MOST_FIRSTS]
    tired = [each for each in considered if each.now and each.firsts >= MOST_FIRSTS]
    later = [each for each in considered if not each.now]
    known = sorted((each for each in later if each.at), key=_when)
    return [*free, *tired, *known, *(each for each in later if each.at is None)]


def is_first_too_often(chosen: Ranked, others: Sequence[Ranked]) -> bool:
    """Whether asking somebody first now would be unfair: they were three times, and one of the others is free."""
    if chosen.firsts < MOST_FIRSTS:
        return False
    return any(each.now and each.firsts < MOST_FIRSTS for each in others[:CONSIDERED] if each.member != chosen.member)


def _when(each: Ranked) -> float:
    return each.at.timestamp() if each.at else 0.0
