"""What a review is about, and what may come of it."""

from collections.abc import Sequence
from datetime import timedelta

NEW, CHANGED, DUE, SUGGESTED, CHALLENGED = "new", "changed", "due", "suggested", "challenged"
APPROVED, CHANGES_ASKED, RETIRED, REVISED, KEPT, REJECTED = (
    "approved", "changes_asked", "retired", "revised", "kept", "rejected",
)  # fmt: skip

# What presses more comes later: a review that is open already takes up what is said next.
_PRESSING = (NEW, DUE, CHANGED, SUGGESTED, CHALLENGED)
_OUTCOMES = {CHALLENGED: (REVISED, KEPT, REJECTED, CHANGES_ASKED, RETIRED)}
_USUAL = (APPROVED, CHANGES_ASKED, RETIRED)

CLAIM = timedelta(hours=4)
DUE_AFTER = timedelta(days=365)
DUE_AFTER_CHALLENGE = timedelta(days=90)
MOST_AWARDED_A_DAY = 20
LEAST_REASON = 10


def more_pressing(one: str, other: str) -> str:
    """The kind that a review has which is about both."""
    return max(one, other, key=_PRESSING.index)


def outcomes_of(kind: str) -> tuple[str, ...]:
    """What may come of a review of this kind."""
    return _OUTCOMES.get(kind, _USUAL)


def needs_reason(outcome: str) -> bool:
    """Whether others have to be told why."""
    return outcome != APPROVED


def answers_challenges(outcome: str) -> bool:
    """Whether the verdicts that a review was opened for are answered by this outcome."""
    return outcome in {REVISED, KEPT, REJECTED}


def due_in(kind: str, outcome: str) -> timedelta | None:
    """After how long a practice is looked at again; None when it stays as it was."""
    if outcome not in {APPROVED, REVISED, KEPT, REJECTED}:
        return None
    return DUE_AFTER_CHALLENGE if kind == CHALLENGED else DUE_AFTER


def line_of(quote: str, line: int | None, text: str) -> int | None:
    """In which line (from 1) of a text a comment's quote is now, the nearest to where it was; None when it is gone."""
    quote = quote.strip()
    if not quote or line is None:
        return None
    lines: Sequence[str] = text.splitlines()
    places = [number for number, each in enumerate(lines, 1) if each.strip().startswith(quote)]
    return min(places, key=lambda number: (abs(number - line), number), default=None)
