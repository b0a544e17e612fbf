"""Editors of records for the benchmark: Yjs documents by pycrdt behind sockets, with the time of each keystroke."""

import asyncio
import random
import time
from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Self

from websockets.asyncio.client import ClientConnection, connect

from tests.realtime.writers import SAVED, STEP_1, STEP_2, SYNC, UPDATE, message, number_at, varint
from tests.threads.replicas import Replica
from threads.rules.yjs import Range, read_update

PATIENCE_SECONDS = 60.0
FIELD = "problem"


@dataclass
class Keystrokes:
    """When each was made, by client and clock; how long each took to reach each of the others, and to be stored, in
    nanoseconds."""

    made: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    arrived: "array[int]" = field(default_factory=lambda: array("q"))
    stored: "array[int]" = field(default_factory=lambda: array("q"))
    _last: tuple[bytes, list[Range]] = (b"", [])

    def see(self, update: bytes, by: int) -> None:
        """Somebody gets an update, the same bytes mostly as somebody else just before."""
        now = time.monotonic_ns()
        if self._last[0] != update:
            self._last = update, read_update(update).ranges
        for client, start, end in self._last[1]:
            if client != by:
                self.arrived.extend(now - at for at in self.made[client][start:end])


class Editor:
    """Somebody at a record. What comes is applied as it comes."""

    def __init__(self, connection: ClientConnection, keystrokes: Keystrokes | None = None) -> None:
        self.replica = Replica()
        self.at = 0
        self.closed = False
        self._connection = connection
        self._keystrokes = keystrokes
        self._synced = asyncio.Event()
        self._asked: dict[int, tuple[int, asyncio.Event]] = {}
        self._number = 0
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def sit(cls, address: tuple[str, int], thread: int, token: str, keystrokes: Keystrokes | None = None) -> Self:
        """Connects, and has everything that is there."""
        connection = await connect(
            f"ws://{address[0]}:{address[1]}/ws/records/{thread}",
            additional_headers={"Authorization": f"Bearer {token}"},
            compression=None, max_size=None, proxy=None, ping_interval=None, open_timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        editor = cls(connection, keystrokes)
        await editor.synchronize()
        return editor

    @property
    def client(self) -> int:
        """The Yjs client."""
        return self.replica.doc.client_id

    async def synchronize(self) -> None:
        """Asks for what is there; returns when it has come."""
        self._synced.clear()
        await self._connection.send(message(SYNC, STEP_1, self.replica.vector))
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._synced.wait()

    async def type(self, letter: str) -> None:
        """One keystroke after the last one, with the question whether it is stored."""
        length = len(self.replica.fields[FIELD])
        self.at = min(self.at + 1, length)
        now = time.monotonic_ns()
        if self._keystrokes is not None:
            self._keystrokes.made[self.client].append(now)
        self.replica.fields[FIELD].insert(self.at, letter)
        for update in self.replica.sent():
            await self._connection.send(message(SYNC, UPDATE, update))
        await self.ask(now)

    async def send(self, update: bytes) -> None:
        """Sends an update."""
        await self._connection.send(message(SYNC, UPDATE, update))

    async def say(self, clock: int) -> None:
        """Says where one is."""
        place = f'{{"type":null,"tname":"{FIELD}","item":{{"client":{self.client},"clock":{clock}}},"assoc":0}}'
        state = f'{{"cursor":{{"anchor":{place},"head":{place}}},"field":"{FIELD}"}}'.encode()
        content = varint(1) + varint(self.client) + varint(clock) + varint(len(state)) + state
        await self._connection.send(message(1, content))

    async def ask(self, now: int = 0) -> asyncio.Event:
        """Asks whether all is stored; the event says when it is."""
        self._number += 1
        stored = asyncio.Event()
        self._asked[self._number] = now, stored
        await self._connection.send(message(SAVED, self._number))
        return stored

    async def settle(self) -> None:
        """Returns when all is stored."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await (await self.ask()).wait()

    async def leave(self) -> None:
        """Goes."""
        await self._connection.close()
        await self._reading

    async def _read(self) -> None:
        async for received in self._connection:
            if isinstance(received, bytes):
                await self._take(received)
        self.closed = True

    async def _take(self, received: bytes) -> None:
        if received[0] == SAVED:
            asked, stored = self._asked.pop(number_at(received, 1)[0])
            stored.set()
            if asked and self._keystrokes is not None:
                self._keystrokes.stored.append(time.monotonic_ns() - asked)
        elif received[0] == SYNC:
            length, at = number_at(received, 2)
            await self._synchronized(received[1], received[at : at + length])

    async def _synchronized(self, step: int, content: bytes) -> None:
        if step == STEP_1:
            await self._connection.send(message(SYNC, STEP_2, self.replica.since(content)))
            return
        self.replica.take(content)
        if step == STEP_2:
            self._synced.set()
        elif self._keystrokes is not None:
            self._keystrokes.see(content, self.client)


async def typing(editor: Editor, rate: float, seconds: float, dice: random.Random) -> int:
    """So many keystrokes a second, not in step with the others; gives how many. The cursor is told ten times a second
    at most."""
    loop = asyncio.get_running_loop()
    due = began = loop.time() + dice.random() / rate
    made = 0
    while due < began + seconds:
        await asyncio.sleep(due - loop.time())
        await editor.type(dice.choice("abcdefghijklmnopqrstuvwxyz "))
        made += 1
        await editor.say(made)
        due += 2 / rate * dice.random()
    return made
