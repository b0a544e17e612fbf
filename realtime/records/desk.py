"""The records desk of a process: gathers what came from all seats into rounds, one at a time, and tells the results.

A round checks, stores and commits; only then is anything told. Who joins in one round has everything up to it, and
gets what is new from the next one on. So there are no gaps, nothing is relayed that could vanish, and what is
acknowledged is in the database. Nudges may be lost: a sweep every second finds what none told of.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Collection, Coroutine, Sequence
from dataclasses import replace
from typing import Any

from django.db import Error

from realtime.bridge import Bridge, Message
from realtime.crowd import Crowd
from realtime.database import DatabaseThread
from realtime.instruments import RECORD_ROOMS, RECORD_ROUND, RECORD_SEATS
from realtime.people import Ticket
from realtime.records import wire
from realtime.records.judging import Judging, show_out
from realtime.records.limits import (
    BYTES_A_ROUND,
    BYTES_A_SECOND,
    BYTES_AT_ONCE,
    EMPTY_SECONDS,
    LAGGING_SECONDS,
    MOST_EMPTY,
    READ_ANEW_A_ROUND,
    RECORDS_A_ROUND,
    UPDATES_A_ROUND,
)
from realtime.records.outcome import Outcome, close_all, set_mode
from realtime.records.rooms import CatchUp, Item, Portion, Room
from realtime.records.rounds import AWAY, Results, Round, Rounds, Wanted
from realtime.records.seats import Mode, Seat
from realtime.records.telling import Telling
from realtime.records.versions import Versions
from realtime.rules import RETRY_SECONDS, Bucket, Closing
from realtime.sockets import Socket
from threads.actions.live_records import Sent, Standing

NUDGE = "nudge"

log = logging.getLogger(__name__)


class Desk:
    """All methods are called on its event loop."""

    def __init__(self, bridge: Bridge, crowd: Crowd, loop: asyncio.AbstractEventLoop) -> None:
        self.rooms: dict[int, Room] = {}
        self._bridge = bridge
        self._loop = loop
        self._database = DatabaseThread("records")
        self._rounds = Rounds()
        self._telling = Telling(bridge, crowd, loop)
        self._judging = Judging(self._database)
        self._versions = Versions(loop.time(), self._put_right)
        self._allowances: dict[int, Bucket] = {}
        self._due: OrderedDict[int, Room] = OrderedDict()
        self._work = asyncio.Event()
        self._sweep = False
        self._forget: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = True

    async def stop(self) -> None:
        """Serves nobody any more; `run` has ended before."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._versions.stop()
        await self._database.stop()

    # Seats come and go

    def enter(self, socket: Socket, thread_id: int) -> Seat:
        """A socket wants to sit at a record; it is judged in the next round."""
        room = self.rooms.get(thread_id)
        if room is None:
            room = self.rooms[thread_id] = Room(thread_id, self._loop.time())
        self._forget.discard(thread_id)
        if not room.seats:
            self._telling.opened(room)
        seat = Seat(socket, thread_id, self._loop.time())
        room.seats[seat] = None
        room.newcomers.append(seat)
        self._telling.enter(seat)
        self._serve_soon(room)
        return seat

    def leave(self, seat: Seat) -> None:
        """A seat is empty. What it sent and is not stored yet is nobody's any more."""
        room = self.rooms[seat.thread_id]
        room.seats.pop(seat, None)
        self._telling.leave(room, seat)
        if not room.seats:
            room.empty_since = self._loop.time()

    def affords(self, member_id: int, size: int) -> bool:
        """Whether a member may have so many bytes looked at now, over all their sockets."""
        now = self._loop.time()
        bucket = self._allowances.get(member_id)
        if bucket is None:
            bucket = self._allowances[member_id] = Bucket(BYTES_AT_ONCE, BYTES_A_SECOND, now)
        return bucket.take(now, size)

    def hear(self, seat: Seat, asked: wire.Asked) -> None:
        """What a seat sent."""
        room = self.rooms[seat.thread_id]
        if isinstance(asked, wire.Awareness):
            self._telling.hear(room, seat, asked.entries)
            if room.claims:
                self._serve_soon(room)
        elif isinstance(asked, wire.AskAwareness):
            self._telling.show(room, seat)
        else:
            self._wait(room, Item(seat, asked))

    def _wait(self, room: Room, item: Item) -> None:
        if item.seat.wait(item.size):
            room.waiting.append(item)
            self._serve_soon(room)
        else:
            item.seat.socket.close(Closing.TRY_LATER, reason="too fast")

    def _serve_soon(self, room: Room) -> None:
        self._due[room.thread_id] = room
        self._work.set()

    # What happens elsewhere

    def nudge(self, name: str) -> None:
        """A thread or a record has grown, somebody says."""
        kind, _colon, number = name.partition(":")
        room = self.rooms.get(int(number)) if kind in {"thread", "record"} and number.isdecimal() else None
        if room is not None:
            room.grown = True
            self._serve_soon(room)

    def hear_others(self, name: str, message: Message) -> None:
        """What another process says of a record."""
        if message["what"] == NUDGE:
            self.nudge(name)
            return
        room = self.rooms.get(int(name.removeprefix("record:")))
        if room is not None:
            self._telling.hear_others(room, message)

    # Rounds

    async def run(self) -> None:
        """For ever: one round after another."""
        self._work.set()
        while True:
            await self._work.wait()
            self._work.clear()
            try:
                await self._work_off()
            except AWAY as error:
                self._failed(error)
                await asyncio.sleep(RETRY_SECONDS)
                self._work.set()
            else:
                self._mended()
            if self._due or self._sweep:
                self._work.set()

    async def _work_off(self) -> None:
        forget, self._forget = self._forget, set()
        if forget:
            await self._database.run(self._rounds.forget, forget)
        portions = self._gather()
        sweeping, self._sweep = self._sweep, False
        if portions or sweeping:
            await self._serve(portions, self._judging.turn(self.rooms.values()) if sweeping else (), sweeping=sweeping)

    def _gather(self) -> list[Portion]:
        """What the next round serves: of each record something, of nobody too much."""
        portions: list[Portion] = []
        updates, size, anew = UPDATES_A_ROUND, BYTES_A_ROUND, READ_ANEW_A_ROUND
        for thread_id, room in list(self._due.items()):
            if len(portions) >= RECORDS_A_ROUND or min(updates, size, anew) <= 0:
                break
            del self._due[thread_id]
            if not room.due:
                continue
            portions.append(room.take(updates, size))
            updates -= portions[-1].updates
            size -= portions[-1].size
            anew -= not room.known
            if room.waiting:
                self._due[thread_id] = room
        return portions

    async def _serve(self, portions: Sequence[Portion], turn: Sequence[Seat] = (), *, sweeping: bool = False) -> None:
        """All together; one by one when something among it cannot be served, so that the rest can."""
        asked = self._asked(portions, turn, sweeping=sweeping)
        try:
            with RECORD_ROUND.time():
                results = await self._database.run(self._rounds.serve, asked)
                newcomers = [seat for portion in portions for seat in portion.newcomers]
                pens = await self._judging.look(results.doors, self.rooms, newcomers)
                results = replace(results, allowed={**results.allowed, **pens})
        except AWAY:
            self._put_back(portions)
            raise
        except Exception as error:
            if not portions:
                raise
            await self._one_by_one(portions, error)
            return
        show_out(turn, results.allowed, self.rooms)
        for portion in portions:
            self._tell(portion, results)
        for thread_id, standing in results.standings.items():
            self._compare(thread_id, standing)

    async def _one_by_one(self, portions: Sequence[Portion], error: Exception) -> None:
        if len(portions) == 1:
            log.error("record %d could not be served", portions[0].room.thread_id, exc_info=error)
            close_all(portions[0].room, Closing.FAILED)
            return
        for place, portion in enumerate(portions, start=1):
            try:
                await self._serve([portion])
            except AWAY:
                self._put_back(portions[place:])
                raise

    def _put_back(self, portions: Sequence[Portion]) -> None:
        for portion in portions:
            portion.room.put_back(portion)
            self._due[portion.room.thread_id] = portion.room

    def _asked(self, portions: Sequence[Portion], turn: Collection[Seat], *, sweeping: bool) -> Round:
        records: dict[int, Wanted] = {}
        trusted: set[tuple[int, int]] = set()
        fresh: set[Ticket] = set()
        watched = {pk for pk, room in self.rooms.items() if room.known} if sweeping else set()
        for portion in portions:
            room, pk = portion.room, portion.room.thread_id
            sent = [Sent(seat.person.id, asked.update, asked.whole, seat.socket.ticket) for seat, asked in portion.sent]
            told = (room.seq, room.vector) if room.known else None
            records[pk] = Wanted(sent, portion.vectors, told, room.spoken, portion.claims)
            trusted |= {(seat.person.id, pk) for seat, _asked in portion.sent if seat.mode is Mode.WRITE}
            fresh |= {seat.socket.ticket for seat, _asked in portion.sent if seat.mode is None}
            if portion.newcomers or portion.grown:
                watched.add(pk)
        newcomers = {seat.pair for portion in portions for seat in portion.newcomers}
        turns = {seat.pair for seat in turn}
        return Round(records, newcomers, trusted, fresh, self._judging.doors, watched, turns)

    def _tell(self, portion: Portion, results: Results) -> None:
        room, found = portion.room, results.records.get(portion.room.thread_id)
        if found is None:
            close_all(room, Closing.NO_SUCH_PATH)
            return
        show_out(portion.newcomers, results.allowed, self.rooms)
        try:
            outcome = Outcome(portion, found, results, self._loop.time())
            outcome.tell()
        except Exception:
            log.exception("what became of record %d could not be told", room.thread_id)
            close_all(room, Closing.FAILED)
            return
        for seat in outcome.seated:
            self._telling.seated(room, seat)
        if room.claims:
            self._serve_soon(room)
        for seat in outcome.behind:
            self._keep(self._catch_up_later(seat))
        if outcome.stored:
            self._bridge.say(room.name, NUDGE, seq=found.seq)

    def _compare(self, thread_id: int, standing: Standing) -> None:
        """Find what no nudge told of."""
        room = self.rooms.get(thread_id)
        if room is None or not room.known:
            return
        set_mode(room, writable=standing.writable)
        if standing.version > room.seq:
            room.grown = True
            self._serve_soon(room)

    async def _catch_up_later(self, seat: Seat) -> None:
        """Who reads slowly gets what came meanwhile when there is room."""
        await asyncio.sleep(LAGGING_SECONDS)
        await seat.socket.room()
        room = self.rooms.get(seat.thread_id)
        if room is not None and seat.live:
            self._wait(room, Item(seat, CatchUp()))

    def _keep(self, job: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _put_right(self, thread_id: int) -> None:
        """A record's text was not what its log says. Now the log says so itself; whoever looks there finds it."""
        self._bridge.say(f"record:{thread_id}", NUDGE)
        self.nudge(f"record:{thread_id}")

    # Once a second

    def sweep_soon(self) -> None:
        """Has everything looked at without a nudge."""
        now = self._loop.time()
        self._telling.sweep(self.rooms.values())
        empty = sorted((room for room in self.rooms.values() if not room.seats), key=lambda room: room.empty_since)
        for place, room in enumerate(empty):
            if room.empty_since < now - EMPTY_SECONDS or place < len(empty) - MOST_EMPTY:
                del self.rooms[room.thread_id]
                self._due.pop(room.thread_id, None)
                self._forget.add(room.thread_id)
        self._allowances = {pk: each for pk, each in self._allowances.items() if not each.is_full(now)}
        RECORD_ROOMS.set(len(self.rooms))
        RECORD_SEATS.set(sum(len(room.seats) for room in self.rooms.values()))
        if self.rooms:
            self._sweep = True
        self._versions.sweep(now)
        if self._sweep or self._forget:
            self._work.set()

    def _failed(self, error: Error) -> None:
        if self._ready:
            log.warning("the database fails (%s); records wait", str(error).strip() or type(error).__name__)
        self._ready = False

    def _mended(self) -> None:
        if not self._ready:
            log.warning("the database is back for records")
        self._ready = True
