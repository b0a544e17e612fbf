"""Daphne's protocols, made for many connections that are mostly idle.

What autobahn and Twisted do for debug logs on every accept and frame is left out, and a socket that became a WebSocket
keeps nothing of the HTTP request it began as.
"""

from typing import Any

import autobahn.twisted.websocket
import autobahn.websocket.protocol
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web.http import HTTPChannel, Request

PING = b"\x89\x00"  # a WebSocket ping without payload
MOST_SILENT_VISITS = 3


def quieten() -> None:
    """Leaves out the strings that autobahn makes for debug logs, whatever the log level: a third of each accept."""
    for module in (autobahn.websocket.protocol, autobahn.twisted.websocket):
        for name in ("pformat", "hltype", "hlval"):
            if hasattr(module, name):
                setattr(module, name, _nothing)


def _nothing(*_args: object) -> str:
    return ""


class Channel(HTTPChannel):
    """One HTTP connection. While the server drains, each answer is the connection's last."""

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

    def retire(self) -> None:
        """The request that is being served is the last."""
        if self.requests:
            self.persistent = False
            if not self.requests[0].startedWriting:
                _say_close(self.requests[0])


class UpgradableRequest(WebRequest):
    """A request that, when it became a WebSocket, is let go with its channel."""

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
    """One WebSocket. The server visits it regularly; what is silent is pinged, what stays silent is dropped."""

    spoke = 0
    heard = True
    silent_visits = 0

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
        """Whatever comes shows that somebody is there."""
        self.heard = True
        self._dataReceived(data)

    def visit(self) -> None:
        """Pings who was not heard since the last visit, so that every second visit at the latest something is sent."""
        if self.heard:
            self.heard = False
            self.silent_visits = 0
            return
        self.silent_visits += 1
        if self.silent_visits > MOST_SILENT_VISITS:
            self.dropConnection(abort=True)
        elif self.state == self.STATE_OPEN:
            self.transport.write(PING)


class ConnectionFactory(WebSocketFactory):
    """Makes connections."""

    protocol = Connection
