"""A client on a bare socket: it reads when it is told to, as much as it is told to, and takes every byte literally."""

import json
import select
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Any, NamedTuple, Self

from tests.realtime.servers import Server

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
PATIENCE_SECONDS = 15.0
LITTLE = 4096


class Got(NamedTuple):
    """A WebSocket frame as it came."""

    opcode: int
    payload: bytes

    @property
    def json(self) -> dict[str, Any]:
        """A text frame's content."""
        return dict(json.loads(self.payload))


class RawClient:
    """Signed in by token. With `room` the kernel holds hardly more than that of what was not read."""

    def __init__(self, server: Server, token: str, *, room: int = LITTLE) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        self.socket.settimeout(PATIENCE_SECONDS)
        self.socket.connect(("127.0.0.1", server.port))
        self._buffer = b""
        lines = ["GET /ws/ HTTP/1.1", f"Host: {server.host}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"]
        lines += [f"Authorization: Bearer {token}", "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        while b"\r\n\r\n" not in self._buffer:
            self._receive()
        self._buffer = self._buffer.partition(b"\r\n\r\n")[2]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def send(self, opcode: int, payload: bytes) -> None:
        """Sends a frame; the mask changes nothing."""
        length = len(payload)
        head = bytes([0x80 | opcode, 0x80 | length]) if length < 126 else bytes([0x80 | opcode, 0xFE])
        extended = b"" if length < 126 else length.to_bytes(2, "big")
        self.socket.sendall(head + extended + bytes(4) + payload)

    def ask(self, type_: str, **fields: Any) -> None:
        """Sends a frame of the live protocol."""
        self.send(TEXT, json.dumps({"type": type_, **fields}).encode())

    def subscribe(self, stream: str, after: int | None = None) -> None:
        """Subscribes and waits for the answer."""
        self.ask("subscribe", stream=stream, **({} if after is None else {"after": after}))
        self.until(lambda got: got.opcode == TEXT and got.json["type"] == "subscribed")

    def until(self, wanted: Callable[[Got], bool]) -> list[Got]:
        """The frames up to the one that is wanted."""
        frames = [self.next()]
        while not wanted(frames[-1]):
            frames.append(self.next())
        return frames

    def next(self) -> Got:
        """The next frame, which must be whole, final and unmasked."""
        self._fill(2)
        first, length = self._buffer[0], self._buffer[1]
        assert first & 0xF0 == 0x80, first
        assert length < 128, length
        size = 2
        if length >= 126:
            size = 4 if length == 126 else 10
            self._fill(size)
            length = int.from_bytes(self._buffer[2:size], "big")
        self._fill(size + length)
        payload = self._buffer[size : size + length]
        self._buffer = self._buffer[size + length :]
        return Got(first & 0x0F, payload)

    def is_cut_off(self) -> bool:
        """Whether the server ends the connection, with nothing read meanwhile."""
        poll = select.poll()
        poll.register(self.socket, select.POLLERR)
        return bool(poll.poll(PATIENCE_SECONDS * 1000))

    def _fill(self, size: int) -> None:
        while len(self._buffer) < size:
            self._receive()

    def _receive(self) -> None:
        chunk = self.socket.recv(65536)
        if not chunk:
            raise EOFError("the server ended the connection")
        self._buffer += chunk
