"""A thread of its own for reading the database, with one long-lived connection."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import Error, connection

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
IDS_A_QUERY = 900


class DatabaseThread:
    """Runs functions one after another, in the order asked. The connection is kept, and made anew after an error."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What the function gives. Raises what it raises, database errors included."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: _run(function, *args, **kwargs))

    async def stop(self) -> None:
        """Waits for what runs and closes the connection."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._executor, _close)
        self._executor.shutdown(wait=False, cancel_futures=True)


def _run(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return function(*args, **kwargs)
    except Error:
        _close()
        raise


def _close() -> None:
    connection.close()


def in_chunks(things: Iterable[T], size: int = IDS_A_QUERY) -> Iterator[Sequence[T]]:
    """The things some at a time, for conditions on many ids."""
    rows = list(things)
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
