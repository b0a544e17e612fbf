"""Daphne's WebSockets, made for many connections that are mostly idle.

What autobahn and Twisted do for logs on every accept, frame and read is left out.
"""

from collections.abc import Callable

import autobahn.twisted.websocket
import autobahn.websocket.protocol
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import asyncioreactor
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure

from realtime.rules import Closing
from realtime.transport import MOST_REASON, is_free, write_at_once

PING, EMPTY_PONG = b"\x89\x00", b"\x8a\x80"  # a WebSocket ping without payload, and how the answer begins
PONG_BYTES = 6  # with the mask that every client's frame has
MOST_SILENT_VISITS = 1  # a ping without an answer: who vanished is gone 40 to 60 s after they were heard last

# What a WebSocket may bring between two visits (20 s), whatever it says. Each header and each piece of a frame is one,
# so a frame is mostly two, and costs some 30 microseconds: three times what the limit on messages lets through.
MOST_PIECES = 2500
MOST_FRAGMENTS = 64  # of one message
MOST_DROPPED = 4 * 1024 * 1024  # bytes after we closed: at full speed even dropping them costs most of a core


def quieten() -> None:
    """Leaves out the strings that autobahn makes for debug logs, whatever the log level: a third of each accept; and
    the context that Twisted makes for its log around every read and write."""
    for module in (autobahn.websocket.protocol, autobahn.twisted.websocket):
        for name in ("pformat", "hltype", "hlval"):
            if hasattr(module, name):
                setattr(module, name, _nothing)
    vars(asyncioreactor)["callWithLogger"] = _call


def _nothing(*_args: object) -> str:
    return ""


def _call(_logger: object, function: Callable[..., object], *args: object) -> object:
    return function(*args)


class Connection(WebSocketProtocol):
    """One WebSocket. The server visits it regularly; what is silent is pinged, what stays silent is dropped.

    Autobahn answers pings and collects fragments by itself, so they are counted here, where everything passes.
    """

    spoke = 0
    heard = True
    most_pieces = MOST_PIECES
    silent_visits = 0
    pieces = 0
    fragments = 0
    refused = False
    dropped = 0

    def connectionMade(self) -> None:  # noqa: N802  (Twisted's name)
        """The HTTP channel it began as is let go."""
        server = self.factory.server_class
        server.forget_channel(self.transport)
        server.sockets.add(self)
        self.transport.unregisterProducer()
        super().connectionMade()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802  (Twisted's name)
        """Visited no more. The cycles that autobahn ties are cut, so that all is freed without a collection."""
        self.factory.server_class.forget_socket(self)
        super().connectionLost(reason)
        self.is_open = self.is_closed = None

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  (Twisted's name)
        """Whatever comes shows that somebody is there. Nothing may come before the handshake was answered."""
        self.heard = True
        if self.state == self.STATE_CONNECTING and hasattr(self, "http_request_data"):
            self.cut()
        elif self._is_pong(data):
            self.pieces += 1
        elif not self.refused:
            self._dataReceived(data)
        else:
            self.dropped += len(data)
            if self.dropped > MOST_DROPPED:
                self.cut()

    def _is_pong(self, data: bytes) -> bool:
        """Whether this is a whole pong to our ping, between two frames: autobahn takes long to find nothing in it."""
        if len(data) != PONG_BYTES or not data.startswith(EMPTY_PONG) or self.pieces >= self.most_pieces:
            return False
        return self.state == self.STATE_OPEN and not self.refused and not self.data and self.current_frame is None

    def succeedHandshake(self, res: object) -> None:  # noqa: N802  (autobahn's name)
        """The application accepts; too late when the client is gone."""
        if self.state == self.STATE_CONNECTING:
            super().succeedHandshake(res)

    def processData(self) -> bool:  # noqa: N802  (autobahn's name)
        """Takes the next header or piece of a frame; whether there may be another."""
        self.pieces += 1
        if self.pieces > self.most_pieces:
            self.refuse(Closing.TOO_FAST, b"too many frames")
            return False
        return bool(super().processData()) and not self.refused

    def onMessageBegin(self, isBinary: bool) -> None:  # noqa: N802, N803  (autobahn's names)
        """A message's fragments are counted."""
        self.fragments = 0
        super().onMessageBegin(isBinary)

    def onMessageFrameBegin(self, length: int) -> None:  # noqa: N802  (autobahn's name)
        """Empty ones would never reach the limit on bytes."""
        self.fragments += 1
        if self.fragments > MOST_FRAGMENTS:
            self.refuse(Closing.TOO_FAST, b"too many fragments")
        super().onMessageFrameBegin(length)

    def onPing(self, payload: bytes) -> None:  # noqa: N802  (autobahn's name)
        """Answers, unless more waits already than the client reads."""
        if not self.transport.producerPaused:
            super().onPing(payload)

    def refuse(self, code: int, reason: bytes) -> None:
        """Closes with that code. What still comes is dropped, until autobahn ends the connection a second later."""
        self.refused = True
        self.data = b""
        if self.state == self.STATE_OPEN:
            self.sendCloseFrame(code=code, reasonUtf8=reason[:MOST_REASON])
        else:
            self.cut()

    def cut(self) -> None:
        """Ends the connection, whatever waits to be sent; autobahn would not when it thinks that it has closed."""
        self.dropConnection(abort=True)
        self.transport.abortConnection()

    def _fail_connection(self, code: int = 1002, reason: str = "") -> None:
        """Frames against the protocol. By itself autobahn would not say why, or would go on reading for a second."""
        self.failedByMe = True
        self.refuse(code, reason.encode("ascii", "replace"))

    def visit(self) -> None:
        """Pings who was not heard since the last visit, so that every second visit at the latest something is sent."""
        self.pieces = 0
        if self.heard:
            self.heard = False
            self.silent_visits = 0
            return
        self.silent_visits += 1
        if self.silent_visits > MOST_SILENT_VISITS:
            self.cut()
        elif self.state == self.STATE_OPEN and is_free(self.transport):
            write_at_once(self.transport, PING)
        elif self.state == self.STATE_OPEN:
            self.transport.write(PING)


class ConnectionFactory(WebSocketFactory):
    """Makes connections."""

    protocol = Connection
