"""How much what a thing is raises or lowers it among hits: solved and validated a bit up, stale and warned of down."""

from datetime import datetime, timedelta

FRESH, STALE = timedelta(days=180), timedelta(days=3 * 365)
LAST = 0.0  # comes after everything else
_SOLVED = 1.15
_VALIDATED, _UNFINISHED, _WARNED = 1.3, 0.9, 0.6
_NOT_VALIDATED, _BY_SCORE = 0.9, 0.4
_OVERDUE = 0.9
_STALE, _STALE_BUT_VALIDATED = 0.8, 0.9


def of_thread(*, resolved: bool, active_at: datetime, now: datetime) -> float:
    """What a thread's score is multiplied by."""
    return (_SOLVED if resolved else 1.0) * freshness(now - active_at, _STALE)


def of_practice(
    *, confidence: str, score: int, warned: bool, touched_at: datetime, due_at: datetime | None, now: datetime
) -> float:
    """What a practice's score is multiplied by; LAST for an archived one."""
    if confidence == "archived":
        return LAST
    validated = confidence == "validated"
    factor = freshness(now - touched_at, _STALE_BUT_VALIDATED if validated else _STALE)
    if due_at is not None and due_at < now:
        factor *= _OVERDUE
    if warned:
        return factor * _WARNED
    if validated:
        return factor * _VALIDATED
    return factor * (_UNFINISHED if confidence == "work_in_progress" else _NOT_VALIDATED + _BY_SCORE * score / 100)


def freshness(age: timedelta, least: float) -> float:
    """1 for what happened lately, falling to `least` for what is long ago."""
    gone = (age - FRESH) / (STALE - FRESH)
    return 1.0 - (1.0 - least) * min(1.0, max(0.0, gone))
