"""Has versions cut of what was written live, and search find it before: by whichever process looks first. No worker is
needed for it. It has a database thread of its own, so that nobody's keystrokes wait for it."""

import asyncio
import logging
import random
from collections.abc import Callable

from realtime.database import DatabaseThread
from realtime.records.limits import CUT_SECONDS
from realtime.records.rounds import AWAY
from threads.actions.live_records import cut_version, due_for_cut, due_for_search, index_record

log = logging.getLogger(__name__)


class Versions:
    """`mended` is told of records whose text had to be put right. Called on the event loop."""

    def __init__(self, now: float, mended: Callable[[int], None]) -> None:
        self._database = DatabaseThread("record-versions")
        self._mended = mended
        self._look_at = now + CUT_SECONDS * random.random()  # noqa: S311  (processes should not look together)
        self._task: asyncio.Task[None] | None = None

    async def stop(self) -> None:
        """Looks no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._database.stop()

    def sweep(self, now: float) -> None:
        """Look, when it is time and the last look is over."""
        if now >= self._look_at and (self._task is None or self._task.done()):
            self._look_at = now + CUT_SECONDS
            self._task = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        """One record after another. When the database is away they are found the next time."""
        try:
            for thread_id in await self._database.run(due_for_cut):
                await self._cut(thread_id)
            for thread_id in await self._database.run(due_for_search):
                await self._database.run(index_record, thread_id=thread_id)
        except AWAY as error:
            log.info("versions wait for the database: %s", error)
        except Exception:
            log.exception("versions could not be looked for")

    async def _cut(self, thread_id: int) -> None:
        try:
            cut = await self._database.run(cut_version, thread_id=thread_id)
        except AWAY:
            raise
        except Exception:
            log.exception("no version of record %d could be cut", thread_id)
            return
        if cut.mended:
            self._mended(thread_id)
