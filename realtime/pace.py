"""How often many may be told: the more listeners, the longer the wait, so that the writes a second stay bounded."""


class Pace:
    """The wait between two frames to a place: for its listeners, and for those of all places that are to be told."""

    def __init__(self, least: float, a_place: int, a_process: int) -> None:
        self._least = least
        self._a_place = a_place
        self._a_process = a_process
        self._planned: dict[str, int] = {}
        self._waiting = 0

    def pause(self, listeners: int) -> float:
        """Seconds from one frame to the next, for a place with so many listeners."""
        return max(self._least, listeners / self._a_place, self._waiting / self._a_process)

    def plan(self, place: str, listeners: int) -> None:
        """A place with so many listeners is to be told."""
        self.done(place)
        self._planned[place] = listeners
        self._waiting += listeners

    def done(self, place: str) -> None:
        """It is told, or is not to be told any more."""
        self._waiting -= self._planned.pop(place, 0)


class Budget:
    """So many writes a second: what costs more at once is let through and paid off before the next."""

    __slots__ = ("at", "left", "rate")

    def __init__(self, rate: float, now: float) -> None:
        self.rate = rate
        self.left = rate
        self.at = now

    def covers(self, now: float) -> bool:
        """Whether something may be written now. A clock that goes back pays nothing off."""
        self.left = min(self.rate, self.left + max(0.0, now - self.at) * self.rate)
        self.at = now
        return self.left > 0

    def spend(self, writes: int) -> None:
        """It is written."""
        self.left -= writes
