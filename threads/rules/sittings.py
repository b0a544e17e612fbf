"""When what has been written of a record becomes a version: once a sitting is over, or has become long."""

from datetime import datetime, timedelta

SILENCE = timedelta(seconds=30)
LONGEST = timedelta(minutes=5)
MOST_UPDATES = 500


def is_over(*, updates: int, first: datetime, last: datetime, now: datetime) -> bool:
    """Whether that many updates, made from `first` to `last`, are a version of their own now."""
    return updates >= MOST_UPDATES or now - last >= SILENCE or now - first >= LONGEST
