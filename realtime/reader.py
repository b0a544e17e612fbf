"""Reads the log for all who listen: after a nudge at once, or soon together with others; every second without one."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from django.db import Error

from community.queries.members import members_present_without_name
from realtime import frames, replay
from realtime.breaths import pages_first
from realtime.crowd import Crowd
from realtime.database import DatabaseThread
from realtime.delivery import Delivery
from realtime.doorkeeper import Doorkeeper
from realtime.facts import doors_stream
from realtime.instruments import CATCHUPS
from realtime.listeners import Listeners
from realtime.lookout import Lookout
from realtime.places import Listening, Place
from realtime.rules import READING_SECONDS, RETRY_SECONDS

log = logging.getLogger(__name__)


class Reader:
    """One task reads, has the doors looked at, and delivers; the parts of a sweep come in between, one at a time, so
    that what was just written waits for none but one of them. `ready` says whether the database answers; `hinted` is
    told of spaces that changed, `again` of listeners that are to be served from the log."""

    def __init__(
        self,
        listeners: Listeners,
        crowd: Crowd,
        doorkeeper: Doorkeeper,
        lookout: Lookout,
        *,
        database: DatabaseThread,
        hinted: Callable[[str], None],
        again: Callable[[Listening], None],
    ) -> None:
        self.ready = True
        self._listeners = listeners
        self._crowd = crowd
        self._doorkeeper = doorkeeper
        self._lookout = lookout
        self._database = database
        self._hinted = hinted
        self._again = again
        self._delivery = Delivery(again)
        self._doors_stream = str(doors_stream())
        self._doors_due = False
        self._dirty: set[str] = set()
        self._steps: deque[Callable[[], Awaitable[None]]] = deque()
        self._work = asyncio.Event()
        self._read_at = float("-inf")

    def nudge(self, name: str, seq: int) -> None:
        """A stream stands at that number, somebody says. Nothing happens when that is known."""
        if name == self._doors_stream:
            self._doors_due = True
            self._work.set()
        place = self._listeners.places.get(name)
        if place is not None:
            place.told = max(place.told, seq)
            self.check(place)

    def check(self, place: Place) -> None:
        """Has the log read for a place that is behind what it was told."""
        if place.seq is not None and place.told > place.seq:
            self._dirty.add(place.name)
            self._work.set()

    def sweep_soon(self) -> None:
        """Has everything looked at without a nudge."""
        if not self._steps:
            self._steps.extend((*self._doorkeeper.steps, self._ask_for_names, self._look_out))
        self._work.set()

    async def run(self) -> None:
        """For ever. What fails is done again when the database is back."""
        self._recover()
        while True:
            await self._work.wait()
            try:
                if self._dirty or self._doors_due:
                    await self._read()
                if self._doorkeeper.unsure:
                    await self._doorkeeper.ask_the_unsure()
                elif self._steps:
                    await pages_first()
                    await self._steps[0]()
                    self._steps.popleft()
            except Error as error:
                self.failed(error)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._mended()
            if not (self._dirty or self._doors_due or self._steps or self._doorkeeper.unsure):
                self._work.clear()

    def _recover(self) -> None:
        """Has those read on who were passed by when a reader before this one failed half-way."""
        for place in list(self._listeners.places.values()):
            for each in place.live():
                if each.seq is not None and place.seq is not None and each.seq < place.seq:
                    self._again(each)

    async def _read(self) -> None:
        """One reading of the log for all streams that have grown."""
        await self._pause()
        dirty, self._dirty = self._dirty, set()
        self._doors_due = False
        places = {name: self._listeners.places[name] for name in dirty if name in self._listeners.places}
        after = {name: place.seq for name, place in places.items() if place.seq is not None}
        try:
            growth = await self._database.run(replay.growth, after)
            waiting = await self._doorkeeper.judge(growth.doors, [places[name] for name in growth.lines])
        except Error:
            self._dirty |= dirty
            self._doors_due = True
            raise
        self._dirty |= growth.more | waiting
        there = {
            name: places[name] for name in places.keys() - waiting if self._listeners.places.get(name) is places[name]
        }
        for name in growth.pruned.keys() & there:
            _reset(there[name], growth.pruned[name])
        grown = growth.lines.keys() & there.keys() - growth.pruned.keys()
        taken = {name: _take(there[name], growth.lines[name]) for name in grown}
        for name, listening in taken.items():
            await self._delivery.deliver(growth.lines[name], listening)

    async def _pause(self) -> None:
        """What comes right after a reading waits for a moment, so that with many posts not each has a reading, and a
        little longer while a page is being made."""
        loop = asyncio.get_running_loop()
        due = self._read_at + READING_SECONDS
        if loop.time() < due:
            await asyncio.sleep(due - loop.time())
            await pages_first()
        self._read_at = loop.time()

    async def _ask_for_names(self) -> None:
        self._crowd.choose(await self._database.run(members_present_without_name))

    async def _look_out(self) -> None:
        """Finds numbers and changes of spaces that no nudge told of."""
        news = await self._lookout.look()
        for name, seq in news.grown.items():
            self._found(name, seq)
        for name in news.changed:
            self._hinted(name)

    def _found(self, name: str, seq: int) -> None:
        place = self._listeners.places.get(name)
        if place is not None and place.seq is not None and seq > max(place.seq, place.told):
            CATCHUPS.labels(how="sweep").inc(seq - max(place.seq, place.told))
        self.nudge(name, seq)

    def failed(self, error: Error) -> None:
        """The database does not answer."""
        if self.ready:
            log.warning("the database fails (%s); sockets wait", str(error).strip() or type(error).__name__)
        self.ready = False

    def _mended(self) -> None:
        if not self.ready:
            log.warning("the database is back")
        self.ready = True


def _take(place: Place, lines: list[replay.Line]) -> list[Listening]:
    """Whom the lines are for. Who arrives from now on finds the place at its new number and reads on."""
    place.seq = lines[-1][0]
    return place.live()


def _reset(place: Place, seq: int) -> None:
    """Events were pruned before they could be read: everybody reloads."""
    place.seq = seq
    for each in place.live():
        each.seq = seq
        each.socket.push(frames.write("reset", stream=place.wire_name, seq=seq))
        each.socket.push(frames.write("subscribed", stream=place.wire_name, seq=seq))
