"""The parts of the web process that go beyond Daphne, and what they take for granted of it."""

import asyncio
import gc
import importlib
import weakref
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from daphne.http_protocol import WebRequest
from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from realtime.server.protocols import (
    MOST_PIECES,
    MOST_SILENT_VISITS,
    PING,
    ChannelFactory,
    Connection,
    ConnectionFactory,
)
from realtime.server.rounds import Wheel
from realtime.server.web import WebServer

UPGRADE = (
    b"GET /ws/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
MASKED_PING, PONG = b"\x89\x80\0\0\0\0", b"\x8a\x00"


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("autobahn.websocket.protocol", {"pformat", "hltype", "hlval"}),
        ("autobahn.twisted.websocket", {"hltype", "hlval"}),
    ],
)
def test_autobahn_still_makes_strings_for_its_logs_by_these_names(module: str, names: set[str]) -> None:
    """Else `quieten` quietens nothing any more, and accepting costs a third more."""
    assert names <= vars(importlib.import_module(module)).keys()


class Guest:
    """Counts its visits."""

    spoke = 0
    visits = 0

    def visit(self) -> None:
        """One more."""
        self.visits += 1


def test_each_is_visited_once_a_round_and_about_as_many_at_each_turn() -> None:
    wheel = Wheel(4)
    guests = [Guest() for _ in range(10)]
    for guest in guests:
        wheel.add(guest)
    turns = []
    for _ in range(4):
        before = sum(guest.visits for guest in guests)
        wheel.turn()
        turns.append(sum(guest.visits for guest in guests) - before)

    assert [guest.visits for guest in guests] == [1] * 10
    assert sorted(turns) == [2, 2, 3, 3]
    wheel.discard(guests[0])
    for _ in range(4):
        wheel.turn()
    assert [guest.visits for guest in guests] == [1] + [2] * 9
    assert len(wheel) == 9


async def accept(scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]) -> None:
    """An application that takes every socket and waits for its end."""
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


class Wire(StringTransport):
    """A transport that can be left by a producer twice, as Twisted's own."""

    producerPaused = False  # noqa: N815  (Twisted's name)

    def loseWriteConnection(self) -> None:  # noqa: N802  (Twisted's name)
        """Nothing is written any more."""

    def unregisterProducer(self) -> None:  # noqa: N802  (Twisted's name)
        """Nobody is told any more."""
        self.producer = None


class Wired:
    """A server without a network."""

    def __init__(self) -> None:
        self.server = WebServer(accept, -1, hub=None, proxy_headers=False)  # type: ignore[arg-type]
        self.http = ChannelFactory(self.server)
        self.server.ws_factory = ConnectionFactory(self.server)
        self.server.ws_factory.setProtocolOptions(allowNullOrigin=True)

    def open(self) -> Any:
        """The transport of an HTTP connection."""
        transport: Any = Wire()  # type: ignore[no-untyped-call]
        transport.protocol = self.http.buildProtocol(None)
        transport.protocol.makeConnection(transport)
        return transport

    async def connect(self) -> Connection:
        """A WebSocket that was accepted."""
        transport = self.open()
        transport.protocol.dataReceived(UPGRADE)
        connection: Connection = transport.protocol
        while connection.state != connection.STATE_OPEN:  # noqa: ASYNC110  (autobahn sets no event)
            await asyncio.sleep(0)
        assert b" 101 " in transport.value()
        transport.clear()
        return connection

    async def settle(self) -> None:
        """Until the applications of closed connections have ended."""
        while self.server.connections:  # noqa: ASYNC110  (Daphne sets no event)
            await asyncio.sleep(0)


@pytest.fixture
def wired() -> Wired:
    """A server, and the event loop that it runs on."""
    return Wired()


def test_who_is_silent_is_pinged_and_then_dropped(wired: Wired) -> None:
    async def live() -> list[bytes]:
        connection = await wired.connect()
        sent = []
        for _ in range(MOST_SILENT_VISITS + 1):
            connection.visit()
            sent.append(connection.transport.value())
            connection.transport.clear()
        connection.dataReceived(b"\x8a\x80\0\0\0\0")
        connection.visit()
        sent.append(connection.transport.value())
        assert not connection.transport.disconnecting
        for _ in range(MOST_SILENT_VISITS + 1):
            connection.visit()
        assert connection.transport.disconnecting or connection.transport.disconnected
        connection.connectionLost(Failure(ConnectionDone()))
        await wired.settle()
        return sent

    asyncio.set_event_loop(wired.server.loop)
    assert wired.server.loop.run_until_complete(live()) == [b"", *[PING] * MOST_SILENT_VISITS, b""]


def test_a_closed_connection_is_freed_without_a_collection(wired: Wired) -> None:
    """Nothing else would free it: what has lived for a while is not looked at again."""

    async def live() -> tuple[weakref.ref[Any], list[object]]:
        gc.collect()
        gc.disable()
        connection = await wired.connect()
        requests: list[object] = [each for each in gc.get_objects() if isinstance(each, WebRequest)]
        remembered = weakref.ref(connection)
        connection.connectionLost(Failure(ConnectionDone()))
        connection.transport.protocol = None
        await wired.settle()
        del connection
        await asyncio.sleep(0)
        return remembered, requests

    asyncio.set_event_loop(wired.server.loop)
    try:
        remembered, requests = wired.server.loop.run_until_complete(live())
        assert remembered() is None
        assert not requests
    finally:
        gc.enable()


def test_a_heartbeat_may_go_on_for_ever(wired: Wired) -> None:
    """A ping a second, for hours: more than one visit's worth of frames."""

    async def live() -> None:
        connection = await wired.connect()
        for _visit in range(MOST_PIECES // 10):
            for _second in range(20):
                connection.dataReceived(MASKED_PING)
            connection.visit()
        assert connection.state == connection.STATE_OPEN
        assert connection.transport.value() == PONG * 20 * (MOST_PIECES // 10)
        connection.connectionLost(Failure(ConnectionDone()))
        await wired.settle()

    asyncio.set_event_loop(wired.server.loop)
    wired.server.loop.run_until_complete(live())


def test_what_comes_with_and_after_a_flood_is_not_looked_at(wired: Wired) -> None:
    async def live() -> None:
        connection = await wired.connect()
        connection.dataReceived(MASKED_PING * MOST_PIECES)
        sent = connection.transport.value()
        assert sent.count(PONG) == MOST_PIECES // 2
        assert sent.removeprefix(PONG * (MOST_PIECES // 2))[2:4] == (4429).to_bytes(2, "big")
        for _read in range(10):
            connection.dataReceived(MASKED_PING * MOST_PIECES)
        assert connection.pieces == MOST_PIECES + 1
        assert (connection.transport.value(), connection.data) == (sent, b"")
        connection.connectionLost(Failure(ConnectionDone()))
        await wired.settle()

    asyncio.set_event_loop(wired.server.loop)
    wired.server.loop.run_until_complete(live())


def test_who_does_not_read_gets_no_pongs(wired: Wired) -> None:
    async def live() -> None:
        connection = await wired.connect()
        connection.transport.producerPaused = True
        connection.dataReceived(MASKED_PING)
        assert connection.transport.value() == b""
        connection.transport.producerPaused = False
        connection.dataReceived(MASKED_PING)
        assert connection.transport.value() == PONG
        connection.connectionLost(Failure(ConnectionDone()))
        await wired.settle()

    asyncio.set_event_loop(wired.server.loop)
    wired.server.loop.run_until_complete(live())


def test_nothing_is_kept_of_frames_before_the_handshake_is_answered(wired: Wired) -> None:
    async def live() -> None:
        transport = wired.open()
        transport.protocol.dataReceived(UPGRADE)
        connection: Connection = transport.protocol
        connection.dataReceived(MASKED_PING)
        assert transport.disconnected
        connection.connectionLost(Failure(ConnectionDone()))
        await wired.settle()
        assert (connection.state, transport.value()) == (connection.STATE_CLOSED, b"")

    asyncio.set_event_loop(wired.server.loop)
    wired.server.loop.run_until_complete(live())


@pytest.mark.parametrize(
    ("headers", "body", "asked"),
    [
        (b"Content-Length: 10", b"x" * 10, 1),
        (b"Content-Length: 11", b"", 0),
        (b"Content-Length: 11", b"x" * 11, 0),
        (b"Content-Length: 11\r\nExpect: 100-continue", b"", 0),
        (b"Transfer-Encoding: chunked", b"a\r\n" + b"x" * 10 + b"\r\n0\r\n\r\n", 1),
        (b"Transfer-Encoding: chunked", b"b\r\n" + b"x" * 11 + b"\r\n0\r\n\r\n", 0),
        (b"Transfer-Encoding: chunked", b"5\r\n" + b"x" * 5 + b"\r\n6\r\n" + b"x" * 6, 0),
        (b"Transfer-Encoding: chunked", b"fffffff\r\n" + b"x" * 11, 0),
        (b"Upgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 1", b"", 0),
    ],
)
def test_a_body_that_is_too_large_is_refused_before_it_is_there(
    wired: Wired, settings: Any, monkeypatch: pytest.MonkeyPatch, headers: bytes, body: bytes, asked: int
) -> None:
    settings.BODY_LIMIT = 10
    scopes: list[Any] = []
    monkeypatch.setattr(wired.server, "create_application", lambda _request, scope: scopes.append(scope))
    transport = wired.open()
    channel = transport.protocol
    channel.dataReceived(b"POST /api/v1/threads HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n\r\n" + body)
    channel.dataReceived(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = transport.value()
    channel.connectionLost(Failure(ConnectionDone()))

    assert len(scopes) == asked
    assert answer.startswith(b"" if asked else b"HTTP/1.1 413 ")
    assert answer.count(b"HTTP/1.1") == 1 - asked
    assert not wired.server.connections
