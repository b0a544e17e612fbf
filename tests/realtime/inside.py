"""Listeners without a network, on a hub of this process's own."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async

if TYPE_CHECKING:
    from realtime.hub import Hub
    from realtime.people import Ticket
    from threads.models import Thread

PATIENCE_SECONDS = 15.0


class Listener:
    """A socket by plain ASGI send; `frames` is what it was sent. While `held` is clear the client reads nothing."""

    def __init__(self, hub: "Hub", member: Any, ticket: "Ticket | None" = None) -> None:
        from realtime.people import Ticket, person_of
        from realtime.sockets import socket_on

        self.frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.held = asyncio.Event()
        self.held.set()
        self.hub = hub
        self.socket = socket_on(self._send, person_of(member), ticket or Ticket(member.pk))
        assert hub.enter(self.socket) is None

    async def _send(self, message: dict[str, Any]) -> None:
        await self.held.wait()
        self.frames.put_nowait(json.loads(message["text"]) if "text" in message else message)

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """The next frame with these fields."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                frame = await self.frames.get()
                if all(frame.get(name) == value for name, value in wanted.items()):
                    return frame

    async def subscribe(self, stream: str, after: int | None = None) -> dict[str, Any]:
        """Subscribes and waits for the answer."""
        self.hub.subscribe(self.socket, stream, after)
        return await self.until(type="subscribed")

    async def numbers(self, count: int) -> list[int]:
        """The numbers of the next events."""
        return [(await self.until(type="event"))["seq"] for _number in range(count)]


@asynccontextmanager
async def hub_alone() -> AsyncIterator["Hub"]:
    """A hub that sweeps only when told to, and talks to no other process."""
    from django.db import connections

    from realtime.hub import Hub

    hub = Hub()
    hub.bridge.crosses = False
    hub.start(sweep_seconds=3600)
    yield hub
    await hub.stop()
    await sync_to_async(connections.close_all)()


async def written(thread: "Thread", by: Any, times: int = 1) -> None:
    """Writes replies, of which no hub is told."""
    from tests.realtime.conftest import reply

    for _time in range(times):
        await sync_to_async(reply)(thread, by)
