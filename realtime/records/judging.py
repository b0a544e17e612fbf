"""Who may sit at the records of this process: asked again whenever the doors move, and in turn without a reason.

Whose session or token ends otherwise is shown out by the doorkeeper, as from any socket.
"""

from collections.abc import Iterable, Mapping, Sequence

from realtime.database import DatabaseThread
from realtime.doorbell import Concerned, concerned
from realtime.doors import Pair, pens_of
from realtime.facts import Doors
from realtime.records.limits import ASKED_A_SWEEP
from realtime.records.limits import Closing as Ends
from realtime.records.outcome import mode_of
from realtime.records.rooms import Room
from realtime.records.seats import Seat
from realtime.rules import Closing
from realtime.tickets import ended


class Judging:
    """Every seat that has a mode was judged when the doors stood at `doors`, or later."""

    def __init__(self, database: DatabaseThread) -> None:
        self.doors: Doors | None = None
        self._database = database
        self._in_turn: list[Seat] = []

    async def look(self, doors: Doors, rooms: Mapping[int, Room], newcomers: Iterable[Seat]) -> Mapping[Pair, bool]:
        """The doors stand there now: whom that concerns is judged again, before anything is told. Gives how."""
        pens: Mapping[Pair, bool] = {}
        doubtful = {seat for seat in newcomers if seat.socket.ticket.doors != doors}
        if doors != self.doors:
            changed = await self._database.run(concerned, self.doors, doors)
            doubtful |= _concerned(rooms.values(), changed)
        if doubtful:
            over = await self._database.run(ended, {seat.socket.ticket for seat in doubtful})
            for seat in doubtful:
                if seat.socket.ticket in over:
                    seat.socket.close(Closing.SIGNED_OUT)
            pens = await self._database.run(pens_of, {seat.pair for seat in doubtful})
            show_out(doubtful, pens, rooms)
        self.doors = doors
        return pens

    def turn(self, rooms: Iterable[Room]) -> Sequence[Seat]:
        """Who is judged again without a reason, because some changes nothing tells of."""
        self._in_turn = self._in_turn or [seat for room in rooms for seat in room.live()]
        turn = self._in_turn[:ASKED_A_SWEEP]
        del self._in_turn[:ASKED_A_SWEEP]
        return turn


def _concerned(rooms: Iterable[Room], changed: Concerned) -> set[Seat]:
    return {
        seat
        for room in rooms
        for seat in room.seats
        if changed.everybody or seat.person.id in changed.members or room.thread_id in changed.threads
    }


def show_out(seats: Iterable[Seat], pens: Mapping[Pair, bool], rooms: Mapping[int, Room]) -> None:
    """Close those who may not stay. Whose right to write has changed comes back to be seated anew."""
    for seat in seats:
        room = rooms.get(seat.thread_id)
        if seat.pair not in pens:
            seat.socket.close(Closing.NO_SUCH_PATH)
        elif room is not None and seat.live and seat.mode is not mode_of(room, pen=pens[seat.pair]):
            seat.socket.close(Ends.MODE_CHANGED)
