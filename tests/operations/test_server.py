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

from realtime.server.protocols import MOST_SILENT_VISITS, PING, ChannelFactory, Connection, ConnectionFactory
from realtime.server.rounds import Wheel
from realtime.server.web import WebServer

UPGRADE = (
    b"GET /ws/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


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

    async def connect(self) -> Connection:
        """A WebSocket that was accepted."""
        transport: Any = Wire()  # type: ignore[no-untyped-call]
        channel = self.http.buildProtocol(None)
        transport.protocol = channel
        channel.makeConnection(transport)
        channel.dataReceived(UPGRADE)
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
