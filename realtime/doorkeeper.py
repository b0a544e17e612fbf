"""Asks the doors again and shows out who may not stay (DESIGN rule 5): whom a change concerns before anything more is
delivered to them, and everybody in turn, because some things change behind the site's back. Never many at once: what is
for others need not wait for them."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from community.rules import clock
from realtime import doorbell, replay, tickets
from realtime.database import DatabaseThread
from realtime.doorbell import Concerned
from realtime.facts import Doors
from realtime.listeners import Listeners
from realtime.places import Listening, Place
from realtime.rules import ASKED_AT_ONCE, ASKING_SECONDS, TURNS_A_SWEEP, UNSURE_AT_ONCE, Closing
from realtime.sockets import Socket

T = TypeVar("T")


class Doorkeeper:
    """Knows where the doors stand, and which listeners were judged before that.

    `judge`, `ask_the_unsure` and the `steps` are called by the one reader only.
    """

    def __init__(self, listeners: Listeners, reading: DatabaseThread) -> None:
        self._listeners = listeners
        self._reading = reading
        self._doors: Doors | None = None
        self._unsure: set[Listening] = set()
        self._suspects: set[Socket] = set()
        self._first_to_expire: datetime | None = None
        self._listening_in_turn: list[Listening] = []
        self._sockets_in_turn: list[Socket] = []

    def welcome(self, socket: Socket) -> None:
        """A socket has entered. Who signed out while they were looked up is found out soon."""
        if not self._is_sure(socket.ticket.doors):
            self._suspects.add(socket)
        expires = socket.ticket.expires
        if expires and (self._first_to_expire is None or expires < self._first_to_expire):
            self._first_to_expire = expires

    def let_in(self, listening: Listening, doors: Doors) -> None:
        """Somebody may listen, judged when the doors stood there."""
        listening.doors = doors
        if not self._is_sure(doors):
            self._unsure.add(listening)

    def _is_sure(self, doors: Doors | None) -> bool:
        if self._doors is None:
            self._doors = doors
        return doors is None or self._doors is None or doors.covers(self._doors)

    def vouches(self, socket: Socket, doors: Doors) -> bool:
        """Whether its ticket is known to have been good when the doors stood there."""
        if socket.ticket.doors is not None and socket.ticket.doors.covers(doors):
            return True
        return self._doors is not None and self._doors.covers(doors) and socket not in self._suspects

    def show_out(self, socket: Socket) -> None:
        """Its ticket is over."""
        self._listeners.leave(socket)
        socket.close(Closing.SIGNED_OUT)

    async def judge(self, doors: Doors, places: Collection[Place]) -> set[str]:
        """Whoever is left in these places may have what was read before the doors stood there; but for those that are
        given back by name, in which too many are to be asked again: they have to wait for another time."""
        await self._note(doors)
        if self.unsure:
            await self._ask(self._unsure_in(places)[:UNSURE_AT_ONCE])
        return {each.place.name for each in self._unsure_in(places)}

    @property
    def unsure(self) -> bool:
        """Whether somebody is to be asked again."""
        return bool(self._suspects or self._unsure)

    async def ask_the_unsure(self) -> None:
        """Some of them, and a moment for the pages."""
        await self._ask_sockets(list(islice(self._suspects, UNSURE_AT_ONCE)))
        await self._ask_doors(list(islice(self._unsure, UNSURE_AT_ONCE)))
        await asyncio.sleep(ASKING_SECONDS)

    async def _note(self, doors: Doors) -> None:
        """Takes note of where they stand, and of whom the changes concern."""
        if doors != self._doors:
            changed = await self._reading.run(doorbell.concerned, self._doors, doors)
            self._doubt(changed)
            self._doors = doors
            if self._suspects and changed.members:
                self._listeners.meet(await self._reading.run(tickets.people, changed.members))

    def _unsure_in(self, places: Collection[Place]) -> list[Listening]:
        """Those to be asked again, the places with the fewest first, so that they need not wait for a crowd."""
        if not self.unsure:
            return []
        found = [[each for each in place.listening.values() if self._is_unsure(each)] for place in places]
        return [each for some in sorted(found, key=len) for each in some]

    def _is_unsure(self, listening: Listening) -> bool:
        return listening in self._unsure or listening.socket in self._suspects

    @property
    def steps(self) -> Sequence[Callable[[], Awaitable[None]]]:
        """What is to be done once a second, in parts between which deliveries can come."""
        return (self._look, *[self._ask_some] * TURNS_A_SWEEP)

    async def _look(self) -> None:
        """Finds changes that no nudge told of, and sessions that expire."""
        sockets = self._listeners.sockets
        self._suspect_the_expired()
        if sockets:
            await self._note(await self._reading.run(doorbell.doors_now))
        self._sockets_in_turn = self._sockets_in_turn or list(sockets)
        self._listening_in_turn = self._listening_in_turn or self._streams_of_others()

    def _suspect_the_expired(self) -> None:
        """None is looked at before the first of those who came is due; who has left meanwhile is one look too many."""
        now = clock.now()
        if self._first_to_expire and self._first_to_expire <= now:
            expiring = {each: each.ticket.expires for each in self._listeners.sockets if each.ticket.expires}
            self._suspects.update(each for each, expires in expiring.items() if expires <= now)
            self._first_to_expire = min(expiring.values(), default=None)

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
        sockets = [socket for member_id in changed.members for socket in listeners.of_member(member_id)]
        self._suspects.update(sockets)
        for socket in sockets:
            self._unsure.update(each for each in listeners.of(socket).values() if each.doors is not None)
        for place in filter(None, (listeners.places.get(f"thread:{number}") for number in changed.threads)):
            self._unsure.update(each for each in place.listening.values() if each.doors is not None)

    async def _ask(self, listening: Sequence[Listening]) -> None:
        """Both: whether they are still signed in, and whether they may listen there."""
        await self._ask_sockets(list({each.socket: None for each in listening if each.socket in self._suspects}))
        await self._ask_doors([each for each in listening if each in self._unsure])

    async def _ask_sockets(self, sockets: Sequence[Socket]) -> None:
        """Closes the sockets of those who signed out or were suspended."""
        here = [each for each in sockets if each in self._listeners.sockets]
        over = await self._reading.run(tickets.ended, {each.ticket for each in here}) if here else set()
        self._suspects.difference_update(sockets)
        for socket in here:
            if socket.ticket in over:
                self.show_out(socket)

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
