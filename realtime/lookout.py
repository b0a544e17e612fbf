"""Finds in the log what no nudge told of: streams that have grown, and spaces in which something changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from realtime import replay
from realtime.database import DatabaseThread
from realtime.hints import Changes, Row, Tail
from realtime.listeners import Listeners
from realtime.rules import COMPARED_A_SWEEP


@dataclass(frozen=True)
class News:
    """The numbers at which streams stand, and the names of spaces that changed."""

    grown: dict[str, int] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()


class Lookout:
    """Looks for the places that have listeners here: at the end of the log for all of them, and, because the log is
    the truth, at some of the streams themselves, in turn. `look` is called by the hub's one reader only."""

    def __init__(self, listeners: Listeners, reading: DatabaseThread, changes: Changes) -> None:
        self._listeners = listeners
        self._reading = reading
        self._changes = changes
        self._tail = Tail()
        self._begun = False
        self._in_turn: list[str] = []

    async def begin(self) -> None:
        """Called when somebody is registered, and before the log is read for them: from now on everything is news."""
        if not self._begun:
            await self._reading.run(self._tail.begin)
            self._begun = True

    async def look(self) -> News:
        """What is to be read or hinted. While nobody listens the log is left alone."""
        if not self._listeners.places:
            self._begun = False
        if not self._begun:
            return News()
        rows, slugs = await self._reading.run(self._read)
        grown = await self._compared()
        for row in rows:
            name = str(row.key)
            grown[name] = max(row.seq, grown.get(name, 0))
        return News(self._unread() | grown, frozenset(f"space:{slug}" for slug in slugs))

    def _read(self) -> tuple[Sequence[Row], set[str]]:
        rows = self._tail.look()
        return rows, self._changes.among(rows)

    async def _compared(self) -> dict[str, int]:
        """Where the streams whose turn it is stand: all within seconds, and on a small site all each time."""
        if not self._in_turn:
            self._in_turn = [place.name for place in self._listeners.places.values() if place.numbered]
        names, self._in_turn = self._in_turn[:COMPARED_A_SWEEP], self._in_turn[COMPARED_A_SWEEP:]
        return await self._reading.run(replay.numbers, names) if names else {}

    def _unread(self) -> dict[str, int]:
        """Places that were told of what could not be read then."""
        places = self._listeners.places.values()
        return {place.name: place.told for place in places if place.seq is not None and place.told > place.seq}
