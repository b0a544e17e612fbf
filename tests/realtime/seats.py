"""Members at a record without a network, on a hub of this process's own."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.realtime.inside import PATIENCE_SECONDS, Listener
from tests.realtime.writers import SAVED, STEP_1, STEP_2, SYNC, UPDATE, Got, message, read_message, varint
from tests.threads.replicas import Replica

if TYPE_CHECKING:
    from realtime.hub import Hub


class Seated:
    """Somebody at a record, without a network."""

    def __init__(self, hub: "Hub", member: Any, thread: int) -> None:
        from realtime.records.conversation import RecordConversation

        self.listener = Listener(hub, member)
        self.socket = self.listener.socket
        self.replica = Replica()
        self.seen: list[Got] = []
        self.conversation = RecordConversation(hub.desk, self.socket, thread)
        self.conversation.begin()

    def send(self, type_: int, *parts: int | bytes) -> None:
        """What the client sends."""
        self.conversation.hear({"bytes": message(type_, *parts)})

    def write(self, field: str, text: str) -> None:
        """Writes at the beginning."""
        self.send(SYNC, UPDATE, self.replica.write(field, 0, text))

    async def until(self, reached: Callable[[], bool]) -> None:
        """Takes what comes until that is so."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not reached():
                got = read_message((await self.listener.frames.get())["bytes"])
                self.seen.append(got)
                if got.step in {STEP_2, UPDATE}:
                    self.replica.take(got.content)

    async def join(self) -> "Seated":
        """Has what is there."""
        self.send(SYNC, STEP_1, self.replica.vector)
        await self.until(lambda: any(got.step == STEP_2 for got in self.seen))
        return self

    async def settle(self, number: int = 1) -> None:
        """Returns when all is stored."""
        self.send(SAVED, number)
        await self.until(lambda: Got(SAVED, None, varint(number)) in self.seen)

    async def closed(self) -> int:
        """The code with which the server closes."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.socket.code is None:  # noqa: ASYNC110  (nothing else tells)
                await asyncio.sleep(0.01)
        return self.socket.code

    def text(self, field: str = "problem") -> str:
        """What a field says here."""
        return self.replica.texts[field]
