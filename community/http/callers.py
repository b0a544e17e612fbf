"""Whoever waits for an answer: what they send, within bounds, and whether they are still there."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]


class Caller:
    """One request's other end."""

    def __init__(self, receive: Receive, most_bytes: int) -> None:
        self._receive = receive
        self._bytes_left = most_bytes
        self._leaving: asyncio.Future[Message] | None = None

    async def receive(self) -> Message:
        """The next message. RequestDataTooBig when the body is larger than anybody needs it."""
        message = await self._receive()
        self._bytes_left -= len(message.get("body", b""))
        if self._bytes_left < 0:
            raise RequestDataTooBig
        return message

    @property
    def gone(self) -> bool:
        """Whether they hung up since we listen."""
        return self._leaving is not None and self._leaving.done()

    def listen(self) -> None:
        """Take note when they hang up, which is all that can come after the body; for answers that take a while."""
        self._leaving = self._leaving or asyncio.ensure_future(self._receive())

    def forget(self) -> None:
        """The answer is out, or will never be."""
        if self._leaving is not None:
            self._leaving.cancel()
