"""Responses that are read part by part, by the thread that made them, while it also answers others."""

from collections.abc import AsyncIterator, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import cast

from django.http import FileResponse, StreamingHttpResponse

from community.http.callers import Caller
from community.http.workers import Worker

_PARTS_AHEAD = 4


def read_ahead(response: FileResponse) -> bool:
    """Read the beginning of a file, and whether that was all: a short one needs no second visit to its thread."""
    parts = iter(cast("Iterable[bytes]", response.streaming_content))
    ahead = list(islice(parts, _PARTS_AHEAD))
    if len(ahead) < _PARTS_AHEAD:
        response.streaming_content = _given(ahead)
        return True
    response.streaming_content = chain(ahead, parts)
    return False


def keep_reading(response: StreamingHttpResponse, worker: Worker, caller: Caller) -> None:
    """Let the thread read what is to be sent next, until the caller is gone."""
    if not response.is_async:
        response.streaming_content = _read(iter(cast("Iterable[bytes]", response.streaming_content)), worker, caller)


async def _given(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def _read(parts: Iterator[bytes], worker: Worker, caller: Caller) -> AsyncIterator[bytes]:
    while not caller.gone and (part := await worker.run(partial(next, parts, None))) is not None:
        yield part
