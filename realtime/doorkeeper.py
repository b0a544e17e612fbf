"""Asks the doors again and shows out who may not stay (DESIGN rule 5): whom a change concerns before anything more is
delivered, and everybody in turn, because some things change behind the site's back."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from community.rules import clock
from realtime import doorbell, replay, tickets
from realtime.database import DatabaseThread
from realtime.doorbell import Concerned
from realtime.facts import Doors
from realtime.listeners import Listeners
from realtime.places import Listening
from realtime.rules import ASKED_AT_ONCE, TURNS_A_SWEEP, Closing
from realtime.sockets import Socket

T = TypeVar("T")


class Doorkeeper:
    """Knows where the doors stood when all listeners were judged, and whom it is not sure of.

    `judge` and the `steps` are called by the one reader only.
    """

    def __init__(self, listeners: Listeners, reading: DatabaseThread) -> None:
        self._listeners = listeners
        self._reading = reading
        self._doors: Doors | None = None
        self._unsure: set[Listening] = set()
        self._suspects: set[Socket] = set()
        self._listening_in_turn: list[Listening] = []
        self._sockets_in_turn: list[Socket] = []

    def welcome(self, socket: Socket) -> None:
        """A socket has entered. Who signed out while they were looked up is found out soon."""
        if not self._is_sure(socket.ticket.doors):
            self._suspects.add(socket)

    def let_in(self, listening: Listening, doors: Doors) -> None:
        """Somebody may listen, judged when the doors stood there."""
        listening.doors = doors
        if not self._is_sure(doors):
            self._unsure.add(listening)

    def _is_sure(self, doors: Doors | None) -> bool:
        if self._doors is None:
            self._doors = doors
        return doors is None or self._doors is None or doors.covers(self._doors)

    async def judge(self, doors: Doors) -> None:
        """Returns when everybody who is left may have what was read before the doors stood there."""
        if doors != self._doors:
            changed = await self._reading.run(doorbell.concerned, self._doors, doors)
            self._doubt(changed)
            self._doors = doors
        while self._suspects or self._unsure:
            await self._ask_sockets(list(self._suspects))
            await self._ask_doors(list(self._unsure))

    @property
    def steps(self) -> Sequence[Callable[[], Awaitable[None]]]:
        """What is to be done once a second, in parts between which deliveries can come."""
        return (self._look, *[self._ask_some] * TURNS_A_SWEEP)

    async def _look(self) -> None:
        """Finds changes that no nudge told of, and sessions that expire."""
        now = clock.now()
        sockets = self._listeners.sockets
        self._suspects.update(each for each in sockets if each.ticket.expires and each.ticket.expires <= now)
        if sockets:
            await self.judge(await self._reading.run(doorbell.doors_now))
        self._sockets_in_turn = self._sockets_in_turn or list(sockets)
        self._listening_in_turn = self._listening_in_turn or self._streams_of_others()

    async def _ask_some(self) -> None:
        """Asks without a reason, because some changes nothing tells of: a bounded number at a time, all in turn."""
        await self._ask_sockets(_next(self._sockets_in_turn))
        await self._ask_doors(_next(self._listening_in_turn))

    def _streams_of_others(self) -> list[Listening]:
        """All but members at their own streams, for whom the ticket is all that counts."""
        return [each for each in self._listeners.judged() if not each.place.name.startswith("member:")]

    def _doubt(self, changed: Concerned) -> None:
        """Those to be asked again. In one step, so that nobody comes between it and the new state of the doors."""
        listeners = self._listeners
        if changed.everybody:
            self._suspects.update(listeners.sockets)
            self._unsure.update(listeners.judged())
            return
        sockets = [each for each in listeners.sockets if each.person.id in changed.members]
        self._suspects.update(sockets)
        for socket in sockets:
            self._unsure.update(each for each in listeners.of(socket).values() if each.doors is not None)
        for place in filter(None, (listeners.places.get(f"thread:{number}") for number in changed.threads)):
            self._unsure.update(each for each in place.listening.values() if each.doors is not None)

    async def _ask_sockets(self, sockets: Sequence[Socket]) -> None:
        """Closes the sockets of those who signed out or were suspended."""
        here = [each for each in sockets if each in self._listeners.sockets]
        over = await self._reading.run(tickets.ended, {each.ticket for each in here}) if here else set()
        self._suspects.difference_update(sockets)
        for socket in here:
            if socket.ticket in over:
                self._listeners.leave(socket)
                socket.close(Closing.SIGNED_OUT)

    async def _ask_doors(self, listening: Sequence[Listening]) -> None:
        here = [each for each in listening if not each.ended]
        if here:
            judgement = await self._reading.run(replay.judge, {each.pair for each in here})
            self._listeners.apply(here, judgement.allowed, judgement.doors)
        self._unsure.difference_update(listening)


def _next(waiting: list[T]) -> list[T]:
    """Those whose turn it is."""
    turn = waiting[:ASKED_AT_ONCE]
    del waiting[:ASKED_AT_ONCE]
    return turn
