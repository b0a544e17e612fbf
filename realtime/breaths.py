"""Pauses between writes, so that whoever waits for a page gets their turn."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from community.http.traffic import pages_under_way
from realtime.rules import (
    LOOK_SECONDS,
    LOOKS_FOR_PAGES,
    MOST_PAUSE_SECONDS,
    PAUSE,
    PAUSE_SECONDS,
    WRITES_BETWEEN_BREATHS,
)


async def pages_first() -> None:
    """Waits while a page is being made, and no longer than the rules say."""
    for _ in range(LOOKS_FOR_PAGES):
        if not pages_under_way():
            return
        await asyncio.sleep(LOOK_SECONDS)


class Breath:
    """A pause between writes: one turn of the loop, and longer while a page is being made.

    The thread that makes it gets Python's lock for good only when the loop sleeps: otherwise it loses it to the next
    write, again after each answer of the database. The pauses take at most two thirds of the time that is spent on
    writing, so that pages without end slow down the news and do not stop it.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._writes = 0
        self._since = 0.0
        self._left = 0.0

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While this lasts time is spent on writing; reading and idle time earn no pause."""
        self._since = self._clock()
        try:
            yield
        finally:
            self._earn()

    def due(self, writes: int) -> bool:
        """Whether so many more writes make it time for one."""
        self._writes += writes
        return self._writes >= WRITES_BETWEEN_BREATHS

    async def take(self) -> None:
        """Lets others have their turn, in the midst of writing."""
        self._writes = 0
        self._earn()
        begun = self._since
        await asyncio.sleep(0)
        while pages_under_way() and self._left > 0:
            await asyncio.sleep(PAUSE_SECONDS)
            now = self._clock()
            self._left -= now - begun
            begun = now
        self._since = self._clock()

    def _earn(self) -> None:
        now = self._clock()
        self._left = min(MOST_PAUSE_SECONDS, self._left + PAUSE * (now - self._since))
        self._since = now
