"""A few long-lived threads for pages: each does one request at a time and keeps its connection to the database."""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

log = logging.getLogger(__name__)
R = TypeVar("R")


class Busy(Exception):
    """No thread is free, and as many wait as may, or this one waited as long as it may."""


_workers: "list[Worker]" = []


def at_rest() -> bool:
    """Whether no thread of the process has anything to do, or is still putting away what it did."""
    return not any(worker.busy for worker in _workers)


def begin_with(work: Callable[[int], object], *, patience: float) -> None:
    """Has the threads of the process do something before their first requests, one after the other.

    `work` is told which of them it is in. What it raises is written down, and the thread takes requests all the same;
    what takes longer than so many seconds goes on while others begin to serve.
    """
    ended: SimpleQueue[int] = SimpleQueue()
    until = time.monotonic() + patience
    for number, worker in enumerate(_workers):
        worker.put(lambda number=number: _try(work, number, ended))  # type: ignore[misc]
        with contextlib.suppress(Empty):
            ended.get(timeout=max(0.0, until - time.monotonic()))


def _try(work: Callable[[int], object], number: int, ended: "SimpleQueue[int]") -> None:
    try:
        work(number)
    except Exception:
        log.exception("What a thread does before its first request")
    finally:
        ended.put(number)


class Worker:
    """One thread. What it is asked to do is done in the order asked. `reads` is for whom it was taken last."""

    def __init__(self, name: str) -> None:
        self.busy = False
        self.reads = False
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        _workers.append(self)
        # A request that hangs does not keep the process from ending; what it did not commit is rolled back.
        Thread(target=self._run, name=name, daemon=True).start()

    def _run(self) -> None:
        while True:
            work = self._work.get()
            self.busy = True
            work()
            del work
            self.busy = False

    def put(self, work: Callable[[], None]) -> None:
        """Have something done that raises nothing."""
        self._work.put(work)

    async def run(self, work: Callable[[], R], afterwards: Callable[[], None] | None = None) -> R:
        """What the work gives or raises.

        It is finished even when nobody waits any more; `afterwards` is called in the event loop when it really ended.
        """
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[R] = loop.create_future()

        def ended(result: R | None, error: BaseException | None) -> None:
            if afterwards:
                afterwards()
            if outcome.cancelled():
                return
            if error is None:
                outcome.set_result(result)  # type: ignore[arg-type]  # without an error there is a result
            else:
                outcome.set_exception(error)

        def do() -> None:
            result, error = None, None
            try:
                result = work()
            except BaseException as raised:  # noqa: BLE001  (handed on to whoever waits for it)
                error = raised
            with contextlib.suppress(RuntimeError):  # the loop has ended, and with it all who could wait
                loop.call_soon_threadsafe(ended, result, error)

        self._work.put(do)
        return await outcome


@dataclass(frozen=True)
class Begun:
    """A request that has just begun; `slow` is when it turns out to be slow."""

    reads: bool
    slow: asyncio.TimerHandle


class Workers:
    """Gives each request a thread of its own for a while; the others wait in two lines of bounded length.

    Python runs one thread at a time, so more of them at once make every page slower and no more of them. The next one
    begins when the one before has ended, or has turned out to be slow: then it mostly waits for the database, and so
    need not everybody else.

    Whoever reads a page waits for it; what is written is shown as sent at once. So a read waits for reads only, a
    write for whatever has just begun. After each read a write has its turn, so that neither keeps the other out for
    good, and one thread is never given to a write, so that locks held elsewhere do not stop the reading.

    Each kind has threads of its own as far as they go round: the first page of a thread, whose connection has no
    statement ready, takes ten times as long.
    """

    def __init__(self, *, threads: int, slow_after: float, most_waiting: int, patience: float) -> None:
        # The last is the one that a read used last, the first the one that a write did.
        self._free = deque(Worker(f"pages {number}") for number in range(threads, 0, -1))
        self._kept_for_reads = 1 if threads > 1 else 0
        self._just_begun: dict[Worker, Begun] = {}
        self._reads: deque[asyncio.Future[Worker]] = deque()
        self._writes: deque[asyncio.Future[Worker]] = deque()
        self._slow_after = slow_after
        self._most_waiting = most_waiting
        self._patience = patience

    @property
    def waiting(self) -> int:
        """How many requests wait for a thread."""
        return len(self._reads) + len(self._writes)

    def take(self, *, reads: bool) -> Worker | None:
        """A thread that is the taker's until given back, if a request may begin: the one its kind used last."""
        if not self._may_begin(reads=reads):
            return None
        worker = self._free.pop() if reads else self._free.popleft()
        worker.reads = reads
        slow = asyncio.get_running_loop().call_later(self._slow_after, self._is_slow, worker)
        self._just_begun[worker] = Begun(reads, slow)
        return worker

    def _may_begin(self, *, reads: bool) -> bool:
        if reads:
            return bool(self._free) and not any(begun.reads for begun in self._just_begun.values())
        return len(self._free) > self._kept_for_reads and not self._just_begun

    async def wait(self, *, reads: bool) -> Worker:
        """The thread of whoever is first in line. Busy when the line is full, or does not move for too long."""
        line = self._reads if reads else self._writes
        if len(line) >= self._most_waiting:
            raise Busy
        place: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        line.append(place)
        try:
            async with asyncio.timeout(self._patience):
                return await place
        except BaseException as error:
            if place.cancelled():
                with contextlib.suppress(ValueError):  # passed over already
                    line.remove(place)
            else:
                self.give_back(place.result())
            if isinstance(error, TimeoutError):
                raise Busy from error
            raise

    def give_back(self, worker: Worker) -> None:
        """The request has ended."""
        begun = self._just_begun.pop(worker, None)
        if begun:
            begun.slow.cancel()
        if worker.reads:
            self._free.append(worker)
        else:
            self._free.appendleft(worker)
        self._next()

    def _is_slow(self, worker: Worker) -> None:
        del self._just_begun[worker]
        self._next()

    def _next(self) -> None:
        self._begin(self._writes, reads=False)
        self._begin(self._reads, reads=True)

    def _begin(self, line: deque[asyncio.Future[Worker]], *, reads: bool) -> None:
        """Gives threads to the first in line, as far as they may begin."""
        while line:
            if line[0].done():  # left the line
                line.popleft()
            elif worker := self.take(reads=reads):
                line.popleft().set_result(worker)
            else:
                return
