"""Serves what waits all at once: what comes while one batch is under way is the next. Nobody waits for a timer."""

import asyncio
import contextvars
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from itertools import islice
from typing import Generic, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")


class Batches(Generic[T]):
    """Calls `serve` with at most so many at a time, in the order they came; never twice at once. Without work there
    is no task. What `serve` raises is reported and ends that batch only."""

    def __init__(self, serve: Callable[[list[T]], Awaitable[None]], most: int) -> None:
        self._serve = serve
        self._most = most
        self._waiting: deque[T] = deque()
        self._task: asyncio.Task[None] | None = None

    def add(self, thing: T) -> None:
        """Has it served soon, together with others."""
        self._waiting.append(thing)
        if self._task is None:
            loop = asyncio.get_running_loop()
            self._task = loop.create_task(self._work(), context=contextvars.Context())

    def put_back(self, things: Iterable[T]) -> None:
        """For `serve`: has these served before all others."""
        self._waiting.extendleft(reversed(list(things)))

    async def stop(self) -> None:
        """Serves nobody any more."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch = list(islice(self._waiting, self._most))
                for _thing in batch:
                    self._waiting.popleft()
                try:
                    await self._serve(batch)
                except Exception:
                    log.exception("a batch of %d could not be served", len(batch))
        finally:
            self._task = None
