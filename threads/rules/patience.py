"""How long somebody who is asked for help has to answer before the next one is asked."""

from datetime import datetime, timedelta

# Until the next one is asked: a critical problem cannot wait for somebody who is at lunch, a low one for a working day.
_BY_SEVERITY = {
    1: timedelta(minutes=10),
    2: timedelta(minutes=30),
    3: timedelta(hours=2),
    4: timedelta(hours=8),
}
# At least this long: less is not enough to read what is asked.
LEAST = timedelta(minutes=5)
# At most this part of what is left, so that three others can be asked before help is due.
_PART = 4
# Whoever goes home in less than this was asked because it is allowed, and gets the whole time.
_LEAVING = timedelta(minutes=10)


def answer_by(*, now: datetime, severity: int, due: datetime, shift_ends: datetime | None = None) -> datetime:
    """Until when somebody asked now may think: by how bad it is, when help is due, and when their shift ends."""
    patience = min(_BY_SEVERITY[severity], (due - now) / _PART)
    until = now + max(patience, LEAST)
    if shift_ends is not None and shift_ends - now >= _LEAVING:
        until = min(until, shift_ends)
    return until


def twice(asked_at: datetime, until: datetime) -> timedelta:
    """How long somebody waits for what they wanted to know before the next one is asked as well."""
    return 2 * max(until - asked_at, LEAST)
