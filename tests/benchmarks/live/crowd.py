"""A crowd of sockets: a load client in its own process, and what it saw."""

import multiprocessing
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from tests.benchmarks.live import reader
from tests.benchmarks.live.seats import Seat

SPARE_DESCRIPTORS = 200
WINDOW = 1000  # sockets that wait for their answer at the same time
MARGIN_SECONDS = 30.0  # beyond what the load client itself may take, before it counts as stuck


@dataclass
class Seen:
    """What the sockets got since it was asked last. Times are nanoseconds of the monotonic clock."""

    slots: Sequence[int]
    seqs: Sequence[int]
    times: Sequence[int]
    lasts: dict[int, int]
    gone: int
    skipped: int
    repeated: int
    others: Counter[str]
    events: int
    cpu: float
    began: Sequence[int] = field(repr=False)
    joined: Sequence[int] = field(repr=False)

    def arrivals(self) -> dict[int, list[int]]:
        """When each event arrived, by its number, for a crowd in one stream."""
        times: dict[int, list[int]] = defaultdict(list)
        for seq, at in zip(self.seqs, self.times, strict=True):
            times[seq].append(at)
        return times

    def lacking(self, newest: dict[int, int]) -> int:
        """How many events are missing at their sockets, given the newest number by slot."""
        behind = sum(max(0, seq - self.lasts[slot]) for slot, seq in newest.items() if slot in self.lasts)
        return behind + self.skipped + sum(1 for slot in newest if slot not in self.lasts)


class Crowd:
    """Steers the load client. Nothing here waits for ever."""

    def __init__(self, control: Connection, size: int) -> None:
        self._control = control
        self.size = size
        self.there = 0
        self.events = 0

    def arrive(self, count: int, *, window: int = WINDOW, patience: float = 120.0) -> float:
        """Have so many more sockets arrive, as fast as they are answered; the seconds until all are subscribed.

        Raises RuntimeError, with what the sockets got instead, when not all are.
        """
        began = time.monotonic()
        self.there += count
        reached = self._ask("arrive", self.there, window, patience, patience=patience)
        took = time.monotonic() - began
        seen = self.take()
        if not reached or seen.gone:
            raise RuntimeError(f"{len(seen.lasts)} of {self.there} sockets arrived: {dict(seen.others)}")
        self.arrival, self.events = seen, seen.events
        return took

    def expect(self, events: int, *, patience: float) -> bool:
        """Wait until so many more events arrived, in all; whether they did in time."""
        self.events += events
        return bool(self._ask("expect", self.events, patience, patience=patience))

    def take(self) -> Seen:
        """What was seen since the last time."""
        return Seen(**self._ask("take", patience=0))

    def _ask(self, *what: object, patience: float) -> Any:
        self._control.send(what)
        if not self._control.poll(patience + MARGIN_SECONDS):
            raise RuntimeError("the load client does not answer")
        return self._control.recv()


@contextmanager
def gathered(address: tuple[str, int], seats: list[Seat], *, niceness: int = 0) -> Iterator[Crowd]:
    """A crowd for these seats, nobody of whom has arrived; all leave at the end of the block.

    With `niceness` the load client leaves the processor to others first, as if it were on machines of its own.
    """
    raise_file_limit(len(seats))
    ours, theirs = multiprocessing.Pipe()
    spawn = multiprocessing.get_context("spawn")
    process = spawn.Process(target=reader.serve, args=(address, seats, theirs, niceness), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Crowd(ours, len(seats))
    finally:
        ours.close()
        process.join(MARGIN_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()


def raise_file_limit(sockets: int) -> None:
    """Allow this process and those it starts that many sockets. Raises SystemExit when the machine does not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = sockets + SPARE_DESCRIPTORS
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise SystemExit(f"{sockets} sockets need {needed} files a process, the limit is {hard}: raise `ulimit -Hn`.")
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
