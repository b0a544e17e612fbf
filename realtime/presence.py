"""Who is in a thread now, here and on other processes.

Here everybody counts who is subscribed. Other processes announce whom they have; a member with tabs on several counts
once, however many there are. Some members count without their name, which then never leaves this process. Pure
bookkeeping: every step costs what it changes, whatever the size of the crowd. `crowd.py` says what and when.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from realtime import frames
from realtime.people import Person
from realtime.rules import NAMES_SHOWN

_versions = count(1)


def newest_version() -> int:
    """A number that no announcement made so far has; the next ones have it or higher ones."""
    return next(_versions)


@dataclass(frozen=True)
class Announced:
    """What another process said last: its number there, the first people by name, and the ids of all."""

    version: int
    people: tuple[Person, ...]
    ids: frozenset[int]


class Presence:
    """The people of one place, each once, in order of arrival."""

    def __init__(self) -> None:
        self._sockets: dict[int, int] = {}
        self._named: dict[int, Person] = {}
        self._unnamed: dict[int, Person] = {}
        self._elsewhere: dict[str, Announced] = {}
        self._processes: dict[int, int] = {}
        self._on_both = 0
        self._shown: tuple[list[Person], int] | None = None
        self._frame: frames.Frame | None = None
        self.announced = 0
        self.news = False

    # Here

    def enter(self, person: Person, *, named: bool = True) -> bool:
        """One more socket of this person; whether that changes anything."""
        sockets = self._sockets.get(person.id, 0)
        self._sockets[person.id] = sockets + 1
        if sockets:
            return self.choose(person.id, named=named)
        (self._named if named else self._unnamed)[person.id] = person
        self._on_both += person.id in self._processes
        self.news = True
        return True

    def leave(self, person: Person) -> bool:
        """One socket less; whether it was the last, and the person is gone."""
        self._sockets[person.id] -= 1
        if self._sockets[person.id]:
            return False
        del self._sockets[person.id]
        self._named.pop(person.id, None)
        self._unnamed.pop(person.id, None)
        self._on_both -= person.id in self._processes
        self.news = True
        return True

    def choose(self, member_id: int, *, named: bool) -> bool:
        """Counts a member with or without their name from now on; whether that is a change."""
        before, after = (self._unnamed, self._named) if named else (self._named, self._unnamed)
        person = before.pop(member_id, None)
        if person is None:
            return False
        after[member_id] = person
        self.news = True
        return True

    def renew(self, person: Person) -> bool:
        """Shows a member who is here as this person from now on; whether that is a change."""
        among = self._named if person.id in self._named else self._unnamed
        if among.get(person.id, person) == person:
            return False
        among[person.id] = person
        self.news = True
        return True

    def names(self, person: Person) -> bool:
        """Whether this person, who is here, is shown by name."""
        return person.id in self._named

    @property
    def here(self) -> int:
        """How many people this process has."""
        return len(self._sockets)

    def announcement(self) -> dict[str, Any]:
        """What to tell the other processes."""
        self.announced, self.news = next(_versions), False
        first = islice(self._named.values(), NAMES_SHOWN)
        people = [(person.id, person.handle, person.name, person.organization) for person in first]
        return {"version": self.announced, "people": people, "ids": list(self._sockets)}

    # Elsewhere

    def hear(self, process: str, message: Mapping[str, Any]) -> bool:
        """Takes what another process announced, unless it is old; whether it was news."""
        if message["version"] <= self.heard_of(process):
            return False
        people = tuple(Person(*row) for row in message["people"])
        announced = Announced(message["version"], people, frozenset(message["ids"]))
        before = self._elsewhere.get(process)
        self._elsewhere[process] = announced
        self._count(before.ids if before else frozenset(), announced.ids)
        return before is None or (before.people, before.ids) != (people, announced.ids)

    def named_elsewhere(self, member_id: int) -> bool:
        """Whether another process named this member."""
        return any(person.id == member_id for announced in self._elsewhere.values() for person in announced.people)

    def heard_of(self, process: str) -> int:
        """The number of what was heard last of a process; 0 for nothing."""
        announced = self._elsewhere.get(process)
        return announced.version if announced else 0

    def forget(self, process: str) -> bool:
        """Takes a process off; whether it had anybody."""
        announced = self._elsewhere.pop(process, None)
        if announced is None:
            return False
        self._count(announced.ids, frozenset())
        return bool(announced.ids)

    def forget_all(self) -> None:
        """Takes all other processes off."""
        for process in list(self._elsewhere):
            self.forget(process)

    def _count(self, before: frozenset[int], after: frozenset[int]) -> None:
        for member_id in after - before:
            processes = self._processes.get(member_id, 0)
            self._processes[member_id] = processes + 1
            self._on_both += not processes and member_id in self._sockets
        for member_id in before - after:
            self._processes[member_id] -= 1
            if not self._processes[member_id]:
                del self._processes[member_id]
                self._on_both -= member_id in self._sockets

    # All

    @property
    def total(self) -> int:
        """How many people, with and without names."""
        return len(self._sockets) + len(self._processes) - self._on_both

    @property
    def last_frame(self) -> frames.Frame | None:
        """The frame made last, which may be out of date."""
        return self._frame

    def frame(self, stream: str, unnamed: Collection[int] = ()) -> frames.Frame:
        """The frame for everybody: the first few by name, and how many in all. The same one while nothing changes.

        `unnamed` count without their name, also when another process has not heard of it yet.
        """
        shown = (self._first(unnamed), self.total)
        if self._frame is None or shown != self._shown:
            members = [person.as_shown() for person in shown[0]]
            self._shown, self._frame = shown, frames.write("presence", stream=stream, members=members, total=shown[1])
        return self._frame

    def shows(self, member_id: int) -> bool:
        """Whether the frame made last has this member's name."""
        return self._shown is not None and any(person.id == member_id for person in self._shown[0])

    def _first(self, unnamed: Collection[int]) -> list[Person]:
        people = {person.id: person for person in islice(self._named.values(), NAMES_SHOWN)}
        for announced in self._elsewhere.values():
            people |= {person.id: person for person in announced.people if person.id not in unnamed} | people
        return list(people.values())[:NAMES_SHOWN]
