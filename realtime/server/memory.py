"""The garbage collector, tuned for thousands of connections."""

import asyncio
import gc
from collections.abc import Callable

THRESHOLDS = (20_000, 50, 1_000_000)


def settle(loop: asyncio.AbstractEventLoop, sockets: Callable[[], int]) -> None:
    """What was loaded stays for ever and is never looked at again; full collections happen only by `_collect`."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    gc.enable()
