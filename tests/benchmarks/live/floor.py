"""The floor: a bare asyncio server that does nothing but write one frame to all its sockets."""

import asyncio
import multiprocessing
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

from tests.benchmarks.live.crowd import MARGIN_SECONDS

ACCEPTED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
SEQ = re.compile(rb'"seq":(\d+)')
BACKLOG = 4096


def framed(payload: bytes) -> bytes:
    """A text frame from a server."""
    size = len(payload)
    if size < 126:
        return bytes((0x81, size)) + payload
    if size < 1 << 16:
        return bytes((0x81, 126)) + size.to_bytes(2) + payload
    return bytes((0x81, 127)) + size.to_bytes(8) + payload


def numbered(payload: bytes, seq: int) -> bytes:
    """The same event with another number, which takes up as much room (up to the digits of the captured one)."""
    found = SEQ.search(payload)
    if found is None:
        raise ValueError("the captured frame has no number")
    digits = f"{seq}".rjust(len(found[1])).encode()
    return payload[: found.start(1)] + digits + payload[found.end(1) :]


class Guest(asyncio.Protocol):
    """Answers a handshake and a subscription, unread."""

    def __init__(self, guests: "set[asyncio.Transport]") -> None:
        self.guests = guests
        self.greeted = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A socket came."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:  # noqa: ARG002  (whatever it is)
        """First the handshake, then the subscription; nothing else is answered."""
        if not self.greeted:
            self.greeted = True
            self.transport.write(ACCEPTED)
        elif self.transport not in self.guests:
            self.transport.write(framed(b'{"type":"subscribed","seq":0}'))
            self.guests.add(self.transport)

    def connection_lost(self, error: Exception | None) -> None:
        """A socket went, by itself or by an error."""
        del error
        self.guests.discard(self.transport)


async def _serve(control: Connection, payload: bytes) -> None:
    loop, guests = asyncio.get_running_loop(), set[asyncio.Transport]()
    over = loop.create_future()
    server = await loop.create_server(lambda: Guest(guests), "127.0.0.1", 0, backlog=BACKLOG)

    def told() -> None:
        try:
            seq = control.recv()
        except EOFError:
            loop.remove_reader(control.fileno())
            over.set_result(None)
            return
        frame = framed(numbered(payload, seq))
        began = time.monotonic_ns()
        for guest in guests:
            guest.write(frame)
        control.send(began)

    loop.add_reader(control.fileno(), told)
    control.send(server.sockets[0].getsockname())
    await over
    server.close()
    for guest in list(guests):
        guest.abort()


def serve(control: Connection, payload: bytes) -> None:
    """What the process of the floor does."""
    asyncio.run(_serve(control, payload))


class Floor:
    """Steers the bare server."""

    def __init__(self, control: Connection) -> None:
        self._control = control
        self.address: tuple[str, int] = self._answer()

    def broadcast(self, seq: int) -> int:
        """Write event `seq` to everybody; when that began."""
        self._control.send(seq)
        began: int = self._answer()
        return began

    def _answer(self) -> Any:
        if not self._control.poll(MARGIN_SECONDS):
            raise RuntimeError("the floor does not answer")
        return self._control.recv()


@contextmanager
def laid(payload: bytes) -> Iterator[Floor]:
    """A bare server that sends this event, while the block runs."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, payload), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Floor(ours)
    finally:
        ours.close()
        process.join(MARGIN_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
