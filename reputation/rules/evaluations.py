"""What an evaluation says, how much it weighs, and when a number made of several may be shown.

Every constant has its reason beside it. What is promised to raters is in `stands_beside`: the rest serves it.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

QUALITIES = ("accuracy", "completeness", "clarity", "courtesy", "timeliness")
LOWEST, HIGHEST = 1, 5

# Whoever sees a number may know four of those who gave it and still not know the fifth by it.
LEAST_RATERS = 5

# Nobody's first word counts less than whole, and nobody's more than three: the best-known expert of a subject is
# outweighed by four colleagues. 300 points are what thirty thanks or twenty solutions in the subject add up to.
LEAST_WEIGHT, MOST_WEIGHT, POINTS_FOR_MOST = 1.0, 3.0, 300

# Five enthusiasts make a 4, not a 5, and five angry ones a 2: as many voices as are needed speak for the middle of the
# scale, so that few raters do not shine, and a hundred are hardly held back.
PRIOR_MEAN, PRIOR_WEIGHT = 3.0, 5.0

# A number moves only when this many more raters are in it; of many raters a quarter, so that there are few numbers that
# a new one has to be compared with, however many rate somebody.
STEP, SHARE_OF_MANY = 5, 4
# For the same reason only the subjects in which most rated somebody have numbers of their own.
MOST_SUBJECTS = 8

# Long enough to see whether a solution held; after that it is what was thought then.
DAYS_TO_CHANGE = 30

NOTE_LENGTH, ANSWER_LENGTH = 1_000, 1_000
# What "lately" means: long enough for five raters of somebody who answers a few times a month.
LATELY = timedelta(days=365)
_MONDAY = 7

Part = tuple[float, float]
"""What one rater's evaluations say of one quality (their mean), and what they weigh."""

Parts = Mapping[int, Part]
"""By rater."""


def weight_of(points: int) -> float:
    """What the word of somebody with so many points in the subject weighs, from 1 to 3."""
    share = min(max(points, 0) / POINTS_FOR_MOST, 1.0)
    return round(LEAST_WEIGHT + (MOST_WEIGHT - LEAST_WEIGHT) * share, 2)


def part_of(said: Iterable[tuple[int, float]]) -> Part:
    """What one rater says in all: however often they rated somebody, they count once, with their best weight."""
    scores, weights = zip(*said, strict=True)
    return round(sum(scores) / len(scores), 3), max(weights)


def halves_of(parts: Parts) -> int:
    """The smoothed and weighted mean in half points, 2 to 10: rounding hides what is left of a single voice."""
    total = PRIOR_MEAN * PRIOR_WEIGHT + sum(score * weight for score, weight in parts.values())
    mean = total / (PRIOR_WEIGHT + sum(weight for _score, weight in parts.values()))
    return int(2 * mean + 0.5)


def differing(some: Parts, others: Parts) -> int:
    """How many raters gave to one number something else than to the other, or nothing."""
    return sum(some.get(rater) != others.get(rater) for rater in some.keys() | others.keys())


def stands_beside(parts: Parts, others: Iterable[Parts]) -> bool:
    """Whether a number may be shown to who knows the others: it is of five raters, and differs from each other number
    in what at least five gave, or in nothing. So no difference of two numbers is less than five people's."""
    if len(parts) < LEAST_RATERS:
        return False
    return all(apart == 0 or apart >= LEAST_RATERS for apart in (differing(parts, other) for other in others))


def is_renewed(parts: Parts, before: Parts) -> bool:
    """Whether enough changed since a number was shown last to show a new one."""
    return differing(parts, before) >= max(STEP, len(before) // SHARE_OF_MANY)


def shown_raters(count: int) -> int:
    """How many raters are told of: the fives of them."""
    return count - count % STEP


def notes_shown_from(now: datetime) -> datetime:
    """When the notes of a bundle that is complete now are shown: next Monday, so that nobody's is seen to arrive."""
    day = now.date() + timedelta(days=_MONDAY - now.weekday())
    return datetime.combine(day, time.min, now.tzinfo)
