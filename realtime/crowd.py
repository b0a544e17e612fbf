"""What places tell besides events: who is present, who is typing, that a space changed. All of it coalesced.

Processes tell each other whom they have when it changed, and every few seconds that they live and at which number each
of their lists stands; who lacks one asks for it. So a lost message is made good, and a crash is noticed within a lease.
"""

import asyncio
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from realtime import frames
from realtime.bridge import Bridge, Message
from realtime.frames import Frame
from realtime.online import Online
from realtime.pace import Budget, Pace
from realtime.peers import Peers
from realtime.people import Person
from realtime.places import Listening, Place, Room
from realtime.presence import newest_version
from realtime.rules import (
    ALIVE_SECONDS,
    CROWD,
    FRESH_SECONDS,
    HINT_SECONDS,
    HINTS_TO_A_PLACE,
    PRESENCE_SECONDS,
    PRESENCE_TO_A_PLACE,
    READERS_A_SECOND,
    TICK_SECONDS,
    TYPING_CROSSINGS,
    TYPING_SECONDS,
    WRITES_A_PROCESS,
    WRITES_BETWEEN_BREATHS,
)

PRESENCE, TYPING, HINT, ASK, ALIVE = "presence", "typing", "hint", "ask", "alive"


class Crowd:
    """Sends these frames for the hub, not more often than the rules say.

    `totals` is how many people are in which thread, `online` who is on line at all; `unnamed` are members who count
    without their name.
    """

    def __init__(self, bridge: Bridge, loop: asyncio.AbstractEventLoop) -> None:
        self.totals: dict[int, int] = {}
        self.unnamed: set[int] = set()
        self.online = Online()
        self._bridge = bridge
        self._loop = loop
        self._rooms: dict[str, Room] = {}
        self._peers = Peers()
        self._paces = {
            PRESENCE: Pace(PRESENCE_SECONDS, PRESENCE_TO_A_PLACE, WRITES_A_PROCESS),
            HINT: Pace(HINT_SECONDS, HINTS_TO_A_PLACE, WRITES_A_PROCESS),
        }
        self._typing = Budget(WRITES_A_PROCESS, loop.time())
        self._crossings = Budget(TYPING_CROSSINGS, loop.time())
        self._alive_at = 0.0
        self._recount = False

    # On line

    def came(self, person: Person) -> None:
        """A member's first socket is here."""
        self.online.here.add(person.id)
        if not person.named:
            self.unnamed.add(person.id)

    def went(self, person: Person) -> None:
        """Their last one is gone."""
        self.online.here.discard(person.id)

    # Present

    def entered(self, place: Place, listening: Listening) -> None:
        """Somebody arrived, or is back from catching up: they see at once who is there, the others soon."""
        room = place.room
        if room is None:
            return
        changed = not listening.present and self._counts(room, listening)
        listening.present, listening.shown = True, None
        room.newcomers.add(listening)
        self._show(listening, self._first_frame(room))
        if changed:
            self._changed(room)

    def _counts(self, room: Room, listening: Listening) -> bool:
        """Counts them; whether that changes anything."""
        if not room.presence.here:
            self._rooms[room.place.name] = room
            self._bridge.say(room.place.name, ASK)
        person = listening.socket.person
        if not person.named:
            self.unnamed.add(person.id)
        return room.presence.enter(person, named=person.id not in self.unnamed)

    def _first_frame(self, room: Room) -> Frame:
        """In a crowd one that was made just before is right enough."""
        now, last = self._loop.time(), room.presence.last_frame
        if last is not None and room.presence.total > CROWD and now < room.framed_at + FRESH_SECONDS:
            return last
        room.framed_at = now
        return room.presence.frame(room.place.wire_name, self.unnamed)

    def left(self, place: Place, listening: Listening) -> None:
        """Somebody left."""
        room = place.room
        if room is None:
            return
        room.newcomers.discard(listening)
        gone = room.presence.leave(listening.socket.person)
        if not room.presence.here:
            self._emptied(room)
        elif gone:
            self._changed(room)

    def met(self, place: Place, person: Person) -> None:
        """Somebody who is there has another name or organization now."""
        if place.room is not None and place.room.presence.renew(person):
            self._changed(place.room)

    def _emptied(self, room: Room) -> None:
        del self._rooms[room.place.name]
        self._cancel(room.place, PRESENCE)
        room.presence.forget_all()
        self._announce(room)
        self._recount = True

    def choose(self, unnamed: set[int]) -> None:
        """These members, and no others, count without their name from now on. Names that are to go go at once."""
        changed, self.unnamed = unnamed ^ self.unnamed, unnamed
        for member_id in changed:
            for room in self._rooms.values():
                if room.presence.shows(member_id):
                    self._cancel(room.place, PRESENCE)
                    room.newcomers.clear()
                    room.told_at = room.framed_at = float("-inf")
                    self._changed(room)
                here = room.presence.choose(member_id, named=member_id not in unnamed)
                if here or room.presence.named_elsewhere(member_id):
                    self._changed(room)

    def _changed(self, room: Room) -> None:
        self._recount = True
        now, pause = self._loop.time(), self._paces[PRESENCE].pause(len(room.place.listening))
        due = max(now + PRESENCE_SECONDS, room.told_at + pause)
        self._plan(room.place, PRESENCE, due, lambda: self._show_everybody(room))

    def _show_everybody(self, room: Room) -> None:
        """In a crowd those who came since the last frame, and so have a recent one, wait for the next."""
        room.told_at = room.framed_at = self._loop.time()
        frame = room.presence.frame(room.place.wire_name, self.unnamed)
        if room.presence.news:
            self._announce(room)
        lacking = [each for each in room.place.live() if each.shown is not frame]
        newcomers, room.newcomers = room.newcomers, set()
        told = [each for each in lacking if each not in newcomers] if room.presence.total > CROWD else lacking
        self._write(room.place, PRESENCE, told, lambda each: self._show(each, frame))
        if len(told) < len(lacking):
            self._changed(room)

    def _show(self, listening: Listening, frame: Frame) -> None:
        if listening.shown is not frame:
            listening.shown = frame
            listening.socket.push(frame)

    # Typing

    def type(self, place: Place, listening: Listening) -> None:
        """Somebody types: the others in the place are told, now and then. Who counts without a name types unseen."""
        room, person, now = place.room, listening.socket.person, self._loop.time()
        if room is None or not listening.live or now - listening.typed_at < TYPING_SECONDS:
            return
        listening.typed_at = now
        if not room.presence.names(person):
            return
        self._show_typing(room, person.as_shown())
        if self._crossings.covers(now):
            self._crossings.spend(1)
            self._bridge.say(place.name, TYPING, member=person.as_shown())

    def _show_typing(self, room: Room, member: dict[str, Any]) -> None:
        now = self._loop.time()
        if not (room.typing.covers(now) and self._typing.covers(now)):
            return
        frame = frames.write(TYPING, stream=room.place.wire_name, member=member)
        others = [each for each in room.place.live() if each.socket.person.id != member["id"]]
        for budget in (room.typing, self._typing):
            budget.spend(len(others))
        self._write(room.place, TYPING, others, lambda each: each.socket.push(frame))

    # Hints

    def hint(self, place: Place) -> None:
        """A space changed: its listeners are told, at once or when the last hint is long enough ago."""
        due = place.hinted_at + self._paces[HINT].pause(len(place.listening))
        self._plan(place, HINT, due, lambda: self._send_hint(place))

    def _send_hint(self, place: Place) -> None:
        place.hinted_at = self._loop.time()
        within = len(place.listening) // READERS_A_SECOND
        frame = frames.write(HINT, stream=place.wire_name, **({"within": within} if within else {}))
        self._write(place, HINT, place.live(), lambda each: each.socket.push(frame))

    # The other processes

    def hear(self, name: str, message: Message) -> None:
        """What another process says: that it lives, who is there, who types."""
        process, what, room = message["from"], message["what"], self._rooms.get(name)
        self._peers.heard(process, self._loop.time())
        if what == ALIVE:
            self._hear_alive(process, message)
        elif room is None:
            return
        elif what == TYPING and message["member"]["id"] not in self.unnamed:
            self._show_typing(room, message["member"])
        elif what == ASK:
            self._announce(room)
        elif what == PRESENCE and room.presence.hear(process, message):
            self._changed(room)

    def _hear_alive(self, process: str, message: Message) -> None:
        """What it had and does not name any more is over; what it says and we lack is asked for."""
        numbers = {name: number for name, number, _people in message["rooms"]}
        self._peers.has(process, {name: people for name, _number, people in message["rooms"]})
        self.online.hear(process, message["online"])
        self._recount = True
        for name, room in self._rooms.items():
            heard = room.presence.heard_of(process)
            if numbers.get(name, 0) > heard:
                self._bridge.say(name, ASK)
            elif name not in numbers and heard < message["upto"] and room.presence.forget(process):
                self._changed(room)

    def _announce(self, room: Room) -> None:
        if self._bridge.crosses:
            self._bridge.say(room.place.name, PRESENCE, **room.presence.announcement())

    async def run(self) -> None:
        """Looks after the leases, for ever."""
        late = 0.0
        while True:
            self.tick(late)
            due = self._loop.time() + TICK_SECONDS
            await asyncio.sleep(TICK_SECONDS)
            late = self._loop.time() - due

    def tick(self, late: float = 0.0) -> None:
        """Ends leases that ran out, says that we live when it is time, and counts who is where for the pages.

        For so many seconds this process was stopped: what the others said then may still be unread.
        """
        now = self._loop.time()
        self._peers.wait(late)
        for process in self._peers.over(now):
            self._recount = True
            self.online.forget(process)
            for room in self._rooms.values():
                if room.presence.forget(process):
                    self._changed(room)
        if self._bridge.crosses and now >= self._alive_at:
            self._alive_at = now + ALIVE_SECONDS
            rooms = [[name, room.presence.announced, room.presence.here] for name, room in self._rooms.items()]
            online = list(self.online.here - self.unnamed)
            self._bridge.say("", ALIVE, upto=newest_version(), rooms=rooms, online=online)
        if self._recount:
            self._recount = False
            here = {name: room.presence.total for name, room in self._rooms.items()}
            found = self._peers.totals() | here
            self.totals = {int(name.removeprefix("thread:")): total for name, total in found.items()}

    # Writing

    def close(self, place: Place) -> None:
        """Nobody listens there any more."""
        for what in list(place.timers):
            self._cancel(place, what)

    def _plan(self, place: Place, what: str, due: float, run: Callable[[], None]) -> None:
        """Has `run` called when it is due, unless that is planned already."""
        if what in place.timers:
            return
        if due <= self._loop.time():
            run()
            return

        def run_now() -> None:
            self._cancel(place, what)
            run()

        self._paces[what].plan(place.name, len(place.listening))
        place.timers[what] = self._loop.call_at(due, run_now)

    def _cancel(self, place: Place, what: str) -> None:
        if what in place.timers:
            place.timers.pop(what).cancel()
        if what in self._paces:
            self._paces[what].done(place.name)

    def _write(
        self, place: Place, what: str, listening: Sequence[Listening], push: Callable[[Listening], None]
    ) -> None:
        """Some at a time, so that pages get their turn; what is newer takes the place of what is under way."""
        under_way, left = f"{what} under way", iter(listening)
        self._cancel(place, under_way)

        def write_some() -> None:
            some = list(islice(left, WRITES_BETWEEN_BREATHS))
            for each in some:
                if each.live:
                    push(each)
            if len(some) == WRITES_BETWEEN_BREATHS:
                place.timers[under_way] = self._loop.call_soon(write_some)
            else:
                place.timers.pop(under_way, None)

        write_some()
