"""The parts of the web process that go beyond Daphne, and what they take for granted of it."""

import asyncio
import gc
import importlib
import weakref
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest
from daphne.http_protocol import WebRequest
from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from realtime.server.protocols import MOST_PIECES, MOST_SILENT_VISITS, PING, Connection, ConnectionFactory
from realtime.server.requests import BODY_PIECE, ChannelFactory
from realtime.server.rounds import Wheel
from realtime.server.web import WebServer
from realtime.siblings import Siblings, room_for

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
        with room_for(1) as room:
            siblings = Siblings(room.fileno(), 0)
        self.server = WebServer(accept, -1, siblings, hub=None, proxy_headers=False)  # type: ignore[arg-type]
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


@pytest.mark.parametrize("size", [0, 10, BODY_PIECE - 1, BODY_PIECE, BODY_PIECE + 1, 3 * BODY_PIECE])
@pytest.mark.parametrize("sort", [b"application/json", b"application/x-www-form-urlencoded", b"multipart/form-data"])
def test_the_application_gets_a_body_as_it_came(
    wired: Wired, monkeypatch: pytest.MonkeyPatch, size: int, sort: bytes
) -> None:
    """Nobody has looked into it before; a form without a boundary is refused by Twisted otherwise."""
    asked: list[dict[str, Any]] = []
    came: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def ask(_request: Any, scope: dict[str, Any]) -> asyncio.Queue[dict[str, Any]]:
        asked.append(scope)
        return came

    monkeypatch.setattr(wired.server, "create_application", ask)
    head = (
        b"POST /a%20b?c=d HTTP/1.1\r\nHost: x\r\nCookie: e=f\r\nA_b: g\r\nDaphne-Root-Path: /h\r\nContent-Type: " + sort
    )
    transport = wired.open()
    transport.protocol.dataReceived(head + b"\r\nContent-Length: %d\r\n\r\n" % size + b"a" * size)
    [scope] = asked
    messages = [came.get_nowait() for _message in range(came.qsize())]
    transport.protocol.connectionLost(Failure(ConnectionDone()))

    assert b"".join(message["body"] for message in messages) == b"a" * size
    assert [message["more_body"] for message in messages] == [True] * (len(messages) - 1) + [False]
    assert (scope["path"], scope["raw_path"], scope["query_string"]) == ("/a b", b"/a%20b", b"c=d")
    assert (scope["method"], scope["http_version"], scope["root_path"]) == ("POST", "1.1", "")
    assert {name for name, _value in scope["headers"]} == {b"host", b"cookie", b"content-type", b"content-length"}
    assert transport.value() == b""


@pytest.mark.parametrize("line", [b"GET /\xa1 HTTP/1.1", b"GET /?\xa1 HTTP/1.1", b"GET / HTTP/1.1\r\nA: \x0b"])
def test_what_no_request_may_have_is_refused(wired: Wired, monkeypatch: pytest.MonkeyPatch, line: bytes) -> None:
    monkeypatch.setattr(wired.server, "create_application", None)
    transport = wired.open()
    transport.protocol.dataReceived(line + b"\r\nHost: x\r\n\r\n")
    assert transport.value().startswith(b"HTTP/1.1 400 ")
    transport.protocol.connectionLost(Failure(ConnectionDone()))


class Kernel:
    """A socket that takes so many bytes, and then none."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.taken = b""

    def send(self, data: bytes) -> int:
        """Takes what it has room for."""
        if not self.room:
            raise BlockingIOError
        taken, self.room = data[: self.room], self.room - len(data[: self.room])
        self.taken += taken
        return len(taken)

    def sendmsg(self, pieces: Sequence[bytes]) -> int:
        """The same of several, one after the other."""
        return self.send(b"".join(pieces))


@pytest.mark.parametrize("room", [0, 10, 1000])
@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
def test_an_answer_goes_out_whole_whatever_the_kernel_takes(
    wired: Wired, monkeypatch: pytest.MonkeyPatch, room: int, method: bytes
) -> None:
    requests: list[Any] = []
    monkeypatch.setattr(wired.server, "create_application", lambda request, _scope: requests.append(request))
    transport = wired.open()
    kernel = Kernel(room)
    plain = {"TLS": False, "connected": True, "_writeDisconnected": False, "_tempDataLen": 0, "dataBuffer": b""}
    vars(transport).update(plain, socket=kernel)
    transport.protocol.dataReceived(method + b" / HTTP/1.1\r\nHost: x\r\n\r\n")
    [request] = requests
    request.handle_reply({"type": "http.response.start", "status": 200, "headers": [(b"Content-Length", b"6")]})
    request.handle_reply({"type": "http.response.body", "body": b"abc", "more_body": True})
    vars(transport)["dataBuffer"] = transport.value()
    request.handle_reply({"type": "http.response.body", "body": b"def"})

    body = b"abcdef" if method == b"GET" else b""
    assert kernel.taken + transport.value() == b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n" + body
    assert len(kernel.taken) == min(room, len(kernel.taken + transport.value()))
    transport.protocol.connectionLost(Failure(ConnectionDone()))


def test_a_silent_connection_is_closed(wired: Wired) -> None:
    wired.http.timeOut = 75
    busy, silent = wired.open(), wired.open()
    silent.protocol.over = busy.protocol.over = 0.0
    busy.protocol.dataReceived(b"GET / HTTP/1.1\r\n")
    wired.server._check()
    assert (busy.disconnecting, silent.disconnecting) == (False, True)
    for transport in (busy, silent):
        transport.protocol.connectionLost(Failure(ConnectionDone()))


def test_a_pong_is_heard_and_counted(wired: Wired) -> None:
    """Also when what looks like one is the middle of a message."""
    pong = b"\x8a\x80\1\2\3\4"

    async def live() -> list[bytes]:
        connection = await wired.connect()
        messages: list[bytes] = []
        connection.onMessage = lambda payload, _binary: messages.append(payload)
        connection.visit()
        connection.dataReceived(pong)
        assert (connection.heard, connection.pieces) == (True, 1)
        connection.dataReceived(b"\x82\x86\0\0\0\0")
        connection.dataReceived(pong)
        for _pong in range(MOST_PIECES):
            connection.dataReceived(pong)
        assert connection.refused
        connection.connectionLost(Failure(ConnectionDone()))
        await wired.settle()
        return messages

    asyncio.set_event_loop(wired.server.loop)
    assert wired.server.loop.run_until_complete(live()) == [pong]
