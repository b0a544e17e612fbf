"""Drawing a sample of what there is, and scoring it against the content standard."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from random import Random

YES, NO, NOT_APPLICABLE = "yes", "no", "na"
ANSWERS = (YES, NO, NOT_APPLICABLE)
OF_PRACTICES = ("complete", "title", "short", "found", "unique", "linked", "safe")
OF_THREADS = ("complete", "title", "short", "found", "safe", "searched", "recorded")
MOST_DRAWN = 50
MOST_AWARDED_A_DAY = 20
AGAIN_AFTER = timedelta(days=90)


def criteria(*, of_thread: bool) -> tuple[str, ...]:
    """The questions that a resolved thread or a practice is scored by, in order."""
    return OF_THREADS if of_thread else OF_PRACTICES


def drawn(ids: Collection[int], *, size: int, seed: int) -> list[int]:
    """`size` of the ids, or all when there are fewer; the same for the same seed, so that a draw can be checked."""
    pool = sorted(set(ids))
    return sorted(Random(seed).sample(pool, min(size, len(pool))))  # noqa: S311  (a sample, no secret)


def score_of(scores: Mapping[str, str]) -> int | None:
    """How many of the questions that apply are met, of a hundred; None when none applies."""
    met, missed = (sum(said == answer for said in scores.values()) for answer in (YES, NO))
    return (200 * met + met + missed) // (2 * (met + missed)) if met + missed else None
