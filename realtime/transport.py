"""How much a server still holds of what was sent to a connection: the one place that knows a server from inside.

Daphne's `send` never waits: what a client does not read piles up in Twisted's buffer. To hold back in time we look at
that buffer. Other servers wait in `send` themselves, and there is nothing to look at. Pinned by a test.
"""

import functools
import sys
from collections.abc import Callable
from typing import Any

Gauge = Callable[[], int]


def gauge_of(send: Any) -> Gauge | None:
    """Gives the number of unsent bytes of the connection behind an ASGI `send`; None where it cannot be known."""
    abstract = sys.modules.get("twisted.internet.abstract")
    if abstract is None or not isinstance(send, functools.partial) or not send.args:
        return None
    transport = getattr(send.args[0], "transport", None)
    if not isinstance(transport, abstract.FileDescriptor):
        return None

    def unsent() -> int:
        held: int = len(transport.dataBuffer) - transport.offset + transport._tempDataLen
        return held

    return unsent
