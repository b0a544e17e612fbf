"""One child of the supervisor: kept alive, and exchanged for a new process without a gap."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from community.management import readiness

START_SECONDS = 60.0  # a new process that does not serve by then is given up
GRACE_SECONDS = 30.0  # longer than a web process needs at most to finish requests and close sockets
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
STEADY_SECONDS = 10.0
TETHER = Path(__file__).with_name("tether.py")


@dataclass(frozen=True)
class Child:
    """One process to keep alive: its name in messages, the arguments for Python, the descriptors it inherits, and how
    much it leaves the processor to others (`nice`)."""

    name: str
    arguments: Sequence[str]
    descriptors: tuple[int, ...] = ()
    niceness: int = 0


class Running:
    """A process of a child, and whether it serves."""

    def __init__(self, process: Process, serving: asyncio.StreamReader) -> None:
        self.process = process
        self._serving = serving

    async def serves(self) -> bool:
        """Waits until it says so; False when it ends first, or takes too long."""
        try:
            async with asyncio.timeout(START_SECONDS):
                return await self._serving.read(1) != b""
        except TimeoutError:
            return False

    def signal(self, number: signal.Signals) -> None:
        """Sends it a signal, if it is there."""
        if self.process.returncode is None:
            self.process.send_signal(number)


async def start(child: Child, environment: Mapping[str, str]) -> Running:
    """Starts it, tethered to this process. Raises OSError."""
    theirs, pipe = await _readiness_pipe()
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-S", "-E", str(TETHER), str(os.getpid()), sys.executable, *child.arguments),
            stdin=DEVNULL,
            env={**environment, readiness.VARIABLE: str(theirs)},
            pass_fds=(*child.descriptors, theirs),
            process_group=0,
        )
    finally:
        os.close(theirs)
    _be_nice(process.pid, child.niceness)
    return Running(process, pipe)


def _be_nice(pid: int, niceness: int) -> None:
    """At least so nice; who is nicer already stays so, because taking it back needs rights."""
    with contextlib.suppress(ProcessLookupError):  # ended already, which is noticed elsewhere
        if os.getpriority(os.PRIO_PROCESS, pid) < niceness:
            os.setpriority(os.PRIO_PROCESS, pid, niceness)


async def _readiness_pipe() -> tuple[int, asyncio.StreamReader]:
    """The end to write to, for the child, and the other to read from."""
    ours, theirs = os.pipe()
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(ours, "rb"))
    return theirs, reader


async def end(all_running: Iterable[Running], hurry: asyncio.Event | None = None) -> None:
    """Asks them to end, and kills those that have not within the grace, or at once when hurried."""
    running = list(all_running)
    for each in running:
        each.signal(signal.SIGTERM)
    ended = asyncio.gather(*(each.process.wait() for each in running))
    hurried = asyncio.ensure_future((hurry or asyncio.Event()).wait())
    await asyncio.wait((ended, hurried), timeout=GRACE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    for each in running:
        each.signal(signal.SIGKILL)
    await ended
    hurried.cancel()


class Keeper:
    """Keeps one child alive. `began` and `ended` are told of each of its processes."""

    def __init__(
        self,
        child: Child,
        *,
        environment: Mapping[str, str],
        say: Callable[[str], object],
        began: Callable[[Running], object],
        ended: Callable[[Running], object],
    ) -> None:
        self.child = child
        self._environment = environment
        self._say = say
        self._began, self._ended = began, ended
        self._current: Running | None = None
        self._moved = asyncio.Event()
        self._starting = asyncio.Lock()

    async def keep(self) -> None:
        """For ever: what ends is started again, with growing pauses."""
        loop = asyncio.get_running_loop()
        delay = FIRST_DELAY
        while True:
            started = loop.time()
            outcome = await self._run_once()
            if loop.time() - started > STEADY_SECONDS:
                delay = FIRST_DELAY
            self._say(f"{self.child.name} {outcome}; starting it again in {delay:g} s")
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY)

    async def _run_once(self) -> str:
        """Until the child's process ends without another in its place."""
        async with self._starting:
            if self._current is None:
                try:
                    self._current = await self._start()
                except OSError as error:
                    return f"could not be started ({error})"
        while (code := self._current.process.returncode) is None:
            self._moved.clear()
            await self._moved.wait()
        self._current = None
        return f"ended with code {code}"

    async def replace(self) -> bool:
        """Puts a new process in the place of the old one as soon as it serves; says whether that succeeded."""
        async with self._starting:
            try:
                new = await self._start()
            except OSError as error:
                self._say(f"a new {self.child.name} could not be started ({error}); the old one goes on")
                return False
            if not await new.serves():
                self._say(f"a new {self.child.name} did not come to serve; the old one goes on")
                await end([new])
                return False
            old, self._current = self._current, new
            self._moved.set()
        if old is not None:
            await end([old])
        return True

    async def _start(self) -> Running:
        running = await start(self.child, self._environment)
        self._began(running)
        asyncio.ensure_future(running.process.wait()).add_done_callback(lambda _: self._over(running))
        return running

    def _over(self, running: Running) -> None:
        self._moved.set()
        self._ended(running)
