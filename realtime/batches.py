"""Serves what waits all at once: what comes while one batch is under way is the next. Nobody waits for a timer, and
nobody behind all that somebody else wants."""

import asyncio
import contextvars
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")


class Batches(Generic[T]):
    """Calls `serve` with at most so many at a time; never twice at once. Things of one owner, by `whose`, are served in
    the order they came, and one of each owner in turn. Without work there is no task. What `serve` raises is reported
    and ends that batch only."""

    def __init__(
        self, serve: Callable[[list[T]], Awaitable[None]], most: int, *, whose: Callable[[T], Hashable]
    ) -> None:
        self._serve = serve
        self._most = most
        self._whose = whose
        self._waiting: OrderedDict[Hashable, list[T]] = OrderedDict()
        self._task: asyncio.Task[None] | None = None

    def add(self, thing: T) -> None:
        """Has it served soon, together with others."""
        self._waiting.setdefault(self._whose(thing), []).append(thing)
        if self._task is None:
            loop = asyncio.get_running_loop()
            self._task = loop.create_task(self._work(), context=contextvars.Context())

    def put_back(self, things: Iterable[T]) -> None:
        """For `serve`: has these served before all others."""
        for thing in reversed(list(things)):
            owner = self._whose(thing)
            self._waiting.setdefault(owner, []).insert(0, thing)
            self._waiting.move_to_end(owner, last=False)

    async def stop(self) -> None:
        """Serves nobody any more."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch = self._next()
                try:
                    await self._serve(batch)
                except Exception:
                    log.exception("a batch of %d could not be served", len(batch))
        finally:
            self._task = None

    def _next(self) -> list[T]:
        batch: list[T] = []
        while self._waiting and len(batch) < self._most:
            owner, things = self._waiting.popitem(last=False)
            batch.append(things.pop(0))
            if things:
                self._waiting[owner] = things
        return batch
