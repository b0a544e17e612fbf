"""When what has been written of a record becomes a version: once a sitting is over, or has become long.

A sitting is over after 30 seconds of silence, 5 minutes, or 2,500 updates. Who wrote what is found out by playing all
of it again, which takes longer the more there is: so it happens beside those who write, a little at a time.
"""

from datetime import datetime, timedelta

SILENCE = timedelta(seconds=30)
LONGEST = timedelta(minutes=5)
MOST_UPDATES = 2500  # 50 people who type without a pause come to it in ten seconds, five of them in two minutes
UNFOUND = timedelta(seconds=5)  # what is being written is found by search after so long; looked for as often

PLAYED_SECONDS, PAUSE_SECONDS = 0.002, 0.004  # of processor in one go, and how long the others then have it alone
READ_AT_ONCE = 500  # updates of the log
NEARLY_ALL, MOST_TIMES = 50, 10  # so few may still be missing when it is cut, or it has been caught up with so often


def is_over(*, updates: int, first: datetime, last: datetime, now: datetime) -> bool:
    """Whether that many updates, made from `first` to `last`, are a version of their own now."""
    return updates >= MOST_UPDATES or now - last >= SILENCE or now - first >= LONGEST
