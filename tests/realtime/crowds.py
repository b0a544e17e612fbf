"""Crowds without a network: time that is moved by hand, sockets that only count, processes that hear each other."""

import heapq
import json
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from realtime.crowd import Crowd
    from realtime.people import Person
    from realtime.places import Listening, Place


class Handle:
    """A call that is planned."""

    cancelled = False

    def cancel(self) -> None:
        """It does not happen."""
        self.cancelled = True


class Loop:
    """As much of an event loop as a crowd needs."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._numbers = count()
        self._due: list[tuple[float, int, Callable[[], None], Handle]] = []

    def time(self) -> float:
        """The time that was reached."""
        return self.now

    def call_at(self, when: float, run: Callable[[], None]) -> Handle:
        """Plans a call."""
        handle = Handle()
        heapq.heappush(self._due, (when, next(self._numbers), run, handle))
        return handle

    def call_soon(self, run: Callable[[], None]) -> Handle:
        """Plans a call for now."""
        return self.call_at(self.now, run)

    def pass_to(self, end: float) -> None:
        """Lets time pass, making the calls that fall due in order."""
        while self._due and self._due[0][0] <= end:
            when, _number, run, handle = heapq.heappop(self._due)
            self.now = max(self.now, when)
            if not handle.cancelled:
                run()
        self.now = max(self.now, end)

    def passes(self, seconds: float) -> None:
        """Lets so much time pass."""
        self.pass_to(self.now + seconds)


class Wire:
    """A socket: whose it is, and what it was sent."""

    def __init__(self, person: "Person") -> None:
        self.person = person
        self.sent: list[str] = []

    def push(self, frame: str) -> None:
        """Takes a frame."""
        self.sent.append(frame)

    def frames(self, type_: str) -> list[dict[str, Any]]:
        """The frames of one type that it was sent."""
        return [frame for frame in map(json.loads, self.sent) if frame["type"] == type_]

    @property
    def shown(self) -> tuple[list[int], int]:
        """Who it was told last is there: those by name, and how many in all."""
        last = self.frames("presence")[-1]
        return [member["id"] for member in last["members"]], last["total"]


class Network:
    """Between processes: what is said is heard at once, as it comes out of Redis, unless it is `down`."""

    def __init__(self) -> None:
        self.processes: dict[str, Crowd] = {}
        self.down = False
        self.overheard_by: Callable[[str], None] = lambda _packed: None

    def carry(self, process: str, place: str, what: str, message: dict[str, Any]) -> None:
        """Has all others hear it."""
        packed = json.dumps({**message, "what": what, "from": process})
        self.overheard_by(packed)
        for other, crowd in list(self.processes.items()):
            if other != process and not self.down:
                crowd.hear(place, json.loads(packed))


class Mouth:
    """A process's way to the others."""

    def __init__(self, network: Network | None, process: str) -> None:
        self.crosses = network is not None
        self._network = network
        self._process = process

    def say(self, place: str, what: str, **message: Any) -> None:
        """Says it to those that are there."""
        if self._network is not None and self._process in self._network.processes:
            self._network.carry(self._process, place, what, message)


class Process:
    """A crowd as one process has it."""

    def __init__(self, loop: Loop, network: Network | None = None, name: str = "one") -> None:
        from realtime.crowd import Crowd

        self.name = name
        self.loop = loop
        self.places: dict[str, Place] = {}
        self.crowd = Crowd(Mouth(network, name), loop)  # type: ignore[arg-type]
        if network is not None:
            network.processes[name] = self.crowd

    def enter(self, person: "Person", stream: str = "thread:1") -> "Listening":
        """A socket of that person arrives."""
        from realtime.places import Listening, Place

        place = self.places.setdefault(stream, Place(stream, self.loop.time()))
        wire: Any = Wire(person)
        listening = place.listening[wire] = Listening(wire, place)
        listening.seq = 0
        self.crowd.entered(place, listening)
        return listening

    def leave(self, listening: "Listening") -> None:
        """It goes away."""
        del listening.place.listening[listening.socket]
        self.crowd.left(listening.place, listening)
        listening.ended = True


def person(number: int, *, named: bool = True) -> "Person":
    """A member."""
    from realtime.people import Person

    return Person(number, f"m{number}", f"Member {number}", "Acme", named)


def wire(listening: "Listening") -> Wire:
    """The socket as the test knows it."""
    found: Any = listening.socket
    assert isinstance(found, Wire)
    return found


def ticking(loop: Loop, *processes: Process) -> None:
    """Has the processes look after their leases each second, for ever."""

    def tick(process: Process) -> None:
        process.crowd.tick()
        loop.call_at(loop.now + 1.0, lambda: tick(process))

    for process in processes:
        tick(process)
