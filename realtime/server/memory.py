"""The garbage collector, tuned for thousands of connections.

A full collection looks at everything that is alive: with 18,000 connections it stops the process for a second. But a
connection here is freed by its last reference, since its cycles are cut when it ends; and what has lived for a while
will mostly live on. So what survives two looks is left alone from then on, and a look costs what was made since the
last one. The little that turns to garbage later is found when the site is quiet.
"""

import asyncio
import gc
from collections.abc import Callable

# New objects before the youngest are looked at, and how often that happens before the survivors are left alone. Both
# together are some 200 connections, looked at in a few milliseconds.
YOUNG, LOOKS = 3_000, 5
NEVER = 1_000_000_000
SURVIVORS = 1  # the generation of what survived one look
QUIET_SECONDS = 1800.0
QUIET_SOCKETS = 500


class Collector:
    """Collects by itself, in small steps."""

    def __init__(self, loop: asyncio.AbstractEventLoop, sockets: Callable[[], int]) -> None:
        self._loop = loop
        self._sockets = sockets

    def settle(self) -> None:
        """What was loaded stays for ever."""
        gc.collect()
        gc.freeze()
        gc.set_threshold(YOUNG, LOOKS, NEVER)
        gc.callbacks.append(_looked)
        gc.enable()
        self._loop.call_later(QUIET_SECONDS, self._look_at_everything)

    def _look_at_everything(self) -> None:
        self._loop.call_later(QUIET_SECONDS, self._look_at_everything)
        if self._sockets() < QUIET_SOCKETS:
            gc.unfreeze()
            gc.collect()
            gc.freeze()


def _looked(phase: str, info: dict[str, int]) -> None:
    if phase == "stop" and info["generation"] == SURVIVORS:
        gc.freeze()
