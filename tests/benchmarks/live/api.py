"""Requests on kept connections, cheaply: what is measured is the server, not the client."""

import json
import socket
import struct
import sys
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

PATIENCE_SECONDS = 60.0
CREATED = 201
SO_TIMESTAMPNS, TIME = 35, struct.Struct("@ll")  # Linux tells when a packet came
ENDED = b"\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    """What came back, when the request was sent, when the answer was at this machine and when it was read.

    Times are monotonic nanoseconds. Between the last two the reader waits for a processor, of which readers have their
    own elsewhere; where the kernel does not tell when a packet came they are the same.
    """

    status: int
    body: bytes
    sent: int
    arrived: int
    done: int

    def json(self) -> Any:
        """What a successful call of the API gave. Raises RuntimeError for any other."""
        if self.status >= 300:
            raise RuntimeError(f"answered {self.status}: {self.body[:500]!r}")
        return json.loads(self.body)


class Caller:
    """One connection, opened again when the server closed it, with the same headers for each request."""

    def __init__(self, address: tuple[str, int], **headers: str) -> None:
        self.address = address
        lines = {"Host": f"{address[0]}:{address[1]}", **headers}
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._connection: socket.socket | None = None
        self._came = 0

    @classmethod
    def with_token(cls, address: tuple[str, int], token: str) -> Self:
        """Somebody who uses the API."""
        return cls(address, Authorization=f"Bearer {token}", **{"Content-Type": "application/json"})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def get(self, path: str) -> Answer:
        """Read."""
        return self._call(f"GET {path} HTTP/1.1\r\n{self._headers}\r\n".encode())

    def post(self, path: str, data: dict[str, Any]) -> Answer:
        """Write through the API."""
        body = json.dumps(data)
        return self._call(
            f"POST /api/v1/{path} HTTP/1.1\r\n{self._headers}Content-Length: {len(body)}\r\n\r\n{body}".encode()
        )

    def reply(self, thread: int, body: str) -> Answer:
        """Post into a thread. Raises RuntimeError unless it was accepted."""
        answer = self.post(f"threads/{thread}/posts", {"body": body})
        if answer.status != CREATED:
            raise RuntimeError(f"the post was answered {answer.status}: {answer.body[:500]!r}")
        return answer

    def _call(self, request: bytes) -> Answer:
        if self._connection is None:
            self._connection = socket.create_connection(self.address, timeout=PATIENCE_SECONDS)
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if sys.platform == "linux":
                self._connection.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        sent = time.monotonic_ns()
        self._connection.sendall(request)
        head, body = self._head()
        headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        body = self._chunks(body) if headers.get(b"transfer-encoding") == b"chunked" else self._whole(body, headers)
        done = time.monotonic_ns()
        waited = time.time_ns() - self._came if self._came else 0
        if headers.get(b"connection") == b"close":
            self._close()
        return Answer(int(head.split(b" ", 2)[1]), body, sent, done - max(0, waited), done)

    def _head(self) -> tuple[bytes, bytes]:
        data = b""
        while ENDED not in data:
            data += self._more()
        head, _end, body = data.partition(ENDED)
        return head, body

    def _whole(self, body: bytes, headers: dict[bytes, bytes]) -> bytes:
        length = int(headers.get(b"content-length", 0))
        while len(body) < length:
            body += self._more()
        return body

    def _chunks(self, data: bytes) -> bytes:
        whole = b""
        while True:
            while b"\r\n" not in data:
                data += self._more()
            size, _end, data = data.partition(b"\r\n")
            length = int(size, 16)
            while len(data) < length + 2:
                data += self._more()
            if not length:
                return whole
            whole, data = whole + data[:length], data[length + 2 :]

    def _more(self) -> bytes:
        assert self._connection
        data, notes, _flags, _address = self._connection.recvmsg(65536, socket.CMSG_SPACE(TIME.size))
        for _level, _kind, note in notes:
            seconds, nanoseconds = TIME.unpack(note)
            self._came = seconds * 10**9 + nanoseconds
        if not data:
            self._close()
            raise RuntimeError("the server closed the connection in the middle of an answer")
        return data

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
