"""The garbage collector, tuned for thousands of connections.

A full collection looks at everything that is alive: with 18,000 connections it stops the process for a second. But a
connection here is freed by its last reference, since its cycles are cut when it ends; and what has lived for a while
will mostly live on. So what survived is left alone from then on, and a look costs what was made since the last one.

A request is another matter: it and its answer refer to each other, and what is left alone while one is answered is
never freed. So that happens only in moments without any. Where there are none for long, what survived stays to be
looked at, and Python looks at it when it is much. The little that turns to garbage later is found when the site is
quiet.

What was made last is looked at a little earlier than Python would, at a moment when nobody waits for a page.
"""

import asyncio
import gc
from collections.abc import Callable

# New objects before the youngest are looked at, how often that happens before their survivors are, and how often that
# before all is that is not left alone: some 200 connections, looked at in a few milliseconds, and 2,000.
YOUNG, LOOKS, LARGE_LOOKS = 3_000, 5, 10
SURVIVORS = 1  # the generation of what survived one look
MOMENT_SECONDS = 0.05  # how often it is seen whether nobody waits for an answer
QUIET_SECONDS = 1800.0
QUIET_SOCKETS = 500


class Collector:
    """Collects by itself, in small steps. `at_rest` says whether no request is being answered, `waited_for` whether
    somebody waits for a page."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        sockets: Callable[[], int],
        at_rest: Callable[[], bool],
        waited_for: Callable[[], bool] = lambda: False,
    ) -> None:
        self._loop = loop
        self._sockets = sockets
        self._at_rest = at_rest
        self._waited_for = waited_for
        self._due = False

    def settle(self) -> None:
        """What was loaded stays for ever."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG, LOOKS, LARGE_LOOKS)
        gc.callbacks.append(self.looked)
        gc.enable()
        self._loop.call_later(MOMENT_SECONDS, self._wait_for_a_moment)
        self._loop.call_later(QUIET_SECONDS, self._look_at_everything)

    def looked(self, phase: str, info: dict[str, int]) -> None:
        """Python has looked; there may be survivors to be left alone. Called in any thread, whatever it is doing."""
        if phase == "stop" and info["generation"] >= SURVIVORS:
            self._due = True

    def leave_alone(self) -> None:
        """Leaves what survived alone, if this is a moment for it."""
        if self._due and self._at_rest():
            gc.collect()
            gc.freeze()
            self._due = False

    def look_at_the_youngest(self) -> None:
        """Spares who comes next a look, if this is a moment for it."""
        if gc.get_count()[0] > YOUNG // 2 and not self._waited_for():
            gc.collect(0)

    def _wait_for_a_moment(self) -> None:
        self._loop.call_later(MOMENT_SECONDS, self._wait_for_a_moment)
        self.look_at_the_youngest()
        self.leave_alone()

    def _look_at_everything(self) -> None:
        self._loop.call_later(QUIET_SECONDS, self._look_at_everything)
        if self._sockets() < QUIET_SOCKETS:
            gc.unfreeze()
            self._due = True
            self.leave_alone()
