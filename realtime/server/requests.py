"""Daphne's HTTP, for a site that answers hundreds of requests a second beside everything else.

Twisted parses forms, cookies and queries, which Django does again; it has each answer wait for another turn of the
event loop, makes and cancels a timer for each request, and logs. All that is left out here, which halves what a request
costs. A connection that became a WebSocket keeps nothing of the request it began as.
"""

import logging
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.utils import HEADER_NAME_RE, parse_x_forwarded_for
from django.conf import settings
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web.http import NO_BODY_CODES, HTTPChannel, Request
from twisted.web.http_headers import Headers

from community.http.refusals import too_large
from realtime.transport import is_free, write_at_once, write_both_at_once

LINGER_SECONDS = 2  # who sends too much hears so for that long, before the connection ends under what is on its way
BODY_PIECE = 64 * 1024
NEVER = float("inf")
NO_VALUE = re.compile(rb"[\x0b\x0c\x1c\x1d\x1e\x85]")  # as Daphne's INVALID_HEADER_VALUE_BYTES

log = logging.getLogger(__name__)


class Channel(HTTPChannel):
    """One HTTP connection. While the server drains, each answer is the connection's last.

    A body is refused as soon as it is known to be too large: Twisted would keep all of it, and Daphne again.
    """

    transport: Any
    refusing = False
    over = NEVER
    _head = b""

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

    def setTimeout(self, period: int | None) -> int | None:  # noqa: N802  (Twisted's name)
        """The server looks once a second who has been silent for that long."""
        before, self.timeOut = self.timeOut, period
        self.resetTimeout()
        return before

    def resetTimeout(self) -> None:  # noqa: N802  (Twisted's name)
        """From now on."""
        self.over = NEVER if self.timeOut is None else self.factory.server.loop.time() + self.timeOut

    def writeHeaders(self, version: bytes, code: bytes, reason: bytes, headers: Headers) -> None:  # noqa: N802
        """They go out with what follows."""
        self.head(version, code, reason, _lines(headers))

    def head(self, version: bytes, code: bytes, reason: bytes, lines: list[bytes]) -> None:
        """The same, as lines."""
        self._head = b"%b %b %b\r\n%b\r\n" % (version, code, reason, b"".join(lines))

    def write(self, data: bytes) -> None:
        """At once, as far as the kernel takes it; Twisted would ask first whether it does."""
        head, self._head = self._head, b""
        if not is_free(self.transport):
            self.transport.write(head + data)
        elif head and data:
            write_both_at_once(self.transport, head, data)
        else:
            write_at_once(self.transport, head or data)

    def writeSequence(self, iovec: Iterable[bytes]) -> None:  # noqa: N802  (Twisted's name)
        """The same, for all of them."""
        self.write(b"".join(iovec))

    def flush(self) -> None:
        """Nothing may follow the headers for now."""
        if self._head:
            self.write(b"")

    def retire(self) -> None:
        """The request that is being served is the last."""
        if self.requests:
            self.persistent = False
            if not self.requests[0].startedWriting:
                _say_close(self.requests[0])


class UpgradableRequest(WebRequest):
    """A request that, when it became a WebSocket, is let go with its channel."""

    _response_started: bool
    startedWriting: int  # noqa: N815  (Twisted's name)
    _plain: list[bytes] | None = None

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

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802  (Twisted's name)
        """All is there."""
        self.method, self.uri, self.clientproto = command, path, version
        self.path = path.partition(b"?")[0]
        self.process()

    def parseCookies(self) -> None:  # noqa: N802  (Twisted's name)
        """Django does."""

    def process(self) -> Any:
        """Hands the request to the application.

        Daphne believes this header whoever sends it; the site says itself what its addresses begin with.
        """
        self.requestHeaders.removeHeader(b"daphne-root-path")
        if self.requestHeaders.hasHeader(b"Upgrade"):
            return self._upgrade()
        try:
            self._ask()
        except Exception:
            log.exception("a request could not be handed to the application")
            self.basic_error(500, b"Internal Server Error", "Daphne HTTP processing error")
        return None

    def _upgrade(self) -> Any:
        """Daphne's. Nothing of an upgraded request is looked at again, so its cycle of references is cut."""
        self.content.seek(0)
        answering = super().process()
        if self.transport is None:
            self.channel.requests.clear()
        return answering

    def _ask(self) -> None:
        """What Daphne does."""
        self.request_start = time.time()
        headers = [(name, value) for name, values in self.requestHeaders.getAllRawHeaders() for value in values]
        objection = self._objection(headers)
        if objection:
            self.basic_error(400, b"Bad Request", objection)
            return
        scope = self._scope([(name.lower(), value) for name, value in headers if b"_" not in name])
        self.application_queue = queue = self.server.create_application(self, scope)
        if queue is None or self.content.closed:
            return
        self.content.seek(0)
        body, more = self.content.read(BODY_PIECE), True
        while more:
            following = self.content.read(BODY_PIECE) if len(body) == BODY_PIECE else b""
            more = bool(following)
            queue.put_nowait({"type": "http.request", "body": body, "more_body": more})
            body = following

    def _objection(self, headers: Sequence[tuple[bytes, bytes]]) -> str:
        """What is wrong with the request, if anything."""
        if not all(HEADER_NAME_RE.fullmatch(name) for name, _value in headers):
            return "Invalid header name"
        if any(NO_VALUE.search(value) for _name, value in headers):
            return "Invalid header value"
        return "" if self.uri.isascii() else "Invalid characters in path or query string"

    def _scope(self, headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
        self.client_addr, self.client_scheme = _address(self.client), "http"
        self.server_addr = _address(self.host)
        server = self.server
        if server.proxy_forwarded_address_header:
            self.client_addr, self.client_scheme = parse_x_forwarded_for(
                self.requestHeaders,
                server.proxy_forwarded_address_header,
                server.proxy_forwarded_port_header,
                server.proxy_forwarded_proto_header,
                self.client_addr,
                self.client_scheme,
            )
        self.clean_headers, self.root_path = headers, server.root_path
        self.query_string = self.uri.partition(b"?")[2]
        return {
            "type": "http",
            "http_version": self.clientproto.rpartition(b"/")[2].decode("ascii"),
            "method": self.method.decode("ascii"),
            "path": unquote(self.path.decode("ascii")),
            "raw_path": self.path,
            "root_path": self.root_path,
            "scheme": self.client_scheme,
            "query_string": self.query_string,
            "headers": headers,
            "client": self.client_addr,
            "server": self.server_addr,
        }

    def handle_reply(self, message: Mapping[str, Any]) -> None:
        """Daphne's, without its log."""
        if self.finished or self.channel is None:
            return
        if message["type"] == "http.response.start":
            self._start(message)
        elif message["type"] != "http.response.body":
            raise ValueError(f"Cannot handle message type {message['type']}!")
        elif not self._response_started:
            raise ValueError("The response has not been started.")
        else:
            self.write(message.get("body", b""))
            if not message.get("more_body", False):
                self.finish()

    def _start(self, message: Mapping[str, Any]) -> None:
        if self._response_started:
            raise ValueError("HTTP response has already been started")
        self._response_started = True
        self.setResponseCode(message["status"])
        headers = message.get("headers", ())
        if self._is_plain(headers):
            self._plain = [_line(*header) for header in headers]
            return
        for header, value in headers:
            self.responseHeaders.addRawHeader(header, value)

    def _is_plain(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Whether nothing is left to find out about how the answer is sent: it has a body, and says how long it is."""
        if self.clientproto != b"HTTP/1.1" or self.method == b"HEAD" or self.code in NO_BODY_CODES:
            return False
        return any(name.lower() == b"content-length" for name, _value in headers)

    def write(self, data: bytes) -> None:
        """The headers, when they are not out yet, and this."""
        plain, self._plain = self._plain, None
        if plain is not None and not self.startedWriting and not self._disconnected:
            self.startedWriting = 1
            lines = plain + _lines(self.responseHeaders)
            self.channel.head(self.clientproto, b"%d" % self.code, self.code_message, lines)
        super().write(data)
        self.channel.flush()


def _address(address: Any) -> list[Any] | None:
    """As ASGI gives it; None of a socket that has no host and port."""
    return [str(address.host), address.port] if hasattr(address, "host") and hasattr(address, "port") else None


def _lines(headers: Headers) -> list[bytes]:
    return [b"%b: %b\r\n" % (name, value) for name, values in headers.getAllRawHeaders() for value in values]


@lru_cache(maxsize=1024)
def _line(name: bytes, value: bytes) -> bytes:
    """A header as Twisted would send it, found out once: most answers have the same ones."""
    one = Headers()
    one.addRawHeader(name, value)
    return _lines(one)[0]


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
