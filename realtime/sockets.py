"""One client's connection: whose it is, and what waits to be sent to it.

A task per socket sends, so that who reads slowly delays nobody; what waits is bounded, and beyond the bound the
socket is closed. The waiting texts are shared by all sockets, so that they cost little.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from realtime.people import Person, Ticket
from realtime.rules import DRAIN_SECONDS, MOST_AHEAD_CHARACTERS, MOST_UNSENT_BYTES, MOST_WAITING_CHARACTERS, Closing
from realtime.transport import gauge_of

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Socket:
    """Sends in order, never more than the client takes; `push` never waits."""

    def __init__(self, send: Send, person: Person, ticket: Ticket) -> None:
        self.person = person
        self.ticket = ticket
        self.code: int | None = None
        self._send = send
        self._unsent = gauge_of(send)
        self._queue: deque[str] = deque()
        self._waiting = 0
        self._more = asyncio.Event()
        self._room = asyncio.Event()

    @property
    def closing(self) -> bool:
        """Whether nothing more will be sent than a close frame."""
        return self.code is not None

    @property
    def held_back(self) -> bool:
        """Whether so much waits that only what cannot wait should be added."""
        return self._waiting > MOST_AHEAD_CHARACTERS

    def push(self, text: str) -> None:
        """Sends as soon as the client reads; closes the socket when too much waits already."""
        if self.closing:
            return
        if self._waiting and self._waiting + len(text) > MOST_WAITING_CHARACTERS:
            self.close(Closing.TOO_SLOW)
            return
        self._queue.append(text)
        self._waiting += len(text)
        self._more.set()

    async def send(self, text: str) -> None:
        """Sends when little waits: for what could be sent later as well."""
        while self.held_back and not self.closing:
            self._room.clear()
            await self._room.wait()
        self.push(text)

    def close(self, code: int, *, flush: bool = False) -> None:
        """Closes with that code; unless `flush`, what waits is not sent any more."""
        if self.closing:
            return
        if not flush:
            self._queue.clear()
            self._waiting = 0
        self.code = code
        self._more.set()
        self._room.set()

    async def run(self) -> None:
        """Sends what waits, in order, until the socket is to be closed."""
        while True:
            while self._queue:
                await self._drained()
                await self._send_next()
            if self.code is not None:
                await self._send({"type": "websocket.close", "code": self.code})
                return
            self._more.clear()
            await self._more.wait()

    async def _send_next(self) -> None:
        if not self._queue:
            return
        text = self._queue.popleft()
        self._waiting -= len(text)
        if not self.held_back:
            self._room.set()
        await self._send({"type": "websocket.send", "text": text})

    def _full(self) -> bool:
        return self._unsent is not None and self._unsent() > MOST_UNSENT_BYTES

    async def _drained(self) -> None:
        while self._full() and self._queue:  # noqa: ASYNC110  (Twisted's buffer sets no event)
            await asyncio.sleep(DRAIN_SECONDS)
