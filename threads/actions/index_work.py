"""Leaves word of what was written, so that the worker asks those who keep a search for it.

In the writer's own transaction: nothing that was written is left out. It costs one row, however many are saved, and
nothing as long as nobody keeps a search that tells: each process looks again after `KNOWN_SECONDS`, so the first search
that tells may miss what other processes write in that time.
"""

import math
import time
from collections.abc import Iterable
from typing import NamedTuple

from community.events import at_end
from community.rules import clock
from community.rules.rows import insert_values
from threads.models import IndexWork, SavedSearch
from threads.rules.search_match import OPENED

KNOWN_SECONDS = 5.0
_WRITTEN = ("kind", "object_id", "moved", "after", "at")


class _Written(NamedTuple):
    kind: str
    object_id: int
    moved: str = ""


class _Wanted:
    """Whether anybody keeps a search that tells, as this process knows it."""

    def __init__(self) -> None:
        self._known_at = -math.inf
        self._wanted = False

    def __call__(self) -> bool:
        now = time.monotonic()
        if now - self._known_at >= KNOWN_SECONDS:
            self._wanted = SavedSearch.objects.filter(notifies=True).exists()
            self._known_at = now
        return self._wanted

    def look_again(self) -> None:
        """Look at the next occasion."""
        self._known_at = -math.inf


is_wanted = _Wanted()


def put_work(kind: str, ids: Iterable[int]) -> None:
    """Leave word that entries of the search index (their kind and object ids) say something else than before."""
    if work := [_Written(kind, pk) for pk in ids]:
        at_end(_put, work)


def put_moved(kind: str, thing_id: int, filters: Iterable[str]) -> None:
    """Leave word that a thread, practice or playbook fits other values of these filters than before."""
    if moved := ",".join(sorted(filters)):
        at_end(_put, [_Written(kind, thing_id, moved)])


def put_opened(kind: str, thing_id: int) -> None:
    """Leave word that more people see a thread, practice or playbook than before."""
    put_moved(kind, thing_id, [OPENED])


def _put(work: list[_Written]) -> None:
    if not is_wanted():
        return
    now = clock.now()
    insert_values(IndexWork, _WRITTEN, [(*each, 0, now) for each in dict.fromkeys(work)])
