"""Who is in a thread now, here and on other processes.

Here everybody counts who is subscribed. Other processes announce their lists and are believed for a lease, so that
a crash leaves nobody behind for longer. Pure bookkeeping: the hub sends, and says what time it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from realtime import frames
from realtime.people import Person
from realtime.rules import (
    LEASE_SECONDS,
    MOST_IDS_ANNOUNCED,
    MOST_PRESENCE_SECONDS,
    NAMES_SHOWN,
    PRESENCE_SECONDS,
    PRESENCE_SECONDS_A_THOUSAND,
)


@dataclass(frozen=True)
class Announced:
    """What another process said of itself: the first people, the ids of all unless they are too many, how many."""

    until: float
    people: tuple[Person, ...]
    ids: frozenset[int]
    total: int


class Presence:
    """The people of one place, each once, in order of arrival."""

    def __init__(self) -> None:
        self._here: dict[int, Person] = {}
        self._sockets: dict[int, int] = {}
        self._elsewhere: dict[str, Announced] = {}

    def enter(self, person: Person) -> None:
        """One more socket of this person."""
        self._here.setdefault(person.id, person)
        self._sockets[person.id] = self._sockets.get(person.id, 0) + 1

    def leave(self, person: Person) -> None:
        """One socket less; with the last one the person is gone."""
        self._sockets[person.id] -= 1
        if not self._sockets[person.id]:
            del self._sockets[person.id], self._here[person.id]

    def hear(self, process: str, message: Mapping[str, Any], now: float) -> None:
        """Takes what another process announced; an empty list takes the process off."""
        if not message["total"]:
            self._elsewhere.pop(process, None)
            return
        people = tuple(Person(*row) for row in message["people"])
        self._elsewhere[process] = Announced(now + LEASE_SECONDS, people, frozenset(message["ids"]), message["total"])

    def expire(self, now: float) -> bool:
        """Ends the leases that ran out; whether there were any."""
        over = [process for process, announced in self._elsewhere.items() if announced.until < now]
        for process in over:
            del self._elsewhere[process]
        return bool(over)

    def announcement(self) -> dict[str, Any]:
        """What to tell the other processes."""
        people = list(self._here.values())
        shown = [(person.id, person.handle, person.name, person.organization) for person in people[:NAMES_SHOWN]]
        ids = list(self._here) if len(people) <= MOST_IDS_ANNOUNCED else []
        return {"people": shown, "ids": ids, "total": len(people)}

    @property
    def here(self) -> int:
        """How many people this process has."""
        return len(self._here)

    @property
    def total(self) -> int:
        """How many people: exact while no process has more than it announces by id, else a sum."""
        ids, uncounted = set(self._here), 0
        for announced in self._elsewhere.values():
            ids |= announced.ids
            uncounted += 0 if announced.ids else announced.total
        return len(ids) + uncounted

    def frame(self, stream: str) -> str:
        """The frame for everybody: the first few by name, and how many in all."""
        people = dict(list(self._here.items())[:NAMES_SHOWN])
        for announced in self._elsewhere.values():
            people |= {person.id: person for person in announced.people if person.id not in people}
        shown = [person.as_shown() for person in list(people.values())[:NAMES_SHOWN]]
        return frames.write("presence", stream=stream, members=shown, total=self.total)

    @property
    def pause(self) -> float:
        """Seconds between two frames: the more people, the longer, so that a crowd is not told of one by one."""
        return min(MOST_PRESENCE_SECONDS, PRESENCE_SECONDS + PRESENCE_SECONDS_A_THOUSAND * self.total / 1000)
