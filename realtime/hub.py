"""The hub: one per process, on the event loop that serves the sockets (DESIGN rules 1, 2, 4 and 5).

It puts the parts together and keeps them going. `listeners` has the local sockets by place. A nudge says that a stream
has grown: by the commit listener in this process, by the channel layer from others. Then `reader` reads the log once
after the last number, has the doors looked at that changed meanwhile, and writes each event once, as the same bytes, to
all local sockets in order. Nudges may be lost, doubled or out of order: what counts is the log, and a sweep every
second finds what no nudge told of.
"""

import asyncio
import contextvars
import logging
import uuid
from collections.abc import Callable, Collection, Coroutine
from typing import Any

from realtime.arrivals import Arrivals
from realtime.bridge import Bridge, Message
from realtime.crowd import Crowd
from realtime.database import DatabaseThread
from realtime.doorkeeper import Doorkeeper
from realtime.hints import Changes
from realtime.listeners import Listeners
from realtime.lookout import Lookout
from realtime.places import Listening
from realtime.reader import Reader
from realtime.records.desk import Desk
from realtime.rules import (
    DRAIN_SECONDS,
    RETRY_SECONDS,
    RETURNS_A_SECOND,
    SWEEP_SECONDS,
    WRITES_BETWEEN_BREATHS,
    Closing,
)
from realtime.sockets import Socket
from realtime.transport import chosen

log = logging.getLogger(__name__)


class Hub:
    """All methods but `told` are called on its event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.process = uuid.uuid4().hex
        self.draining = False
        self.bridge = Bridge(self.process, self._hear)
        self.crowd = Crowd(self.bridge, self.loop)
        self.desk = Desk(self.bridge, self.crowd, self.loop)
        self.listeners = Listeners(self.crowd, self.loop)
        self._database = DatabaseThread("hub-reading")
        self._changes = Changes()
        self.doorkeeper = Doorkeeper(self.listeners, self._database)
        lookout = Lookout(self.listeners, self._database, self._changes)
        self.reader = Reader(
            self.listeners,
            self.crowd,
            self.doorkeeper,
            lookout,
            database=self._database,
            hinted=self._hinted,
            again=self._again,
        )
        self.arrivals = Arrivals(
            self.listeners,
            self.crowd,
            self.doorkeeper,
            lookout,
            failed=self.reader.failed,
            arrived=self.reader.check,
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._sweep_seconds = SWEEP_SECONDS
        self._stopping = False

    def start(self, *, sweep_seconds: float = SWEEP_SECONDS) -> None:
        """Begins to read, to sweep and to talk to the other processes."""
        self._sweep_seconds = sweep_seconds
        self._keep(self.reader.run)
        self._keep(self._sweep_for_ever)
        self._keep(self.crowd.run)
        self._keep(self.desk.run)
        if self.bridge.crosses:
            self._keep(self.bridge.run)

    async def stop(self) -> None:
        """Ends all tasks and closes the connections to the database."""
        self._stopping = True
        tasks = [*self._tasks, *self.listeners.close()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.arrivals.stop()
        await self.desk.stop()
        await self._database.stop()

    def _keep(self, job: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Runs a job for ever, in a context of its own; a job that fails is reported and started again."""
        task = self.loop.create_task(job(), context=contextvars.Context())
        self._tasks.add(task)

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if not self._stopping and not task.cancelled():
                log.error("the hub's %s ended", job.__name__, exc_info=task.exception())
                self.loop.call_later(RETRY_SECONDS, self._keep, job)

        task.add_done_callback(ended)

    # What happened

    def told(self, grown: dict[str, int], changed: frozenset[str]) -> None:
        """The commit listener: may be called from any thread."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._told, grown, changed)

    def _told(self, grown: dict[str, int], changed: frozenset[str]) -> None:
        for name, seq in grown.items():
            self.reader.nudge(name, seq)
            self.desk.nudge(name)
            self.bridge.say(name, "nudge", seq=seq)
        for name in changed:
            self._changes.know(grown)
            self._hinted(name)
            threads = {key: seq for key, seq in grown.items() if key.startswith("thread:")}
            self.bridge.say(name, "hint", grown=self.bridge.unsaid(name, "hint").get("grown", {}) | threads)

    def _hear(self, name: str, message: Message) -> None:
        if name.startswith("record:"):
            self.desk.hear_others(name, message)
        elif message["what"] == "nudge":
            self.reader.nudge(name, message["seq"])
            self.desk.nudge(name)
        elif message["what"] == "hint":
            self._changes.know(message["grown"])
            self._hinted(name)
        else:
            self.crowd.hear(name, message)

    def _hinted(self, name: str) -> None:
        place = self.listeners.places.get(name)
        if place is not None:
            self.crowd.hint(place)

    # Sockets come and go

    def enter(self, socket: Socket) -> int | None:
        """Lets a socket in, or gives the code to close it with."""
        if self.draining:
            return Closing.RESTART
        if not self.listeners.enter(socket):
            return Closing.TOO_MANY
        self.doorkeeper.welcome(socket)
        return None

    def subscribe(self, socket: Socket, name: str, after: int | None) -> None:
        """Has a socket listen to a place, from after a number; again, when it did already."""
        self.unsubscribe(socket, name)
        listening = self.listeners.add(socket, name)
        self.arrivals.begin(listening, after)

    def unsubscribe(self, socket: Socket, name: str) -> None:
        """Ends what a socket listens to; nothing happens when it does not."""
        listening = self.listeners.of(socket).get(name)
        if listening is not None:
            self.listeners.end(listening)

    def _again(self, listening: Listening) -> None:
        """Has a listener read on from its own number, at its own speed."""
        after, listening.seq = listening.seq, None
        self.arrivals.begin(listening, after)

    async def drain(self, patience: float) -> None:
        """Closes all sockets, not faster than their clients can be let in elsewhere; returns when they are gone."""
        self.draining = True
        sockets = list(self.listeners.sockets)
        begun = self.loop.time()
        pace = min(1 / RETURNS_A_SECOND, patience / 2 / max(1, len(sockets)))
        for number, socket in enumerate(sockets):
            socket.close(Closing.RESTART)
            if number % WRITES_BETWEEN_BREATHS == 0:
                await asyncio.sleep(begun + number * pace - self.loop.time())
        while self.listeners.sockets and self.loop.time() < begun + patience:  # noqa: ASYNC110  (they leave by themselves)
            await asyncio.sleep(DRAIN_SECONDS)

    # The sweep

    async def _sweep_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._sweep_seconds)
            self.listeners.count()
            self.sweep_soon()

    def sweep_soon(self) -> None:
        """Has the log, the records and the doors looked at without a nudge."""
        self.reader.sweep_soon()
        self.desk.sweep_soon()

    @property
    def ready(self) -> bool:
        """Whether the database answers."""
        return self.reader.ready


_hub: Hub | None = None


def running() -> Hub | None:
    """The process's hub; None in commands and workers, and before the first connection is served."""
    return _hub


def start() -> Hub:
    """The hub of the running event loop, started when it is not there."""
    global _hub  # noqa: PLW0603  (one per process is its nature)
    if _hub is None or _hub.loop is not asyncio.get_running_loop():
        chosen()
        _hub = Hub()
        _hub.start()
    return _hub


async def drain(patience: float) -> None:
    """Closes the process's sockets with 1012 and refuses new ones; returns when all are gone or patience is over."""
    hub = running()
    if hub is not None:
        await hub.drain(patience)


async def stop() -> None:
    """Ends the process's hub."""
    global _hub
    hub, _hub = _hub, None
    if hub is not None:
        await hub.stop()


def people_in_threads() -> dict[int, int]:
    """How many people are in which thread, as of the last second. May be called from any thread."""
    hub = running()
    return hub.crowd.totals if hub is not None else {}


def people_here(member_ids: Collection[int]) -> set[int]:
    """Those of the members who are known to be on line and show it. May be called from any thread."""
    hub = running()
    return hub.crowd.online.among(member_ids, hub.crowd.unnamed) if hub is not None else set()


def told(grown: dict[str, int], changed: frozenset[str]) -> None:
    """The commit listener of the process: harmless where there is no hub."""
    hub = running()
    if hub is not None:
        hub.told(grown, changed)
