"""How frames reach a client: the one module besides `realtime.server` that knows a server from inside.

A frame is made into bytes once, for everybody. On Daphne those bytes are written to each connection's own socket, past
ASGI `send`, autobahn's framing and Twisted's buffer, which costs a tenth. That is right only while nothing waits in
Twisted's buffer (else the bytes go behind what waits), while the WebSocket is open, and without TLS or compression in
the server. Pings, pongs and closing stay autobahn's: they go through the same buffer, so nothing gets into the middle
of a frame.

All this is private to Daphne, autobahn and Twisted. It is tried out once at start on their own classes (`probe.py`);
on another server, or when they have changed, or with LIVE_TRANSPORT=asgi, frames go by plain ASGI `send`.
"""

import asyncio
import functools
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from realtime.instruments import TRANSPORT
from realtime.rules import MOST_WAITING

Send = Callable[[dict[str, Any]], Awaitable[None]]
PREPARED, ASGI = "prepared", "asgi"
MOST_REASON = 123  # bytes, by the WebSocket protocol
DAPHNE = "daphne.ws_protocol"

_OF_THE_HANDSHAKE = """
_raw_query_string _wskey allowNullOrigin allowedOrigins allowedOriginsPatterns application_deferred clean_headers
flashSocketPolicy http_headers http_request_data http_request_host http_request_params http_request_path
http_request_uri http_response_data http_status_line is_open maxConnections openHandshakeTimeout
perMessageCompressionAccept protocol_to_accept root_path serveFlashSocketPolicy server_addr tcpNoDelay
trustXForwardedFor versions webStatus websocket_extensions websocket_extensions_in_use websocket_origin
websocket_protocol_in_use websocket_protocols
"""
HANDSHAKE = frozenset(_OF_THE_HANDSHAKE.split())

log = logging.getLogger(__name__)


class _Request(NamedTuple):
    """What Daphne still asks of a request when it logs that its connection has ended."""

    path: str


class Line:
    """A client's connection on any server. `send` waits as long as the server has it wait."""

    __slots__ = ("_send",)

    def __init__(self, send: Send) -> None:
        self._send = send

    async def send(self, content: str | bytes) -> None:
        """Sends a text or a binary frame. Raises what the server raises."""
        await self._send({"type": "websocket.send", "text" if isinstance(content, str) else "bytes": content})

    async def close(self, code: int, reason: str = "") -> None:
        """Sends the closing frame."""
        await self._send({"type": "websocket.close", "code": code} | ({"reason": reason} if reason else {}))

    def expect(self, most_bytes: int, most_pieces: int) -> None:
        """Has larger messages taken from this client, and more of them, where the server has limits of its own."""

    def release(self) -> None:
        """Nobody need wait for room any more."""


class DaphneLine(Line):
    """A connection of Daphne's, whose `send` never waits: it asks Twisted, as a producer, to say when there is room."""

    __slots__ = ("_protocol", "_room", "_transport")

    def __init__(self, send: Send, protocol: Any) -> None:
        super().__init__(send)
        self._protocol = protocol
        self._transport = protocol.transport
        self._room: asyncio.Event | None = None
        self._transport.unregisterProducer()  # the HTTP channel that it began as
        self._transport.registerProducer(self, True)

    async def send(self, content: str | bytes) -> None:
        """Sends when there is room; nothing is sent any more when the connection is closing."""
        await self.room()
        if self._is_open:
            await super().send(content)

    async def close(self, code: int, reason: str = "") -> None:
        """Sends the closing frame. Past Daphne, which refuses the standard codes for a server going away."""
        self.hang_up(code, reason)

    def expect(self, most_bytes: int, most_pieces: int) -> None:
        """Autobahn keeps its limits, and the server its own, with each connection; 0 is no limit."""
        protocol = self._protocol
        if protocol.maxMessagePayloadSize:
            protocol.maxMessagePayloadSize = protocol.maxFramePayloadSize = most_bytes
        protocol.most_pieces = most_pieces

    def hang_up(self, code: int, reason: str = "") -> None:
        """Sends the closing frame at once; who does not answer is cut off by autobahn a second later."""
        said = {"reasonUtf8": reason.encode()[:MOST_REASON]} if reason else {}
        if self._is_open:
            self._protocol.sendCloseFrame(code=code, **said)

    def cut(self) -> None:
        """Ends the connection without a word."""
        self._transport.abortConnection()

    @property
    def is_full(self) -> bool:
        """Whether Twisted holds much for this connection."""
        return self._room is not None

    async def room(self) -> None:
        """Returns when Twisted holds little for this connection."""
        while self._room is not None:
            await self._room.wait()

    def release(self) -> None:
        """Nobody need wait for room any more."""
        room, self._room = self._room, None
        if room is not None:
            room.set()

    @property
    def _is_open(self) -> bool:
        return bool(self._protocol.state == self._protocol.STATE_OPEN)

    def pauseProducing(self) -> None:  # noqa: N802  (Twisted's name)
        """More than 64 KiB wait in Twisted's buffer."""
        if self._room is None:
            self._room = asyncio.Event()

    def resumeProducing(self) -> None:  # noqa: N802  (Twisted's name)
        """The buffer is empty."""
        self.release()

    def stopProducing(self) -> None:  # noqa: N802  (Twisted's name)
        """The connection is gone."""
        self.release()


class PreparedLine(DaphneLine):
    """A connection that takes prepared bytes."""

    __slots__ = ()

    def write(self, data: bytes) -> bool:
        """Writes whole frames, at once as far as the kernel takes them. False, and nothing, when too much waits."""
        protocol, transport = self._protocol, self._transport
        if protocol.state != protocol.STATE_OPEN:
            return True
        if transport._tempDataLen or transport.dataBuffer:
            waiting = transport._tempDataLen + len(transport.dataBuffer) - transport.offset
            if waiting + len(data) > MOST_WAITING:
                return False
            transport.write(data)
            return True
        write_at_once(transport, data)
        return True


def is_free(transport: Any) -> bool:
    """Whether a connection of Twisted's is a plain one that is open, with nothing waiting to be sent, in a process
    that may write past Twisted."""
    if chosen() != PREPARED:
        return False
    if getattr(transport, "TLS", None) is not False or not transport.connected or transport._writeDisconnected:
        return False
    return not (transport._tempDataLen or transport.dataBuffer)


def write_at_once(transport: Any, data: bytes) -> None:
    """To a connection that is free: as far as the kernel takes it. Twisted would ask first whether it does."""
    try:
        sent = transport.socket.send(data)
    except OSError:  # full or broken: Twisted finds out which, as it would have without us
        sent = 0
    if sent < len(data):
        transport.write(data[sent:])


def write_both_at_once(transport: Any, head: bytes, data: bytes) -> None:
    """The same of two, one after the other, without putting them together first."""
    try:
        sent = transport.socket.sendmsg((head, data))
    except OSError:
        sent = 0
    if sent < len(head) + len(data):
        transport.write((head + data)[sent:])


def line_of(send: Send) -> Line:
    """The best way to the client behind an ASGI `send`."""
    protocol = _protocol_of(send)
    if protocol is None:
        return Line(send)
    _shed(protocol)
    if chosen() == PREPARED and _takes_bytes(protocol):
        return PreparedLine(send, protocol)
    return DaphneLine(send, protocol)


def _shed(protocol: Any) -> None:
    """Lets go of the handshake, which Daphne and autobahn keep for as long as the connection lasts: 6 of 25 KB."""
    kept = {name: value for name, value in vars(protocol).items() if name not in HANDSHAKE}
    kept["request"] = _Request(protocol.request.path)
    kept["send_queue"] = ()  # for writing in pieces, which nobody asks for
    protocol.__dict__ = kept


def _protocol_of(send: Send) -> Any:
    """Daphne's protocol behind the `send` it gives to applications; None on other servers."""
    daphne = sys.modules.get(DAPHNE)
    if daphne is None or not isinstance(send, functools.partial) or not send.args:
        return None
    protocol = send.args[0]
    return protocol if isinstance(protocol, daphne.WebSocketProtocol) else None


def _takes_bytes(protocol: Any) -> bool:
    """Whether what is written to the socket is what the client reads; only Twisted's own connections say TLS or not."""
    return getattr(protocol.transport, "TLS", None) is False and protocol._perMessageCompress is None


@functools.cache
def chosen() -> str:
    """How this process writes: `prepared` or `asgi`. Found out once, logged, and counted for `/metrics`."""
    path, reason = _choice()
    log.info("frames go out by %s", f"plain ASGI send: {reason}" if reason else "prepared bytes")
    TRANSPORT.labels(path=path).set(1)
    return path


def _choice() -> tuple[str, str]:
    """The path, and why it is not the fast one."""
    if os.environ.get("LIVE_TRANSPORT", "auto") == ASGI:
        return ASGI, "LIVE_TRANSPORT=asgi"
    if DAPHNE not in sys.modules:
        return ASGI, "the server is not Daphne"
    try:
        from realtime import probe  # noqa: PLC0415  (loads autobahn and Twisted, which only Daphne needs)

        objection = probe.objection()
    except (AttributeError, ImportError, TypeError) as error:
        objection = f"Twisted or autobahn has changed: {error}"
    if objection:
        log.warning("live frames cost ten times as much as they could: %s", objection)
    return (ASGI, objection) if objection else (PREPARED, "")
