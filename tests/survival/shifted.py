"""Settings of a site whose processes have clocks of their own, each wrong by what a file says, while it runs.

What measures spans of time is to use the clock that nobody can set; who asks for the time of day gets this one.
"""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from tests.settings import *  # noqa: F403
from tests.settings import DATA_DIR

CLOCKS = "clocks"
LOOK_SECONDS = 0.02

_time_of_day, _now = time.time, timezone.now
_looked, _offset = 0.0, 0.0


def offset() -> float:
    """How wrong this process's clock is."""
    global _looked, _offset  # noqa: PLW0603  (the process has one clock)
    if time.monotonic() - _looked >= LOOK_SECONDS:
        _looked = time.monotonic()
        file = Path(DATA_DIR, CLOCKS, str(os.getpid()))
        _offset = float(file.read_text()) if file.exists() else 0.0
    return _offset


def wrong_time() -> float:
    """For `time.time`."""
    return _time_of_day() + offset()


def wrong_now() -> datetime:
    """For Django's, which the site's own clock asks."""
    return _now() + timedelta(seconds=offset())


time.time = wrong_time
timezone.now = wrong_now
