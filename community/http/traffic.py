"""What this process is busy with: how many pages are being made, for those who can do their own work a little later."""

from collections.abc import Iterator
from contextlib import contextmanager

_reads = 0


@contextmanager
def under_way(*, reads: bool) -> Iterator[None]:
    """While a request waits for its page and the page is made. On the event loop only."""
    global _reads  # noqa: PLW0603  (one number for the process)
    _reads += reads
    try:
        yield
    finally:
        _reads -= reads


def pages_under_way() -> bool:
    """Whether somebody waits for a page."""
    return _reads > 0
