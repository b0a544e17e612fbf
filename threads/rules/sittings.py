"""When what has been written of a record becomes a version: once a sitting is over, or has become long."""

from datetime import datetime, timedelta

SILENCE = timedelta(seconds=30)
LONGEST = timedelta(minutes=5)
MOST_UPDATES = 500
UNFOUND = timedelta(seconds=5)  # what is being written is found by search after so long; looked for as often


def is_over(*, updates: int, first: datetime, last: datetime, now: datetime) -> bool:
    """Whether that many updates, made from `first` to `last`, are a version of their own now."""
    return updates >= MOST_UPDATES or now - last >= SILENCE or now - first >= LONGEST
