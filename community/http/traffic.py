"""What this process is busy with, for those who can do their own work a little later.

A read is every GET, HEAD and OPTIONS: also one to the API, of a static file that the site itself sends, and one that
still waits in line for a thread.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from community.rules.readers import readers

_requests = 0


@contextmanager
def under_way(*, reads: bool) -> Iterator[None]:
    """While a request waits for its page and the page is made. On the event loop only."""
    if not reads:
        yield
        return
    readers.begin()
    try:
        yield
    finally:
        readers.end()


@contextmanager
def served() -> Iterator[None]:
    """While a request is answered, up to the last byte that is handed to the server. On the event loop only."""
    global _requests  # noqa: PLW0603  (one number for the process)
    _requests += 1
    try:
        yield
    finally:
        _requests -= 1


def requests_under_way() -> bool:
    """Whether any request is being answered."""
    return _requests > 0


def pages_under_way() -> bool:
    """Whether somebody waits for a page, here or in another process of the site on this machine."""
    return readers.any()
