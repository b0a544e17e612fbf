"""Whether processes hear each other: what is typed in one is seen in another through Redis only, never by a sweep."""

import asyncio
import contextlib
import itertools
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from websockets.asyncio.client import ClientConnection

from tests.survival.crowds import Room

TYPISTS = 5  # each is heard once in 2 seconds
AGAIN_SECONDS = 0.4


class Crossing:
    """Members who type in one process, and one who listens in another."""

    def __init__(self, stream: str) -> None:
        self._stream = stream
        self._sockets: dict[int, list[ClientConnection]] = defaultdict(list)
        self._seen = asyncio.Event()

    @property
    def complete(self) -> bool:
        """Whether there is everybody it takes."""
        return len(self._sockets) > 1 and len(self._typists) >= TYPISTS

    @property
    def _typists(self) -> list[ClientConnection]:
        return max(self._sockets.values(), key=len, default=[])

    async def add(self, connection: ClientConnection, process: int) -> None:
        """One more, in that process."""
        await connection.send(json.dumps({"type": "subscribe", "stream": self._stream}))
        self._sockets[process].append(connection)

    async def read(self, connection: ClientConnection) -> None:
        """Notes what somebody sees of others who type, while they stay connected."""
        async for frame in connection:
            if json.loads(frame)["type"] == "typing" and connection not in self._typists:
                self._seen.set()

    async def works(self) -> None:
        """Returns once somebody has seen what was typed in another process from now on."""
        self._seen.clear()
        for typist in itertools.cycle(self._typists):
            await typist.send(json.dumps({"type": "typing", "stream": self._stream}))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(AGAIN_SECONDS):
                    await self._seen.wait()
                    return


@asynccontextmanager
async def crossing(room: Room, server_of: Callable[[int], int]) -> AsyncIterator[Crossing]:
    """A crossing while the block runs, given which process has the other end of a port's connection."""
    found = Crossing(room.stream)
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        reading = list[asyncio.Task[None]]()
        for token in itertools.cycle(room.tokens):
            connection = await stack.enter_async_context(room.socket(token))
            await found.add(connection, server_of(connection.local_address[1]))
            reading.append(tasks.create_task(found.read(connection)))
            if found.complete:
                break
        yield found
        for task in reading:
            task.cancel()
