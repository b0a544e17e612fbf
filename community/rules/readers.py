"""Letting whoever waits for a page go first: what is written pauses between two of its statements meanwhile.

Python runs one thread at a time, and the database's processes want the same cores, so that beside writes a page takes
several times as long. What is written is shown as sent at once, and may take a moment longer.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

LOOK_SECONDS = 0.001


class Elsewhere(Protocol):
    """The other processes of the site on this machine."""

    def say_reading(self, reading: bool) -> None:
        """Whether somebody waits for a page in this one."""

    def is_reading(self) -> bool:
        """Whether somebody does in one of the others."""


class Readers:
    """Who waits for a page now, in this process and beside it. `begin` and `end` are for one thread only."""

    def __init__(self) -> None:
        self.elsewhere: Elsewhere | None = None
        self._count = 0
        self._none_here = threading.Event()
        self._none_here.set()

    def begin(self) -> None:
        """One more waits."""
        self._count += 1
        if self._count == 1:
            self._none_here.clear()
            self._say()

    def end(self) -> None:
        """One of them has the page, or waits no more."""
        self._count -= 1
        if self._count == 0:
            self._none_here.set()
            self._say()

    def _say(self) -> None:
        if self.elsewhere:
            self.elsewhere.say_reading(self._count > 0)

    def any(self) -> bool:
        """Whether anybody waits."""
        return self._count > 0 or (self.elsewhere is not None and self.elsewhere.is_reading())

    def wait_for_none(self, seconds: float) -> None:
        """Until nobody waits, and no longer than that."""
        over = time.monotonic() + seconds
        while self.any() and (left := over - time.monotonic()) > 0:
            if not self._none_here.wait(left):
                return
            if self.any():
                time.sleep(min(left, LOOK_SECONDS))


readers = Readers()
_this_thread = threading.local()


@contextmanager
def giving_way(seconds: float) -> Iterator[None]:
    """What this thread does meanwhile lets readers go first, for so long in all."""
    _this_thread.patience = seconds
    try:
        yield
    finally:
        _this_thread.patience = 0.0


def give_way() -> None:
    """A good moment for it: before a statement. Nothing happens outside `giving_way`."""
    patience = getattr(_this_thread, "patience", 0.0)
    if patience > 0 and readers.any():
        begun = time.monotonic()
        readers.wait_for_none(patience)
        _this_thread.patience = patience - (time.monotonic() - begun)
