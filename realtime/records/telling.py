"""Who writes where, told at a pace: to the seats of a record, and to the other processes."""

import asyncio
from collections.abc import Iterable, Sequence

from realtime.bridge import Bridge, Message
from realtime.crowd import Crowd
from realtime.records import wire
from realtime.records.awareness import alone
from realtime.records.limits import (
    CROWDED,
    CROWDED_SECONDS,
    SILENT_SECONDS,
    THRONGED,
    THRONGED_SECONDS,
    TOLD_SECONDS,
)
from realtime.records.rooms import Room
from realtime.records.seats import Mode, Seat
from realtime.records.wire import Entry

AWARE, ASK = "aware", "ask"


class Telling:
    """Readers are told, but nobody is told of them here: who reads is in the thread's presence."""

    def __init__(self, bridge: Bridge, crowd: Crowd, loop: asyncio.AbstractEventLoop) -> None:
        self._bridge = bridge
        self._crowd = crowd
        self._loop = loop
        self._unnamed = frozenset(crowd.unnamed)

    def opened(self, room: Room) -> None:
        """The first seat here: the other processes say whom they have."""
        self._bridge.say(room.name, ASK)

    def enter(self, seat: Seat) -> None:
        """Somebody new, whose choice to have no name counts at once."""
        if not seat.person.named:
            self._crowd.unnamed.add(seat.person.id)

    def hear(self, room: Room, seat: Seat, said: Sequence[Entry]) -> None:
        """What a seat says of its own client; whatever it says of others is left aside. Before it is judged nobody is
        told."""
        if seat.mode is None:
            seat.early = said
            return
        for entry in said:
            if seat.client is None and entry.state != b"null" and self._is_free(room, seat, entry.client):
                seat.client = entry.client
                if seat.mode is Mode.WRITE:
                    room.claims[entry.client] = seat.person.id
            if entry.client == seat.client:
                self._hear(room, seat, entry)

    def _is_free(self, room: Room, seat: Seat, client: int) -> bool:
        """Whether nobody else speaks for that client. Who came back from a dead line takes it over from themselves."""
        for other in room.seats:
            if other.client == client and other is not seat:
                if other.person.id != seat.person.id:
                    return False
                other.client = None
        return not room.people.is_elsewhere(client, seat.person.id) and room.speaks(client, seat.person.id)

    def _hear(self, room: Room, seat: Seat, entry: Entry) -> None:
        if seat.mode is Mode.READ:
            mine = alone(seat.person, entry, self._crowd.unnamed)
            if mine is not None:
                seat.mention(wire.awareness([mine]), self._loop.time())
        elif room.people.hear(seat.person, entry):
            self.soon(room)

    def seated(self, room: Room, seat: Seat) -> None:
        """Somebody was judged: they are told who is there, and the others where they are."""
        self.show(room, seat)
        early, seat.early = seat.early, ()
        self.hear(room, seat, early)

    def show(self, room: Room, seat: Seat) -> None:
        """Tell one who is there, if they may know."""
        if seat.mode is None:
            return
        entries = room.people.entries(self._crowd.unnamed)
        if entries:
            seat.mention(wire.awareness(entries), self._loop.time())

    def leave(self, room: Room, seat: Seat) -> None:
        """Somebody is gone."""
        if seat.client is not None:
            room.people.leave(seat.client)
            self.soon(room)

    def soon(self, room: Room) -> None:
        """Have what changed told when it is time."""
        if room.telling or not (room.people.changed or room.people.news):
            return
        seats = len(room.seats)
        pause = THRONGED_SECONDS if seats > THRONGED else CROWDED_SECONDS if seats > CROWDED else TOLD_SECONDS
        room.telling = True
        self._loop.call_at(max(self._loop.time(), room.told_at + pause), self._tell, room)

    def _tell(self, room: Room) -> None:
        room.telling = False
        room.told_at = now = self._loop.time()
        if room.people.changed:
            message = wire.awareness(room.people.take(self._crowd.unnamed))
            for seat in room.live():
                seat.mention(message, now)
        if room.people.news:
            self._announce(room)

    def _announce(self, room: Room) -> None:
        self._bridge.say(room.name, AWARE, states=room.people.ours(self._crowd.unnamed))

    # The other processes

    def hear_others(self, room: Room, message: Message) -> None:
        """What another process says."""
        if message["what"] == ASK:
            self._announce(room)
        elif message["what"] == AWARE:
            states = [tuple(state) for state in message["states"]]
            room.people.hear_others(message["from"], states, self._loop.time())
            for client, _clock, state in states:
                if "id" in state["user"]:
                    room.speaks(client, state["user"]["id"])
            self.soon(room)

    # Once a second

    def sweep(self, rooms: Iterable[Room]) -> None:
        """Those are gone who have not been heard of, names are as chosen, and no line is silent for long."""
        now, unnamed = self._loop.time(), frozenset(self._crowd.unnamed)
        for room in rooms:
            room.people.forget(now)
            if unnamed != self._unnamed:
                room.people.choose(unnamed, self._unnamed)
            self.soon(room)
            for seat in room.live():
                if seat.told_at < now - SILENT_SECONDS:
                    seat.mention(wire.NOTHING, now)
        self._unnamed = unnamed
