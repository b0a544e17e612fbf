"""Daphne's protocols, made for many connections that are mostly idle.

What autobahn and Twisted do for debug logs on every accept and frame is left out, and a socket that became a WebSocket
keeps nothing of the HTTP request it began as.
"""

from typing import Any

import autobahn.twisted.websocket
import autobahn.websocket.protocol
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from django.conf import settings
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel, Request

from community.http.refusals import too_large
from realtime.rules import Closing

PING = b"\x89\x00"  # a WebSocket ping without payload
MOST_SILENT_VISITS = 3
LINGER_SECONDS = 2  # who sends too much hears so for that long, before the connection ends under what is on its way

# What a WebSocket may bring between two visits (20 s), whatever it says. Each header and each piece of a frame is one,
# so a frame is mostly two, and costs some 30 microseconds: three times what the limit on messages lets through.
MOST_PIECES = 2500
MOST_FRAGMENTS = 64  # of one message
MOST_DROPPED = 4 * 1024 * 1024  # bytes after we closed: at full speed even dropping them costs most of a core
MOST_REASON = 123  # bytes, by the WebSocket protocol


def quieten() -> None:
    """Leaves out the strings that autobahn makes for debug logs, whatever the log level: a third of each accept."""
    for module in (autobahn.websocket.protocol, autobahn.twisted.websocket):
        for name in ("pformat", "hltype", "hlval"):
            if hasattr(module, name):
                setattr(module, name, _nothing)


def _nothing(*_args: object) -> str:
    return ""


class Channel(HTTPChannel):
    """One HTTP connection. While the server drains, each answer is the connection's last.

    A body is refused as soon as it is known to be too large: Twisted would keep all of it, and Daphne again.
    """

    transport: Any
    refusing = False

    def connectionMade(self) -> None:  # noqa: N802  (Twisted's name)
        """Known to the server from now on."""
        self.factory.server.channels[self.transport] = self
        super().connectionMade()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802  (Twisted's name)
        """Known no more."""
        self.factory.server.forget_channel(self.transport)
        super().connectionLost(reason)

    def checkPersistence(self, request: Request, version: bytes) -> bool:  # noqa: N802  (Twisted's name)
        """Whether another request may follow on this connection."""
        if self.factory.server.draining:
            _say_close(request)
            return False
        return bool(super().checkPersistence(request, version))

    def allHeadersReceived(self) -> None:  # noqa: N802  (Twisted's name)
        """The body comes next, unless it is declared to be too large."""
        if self.length is not None and self.length > self.requests[-1].most_bytes():
            self.refuse_body()
        else:
            super().allHeadersReceived()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802  (Twisted's name)
        """What comes after a refusal is dropped."""
        if not self.refusing:
            super().dataReceived(data)

    def rawDataReceived(self, data: bytes) -> None:  # noqa: N802  (Twisted's name)
        """So is what came with it."""
        if not self.refusing:
            super().rawDataReceived(data)

    def allContentReceived(self) -> None:  # noqa: N802  (Twisted's name)
        """The request begins, unless its last piece was too much."""
        if not self.refusing:
            super().allContentReceived()

    def refuse_body(self) -> None:
        """Answers 413 and ends the connection, a little later so that who is still sending comes to read it."""
        self.refusing = True
        path: Any = self._path
        response = too_large(path.decode("latin-1"))
        response["Content-Length"] = str(len(response.content))
        response["Connection"] = "close"
        self.transport.write(b"HTTP/1.1 413 Content Too Large\r\n" + response.serialize())
        self.transport.loseWriteConnection()
        self.setTimeout(LINGER_SECONDS)

    def retire(self) -> None:
        """The request that is being served is the last."""
        if self.requests:
            self.persistent = False
            if not self.requests[0].startedWriting:
                _say_close(self.requests[0])


class UpgradableRequest(WebRequest):
    """A request that, when it became a WebSocket, is let go with its channel."""

    def most_bytes(self) -> int:
        """How large its body may be; a WebSocket's request has none, and would hand it over as frames."""
        upgrades = self.requestHeaders.getRawHeaders(b"Upgrade", [b""])
        return 0 if upgrades[0].lower() == b"websocket" else int(settings.BODY_LIMIT)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  (Twisted's name)
        """Keeps it, as long as all is not too large; only of a body in chunks that is not known before."""
        if self.channel.refusing:
            return
        if self.content.tell() + len(data) > self.most_bytes():
            self.channel.refuse_body()
        else:
            super().handleContentChunk(data)

    def process(self) -> Any:
        """Daphne's; nothing of an upgraded request is looked at again, so its cycle of references is cut.

        Daphne believes this header whoever sends it; the site says itself what its addresses begin with.
        """
        self.requestHeaders.removeHeader(b"daphne-root-path")
        answering = super().process()
        if self.transport is None:
            self.channel.requests.clear()
        return answering


def _say_close(request: Request) -> None:
    request.responseHeaders.setRawHeaders(b"Connection", [b"close"])


class ChannelFactory(HTTPFactory):
    """Makes channels that are not wrapped for TLS and HTTP/2, which end at the proxy."""

    protocol = Channel

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802  (Twisted's name)
        """A channel whose requests can be let go."""
        channel = super().buildProtocol(addr)
        channel.requestFactory = UpgradableRequest
        return channel

    def startFactory(self) -> None:  # noqa: N802  (Twisted's name)
        """Twisted would keep the date for its access log."""

    def stopFactory(self) -> None:  # noqa: N802  (Twisted's name)
        """Nothing was started."""

    def log(self, request: Request) -> None:
        """Twisted would format a line for its access log, which goes nowhere."""


class Connection(WebSocketProtocol):
    """One WebSocket. The server visits it regularly; what is silent is pinged, what stays silent is dropped.

    Autobahn answers pings and collects fragments by itself, so they are counted here, where everything passes.
    """

    spoke = 0
    heard = True
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
        elif not self.refused:
            self._dataReceived(data)
        else:
            self.dropped += len(data)
            if self.dropped > MOST_DROPPED:
                self.cut()

    def succeedHandshake(self, res: object) -> None:  # noqa: N802  (autobahn's name)
        """The application accepts; too late when the client is gone."""
        if self.state == self.STATE_CONNECTING:
            super().succeedHandshake(res)

    def processData(self) -> bool:  # noqa: N802  (autobahn's name)
        """Takes the next header or piece of a frame; whether there may be another."""
        self.pieces += 1
        if self.pieces > MOST_PIECES:
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
        elif self.state == self.STATE_OPEN:
            self.transport.write(PING)


class ConnectionFactory(WebSocketFactory):
    """Makes connections."""

    protocol = Connection
