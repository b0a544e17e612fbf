"""A line of ours over one of Twisted's own connections, with a pair of sockets for a network and no reactor."""
# ruff: noqa: N802, N815  (names of Twisted and autobahn)

import socket
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    pass


class Reactor:
    """Notes who wants to write; nothing happens by itself."""

    def __init__(self) -> None:
        self.writers: set[Any] = set()

    def addWriter(self, writer: Any) -> None:
        self.writers.add(writer)

    def removeWriter(self, writer: Any) -> None:
        self.writers.discard(writer)

    def removeReader(self, reader: Any) -> None:
        """Nobody reads."""

    def callLater(self, _delay: float, call: Callable[..., Any], *args: Any) -> None:
        call(*args)


class Protocol:
    """As much of Daphne's protocol as a line looks at."""

    STATE_OPEN, STATE_CLOSED = 3, 0
    _perMessageCompress = None

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self.request = SimpleNamespace(path="/ws/")
        self.state = self.STATE_OPEN
        self.codes: list[int] = []

    def sendCloseFrame(self, code: int) -> None:
        self.codes.append(code)
        self.transport.write(f"close {code}".encode())
        self.state = 2

    def connectionLost(self, _reason: Any) -> None:
        self.state = self.STATE_CLOSED


class Wire:
    """A line of ours over one end of a pair of sockets, and the other end."""

    def __init__(self) -> None:
        from twisted.internet.tcp import Connection

        from realtime.transport import PreparedLine

        ours, self.theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        self.theirs.setblocking(False)
        self.reactor = Reactor()
        nobody: Any = None
        self.transport = cast("Any", Connection(ours, nobody, cast("Any", self.reactor)))
        self.transport.connected = 1
        self.protocol = Protocol(self.transport)
        self.transport.protocol = self.protocol
        self.line: PreparedLine = PreparedLine(nobody, self.protocol)
        self.got = b""

    def read(self) -> bytes:
        """Reads until nothing more comes, with Twisted writing as there is room."""
        while True:
            try:
                chunk = self.theirs.recv(65536)
            except BlockingIOError:
                if not self.reactor.writers:
                    return self.got
                self.transport.doWrite()
                continue
            if not chunk:
                return self.got
            self.got += chunk

    def fill(self) -> list[bytes]:
        """Writes until something waits in Twisted's buffer."""
        written: list[bytes] = []
        while not self.reactor.writers:
            written.append(bytes([len(written)]) * 3000)
            assert self.line.write(written[-1])
        return written
