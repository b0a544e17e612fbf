"""Has versions cut of what was written live, a process at a time: whoever looks first. No worker is needed for it."""

import logging
import random
from collections.abc import Callable

from django.db import Error

from realtime.database import DatabaseThread
from realtime.records.limits import CUT_SECONDS
from realtime.records.rounds import AWAY, Rounds

log = logging.getLogger(__name__)


class Versions:
    """`mended` is told of records whose text had to be put right."""

    def __init__(self, database: DatabaseThread, rounds: Rounds, now: float, mended: Callable[[int], None]) -> None:
        self.due: list[int] = []
        self._database = database
        self._rounds = rounds
        self._mended = mended
        self._look_at = now + CUT_SECONDS * random.random()  # noqa: S311  (processes should not look together)

    def is_time(self, now: float) -> bool:
        """Whether to look for records of which one is due; then it is not for a while."""
        if now < self._look_at:
            return False
        self._look_at = now + CUT_SECONDS
        return True

    async def look(self) -> None:
        """Find those that are due. When the database is away they are found the next time."""
        try:
            self.due = await self._database.run(self._rounds.due)
        except Error:
            self.due = []

    async def cut(self) -> None:
        """Cut one of them. Raises what says that the database is away."""
        thread_id = self.due.pop(0)
        try:
            cut = await self._database.run(self._rounds.cut, thread_id)
        except AWAY:
            raise
        except Exception:
            log.exception("no version of record %d could be cut", thread_id)
            return
        if cut.mended:
            self._mended(thread_id)
