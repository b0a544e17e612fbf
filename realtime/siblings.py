"""What the processes that share a listening socket tell each other, in memory that all of them have."""

import math
import mmap
import tempfile
import time
from typing import IO

FRESH_SECONDS = 3.0  # who has not said for so long what it carries is dead or stuck
READING_SECONDS = 0.25  # who has readers all the time for longer is not waited for, and may have died with them
CARRIED, SAID, READING = range(3)
NUMBERS = 3
BYTES_A_NUMBER = 8


def room_for(processes: int) -> IO[bytes]:
    """A file without a name for what so many processes tell; they inherit its descriptor."""
    room = tempfile.TemporaryFile()  # noqa: SIM115  (whoever starts them closes it)
    room.truncate(processes * NUMBERS * BYTES_A_NUMBER)
    return room


class Siblings:
    """A few numbers of each process: what it carries, when it said so, and since when somebody waits for a page there.

    The descriptor is of a file from `room_for`. Two processes that share a place while one takes over from the other
    overwrite what they said, which does no harm.
    """

    def __init__(self, descriptor: int, place: int) -> None:
        numbers = memoryview(mmap.mmap(descriptor, 0)).cast("d")
        rows = [numbers[start : start + NUMBERS] for start in range(0, len(numbers), NUMBERS)]
        self._mine = rows.pop(place)
        self._others = rows

    def say(self, carried: float) -> None:
        """What this process carries now."""
        self._mine[CARRIED] = carried
        self._mine[SAID] = time.monotonic()

    def least(self) -> float:
        """The least that one of the others carries; infinite when none has said so lately."""
        since = time.monotonic() - FRESH_SECONDS
        return min((other[CARRIED] for other in self._others if other[SAID] > since), default=math.inf)

    def say_reading(self, reading: bool) -> None:
        """Whether somebody waits for a page in this process, from now on."""
        self._mine[READING] = time.monotonic() if reading else 0.0

    def is_reading(self) -> bool:
        """Whether somebody has begun to wait for a page in one of the others, not too long ago."""
        return any(other[READING] and other[READING] > time.monotonic() - READING_SECONDS for other in self._others)
