"""How frames are written: as prepared bytes into Daphne's connections, or by plain ASGI send."""

import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest
from websockets.frames import Opcode

from tests.realtime.raw import CLOSE, PING, PONG, TEXT, RawClient
from tests.realtime.servers import Server
from tests.realtime.wires import Protocol, Wire

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread


def test_the_installed_daphne_takes_prepared_bytes() -> None:
    """Everything private that is relied on. A new Daphne, Twisted or autobahn that changes it fails here first."""
    from autobahn.websocket.protocol import WebSocketProtocol
    from daphne import server, ws_protocol
    from twisted.internet.tcp import Server as Transport

    from realtime import probe

    assert not probe.objection()
    assert issubclass(ws_protocol.WebSocketProtocol, WebSocketProtocol)
    assert Transport.TLS is False
    assert {"protocol", "message"} <= set(server.Server.handle_reply.__code__.co_varnames)
    assert "partial" in server.Server.create_application.__code__.co_names
    for name in ("registerProducer", "unregisterProducer", "abortConnection", "write"):
        assert callable(getattr(Transport, name))


def choose(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """What is chosen with that in the environment."""
    from realtime import transport

    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return transport.chosen.__wrapped__()


def test_prepared_bytes_are_chosen_on_daphne(monkeypatch: pytest.MonkeyPatch) -> None:
    import daphne.ws_protocol  # noqa: F401

    assert choose(monkeypatch) == "prepared"
    assert choose(monkeypatch, LIVE_TRANSPORT="auto") == "prepared"


def test_asgi_send_is_chosen_when_asked_for_or_on_another_server(monkeypatch: pytest.MonkeyPatch) -> None:
    import daphne.ws_protocol  # noqa: F401

    from realtime import transport

    assert choose(monkeypatch, LIVE_TRANSPORT="asgi") == "asgi"
    monkeypatch.delenv("LIVE_TRANSPORT")
    monkeypatch.setattr(transport, "DAPHNE", "not.there")
    assert choose(monkeypatch) == "asgi"


@pytest.mark.parametrize("path", ["prepared", "asgi"])
def test_nothing_is_written_past_twisted_unless_that_is_chosen(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Pages and pings, which the server writes itself, as well as frames."""
    from realtime import transport

    monkeypatch.setattr(transport, "chosen", lambda: path)
    connection = Mock(TLS=False, connected=1, _writeDisconnected=False, _tempDataLen=0, dataBuffer=b"")
    assert transport.is_free(connection) == (path == "prepared")


def test_a_twisted_that_closes_differently_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    from twisted.internet.abstract import FileDescriptor

    from realtime import probe

    assert not probe.objection()
    monkeypatch.setattr(FileDescriptor, "_writeDisconnected", None)
    monkeypatch.setattr(FileDescriptor, "loseWriteConnection", lambda _self: None)
    assert probe.objection() == "Twisted closes differently"


async def test_what_is_chosen_is_told_before_the_first_socket_on_any_server(monkeypatch: pytest.MonkeyPatch) -> None:
    from realtime import hub, transport
    from realtime.instruments import TRANSPORT

    def told() -> dict[str, float]:
        return {sample.labels["path"]: sample.value for sample in next(iter(TRANSPORT.collect())).samples}

    monkeypatch.setattr(hub, "_hub", None)
    monkeypatch.setattr(hub, "Hub", Mock)
    monkeypatch.setattr(transport, "DAPHNE", "not.there")
    transport.chosen.cache_clear()
    TRANSPORT.clear()
    hub.start()
    transport.chosen.cache_clear()
    assert told() == {"asgi": 1}


def test_asgi_send_is_chosen_when_twisted_has_changed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import daphne.ws_protocol  # noqa: F401
    from twisted.internet.abstract import FileDescriptor

    def buffers_elsewhere(self: Any, data: bytes) -> None:
        self.elsewhere = data

    def has_no_buffer(self: Any, reactor: Any) -> None:
        self.reactor = reactor

    for name, change in {"write": buffers_elsewhere, "__init__": has_no_buffer}.items():
        with monkeypatch.context() as patch, caplog.at_level("INFO"):
            patch.setattr(FileDescriptor, name, change)
            assert choose(patch) == "asgi"
        assert "plain ASGI send" in caplog.text
        assert [record.levelname for record in caplog.records].count("WARNING") == 1
        caplog.clear()


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 0xFFFF, 0x10000])
def test_frames_are_as_the_standard_has_them(length: int) -> None:
    from websockets.client import ClientProtocol
    from websockets.protocol import State
    from websockets.uri import parse_uri

    from realtime.frames import Frame, framed

    text = "é" + "x" * (length - 2) if length > 1 else "x" * length
    client = ClientProtocol(parse_uri("ws://localhost/"), state=State.OPEN, max_size=None)
    client.receive_data(framed(text))
    [frame] = client.events_received()
    assert (frame.opcode, frame.fin, bytes(frame.data).decode()) == (Opcode.TEXT, True, text)  # type: ignore[union-attr]
    assert Frame(text).wire == framed(text)


# Over Twisted's own transport, without a reactor


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    yield made
    made.theirs.close()
    if hasattr(made.transport, "socket"):
        made.transport.socket.close()


def test_what_the_kernel_takes_never_enters_the_buffer(wire: Wire) -> None:
    assert wire.line.write(b"one")
    assert wire.line.write(b"two")
    assert not wire.reactor.writers
    assert wire.theirs.recv(100) == b"onetwo"


def test_the_rest_of_a_frame_and_everything_after_it_wait_in_order(wire: Wire) -> None:
    """Also what autobahn writes: nothing gets in front of the rest of a frame."""
    written = wire.fill()
    assert 0 < wire.transport._tempDataLen <= 3000
    wire.transport.write(b"ping")
    assert wire.line.write(b"after")
    wire.transport.doWrite()
    assert wire.line.write(b"last")
    assert wire.read() == b"".join(written) + b"pingafterlast"
    assert wire.line.write(b"direct again")
    assert not wire.reactor.writers


def test_what_autobahn_has_just_written_goes_first(wire: Wire) -> None:
    wire.transport.write(b"pong")
    assert wire.line.write(b"frame")
    assert wire.read() == b"pongframe"


def test_beyond_the_bound_nothing_is_written(wire: Wire) -> None:
    from realtime.rules import MOST_WAITING

    written = wire.fill()
    room = MOST_WAITING - wire.transport._tempDataLen
    assert not wire.line.write(b"x" * (room + 1))
    assert wire.line.write(b"y" * room)
    assert not wire.line.write(b"z")
    assert wire.read() == b"".join(written) + b"y" * room


def test_one_frame_may_be_larger_than_the_bound(wire: Wire) -> None:
    from realtime.rules import MOST_WAITING

    assert wire.line.write(b"x" * 2 * MOST_WAITING)
    assert len(wire.read()) == 2 * MOST_WAITING


def test_nothing_is_written_once_it_closes(wire: Wire) -> None:
    wire.line.hang_up(1012)
    wire.line.hang_up(4401)
    assert wire.line.write(b"late")
    assert wire.read() == b"close 1012"
    assert wire.protocol.codes == [1012]


def test_a_broken_connection_is_found_out_by_twisted(wire: Wire) -> None:
    wire.theirs.close()
    assert wire.line.write(b"into the void")
    assert wire.transport.doWrite() is not None


def test_a_cut_connection_is_gone(wire: Wire) -> None:
    wire.fill()
    wire.line.cut()
    assert wire.protocol.state == Protocol.STATE_CLOSED
    assert wire.line.write(b"late")


async def test_who_waits_for_room_goes_on_when_the_buffer_is_empty(wire: Wire) -> None:
    import asyncio

    await wire.line.room()
    wire.fill()
    assert wire.line.write(b"x" * 100_000)
    assert wire.line.is_full
    waiting = asyncio.ensure_future(wire.line.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    wire.read()
    async with asyncio.timeout(15):
        await waiting


@pytest.mark.parametrize("end", ["cut", "release"])
async def test_who_waits_for_room_goes_on_when_there_will_be_none(wire: Wire, end: str) -> None:
    import asyncio

    wire.fill()
    assert wire.line.write(b"x" * 100_000)
    waiting = asyncio.ensure_future(wire.line.room())
    await asyncio.sleep(0)
    getattr(wire.line, end)()
    async with asyncio.timeout(15):
        await waiting


def test_with_tls_or_compression_bytes_are_not_prepared(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    from daphne import ws_protocol

    from realtime.transport import DaphneLine, PreparedLine, line_of

    monkeypatch.setattr(ws_protocol, "WebSocketProtocol", Protocol)
    monkeypatch.setattr("realtime.transport.chosen", lambda: "prepared")
    send: Any = functools.partial(print, wire.protocol)
    assert type(line_of(send)) is PreparedLine
    with monkeypatch.context() as patch:
        patch.setattr(wire.protocol, "_perMessageCompress", object())
        assert type(line_of(send)) is DaphneLine
    wire.transport.TLS = True
    wire.transport.protocol.unregisterProducer = wire.transport.protocol.registerProducer = lambda *_args: None
    assert type(line_of(send)) is DaphneLine


# Through a real Daphne, both ways


@pytest.fixture(scope="module", params=["auto", "asgi"])
def either(request: pytest.FixtureRequest, start_server: Callable[..., Server]) -> Server:
    """A server for each way."""
    return start_server(LIVE_TRANSPORT=request.param)


def happen(cast: "Cast", thread: "Thread", times: int, size: int = 60_000) -> None:
    """Large events, one after the other."""
    from community.events import action, emit, thread_stream
    from threads.facts.threads import RECORD_SAVED

    @action
    def write() -> None:
        for version in range(times):
            data = {"version": version, "fields": [f"{version}é" * (size // 4)]}
            emit(thread_stream(thread.pk), RECORD_SAVED, actor=cast.ada, data=data)

    write()


@pytest.mark.django_db(transaction=True)
def test_whole_frames_in_order_whatever_comes_between(
    either: Server, token_of: Callable[[str], str], cast: "Cast", thread: "Thread"
) -> None:
    """A reader with little room, who reads late, and pings meanwhile: every frame is whole, every number in order."""
    stream, rounds, events = f"thread:{thread.pk}", 3, 4
    with RawClient(either, token_of("ada")) as slow, RawClient(either, token_of("ben"), room=1 << 20) as quick:
        slow.subscribe(stream)
        quick.subscribe(stream)
        for number in range(rounds):
            happen(cast, thread, events)
            last = 2 + (number + 1) * events
            quick.until(lambda got, last=last: got.opcode == TEXT and got.json.get("seq") == last)  # type: ignore[misc]
            slow.send(PING, b"%d" % number)
        slow.ask("ping")
        got = slow.until(lambda got: got.opcode == TEXT and got.json["type"] == "pong")
        numbers = [frame.json["seq"] for frame in got if frame.opcode == TEXT and frame.json["type"] == "event"]
        assert numbers == list(range(3, 3 + rounds * events))
        assert [frame.payload for frame in got if frame.opcode == PONG] == [b"%d" % n for n in range(rounds)]


@pytest.mark.django_db(transaction=True)
def test_a_closing_frame_comes_after_whole_frames(
    either: Server, token_of: Callable[[str], str], cast: "Cast", thread: "Thread"
) -> None:
    with RawClient(either, token_of("ada")) as slow:
        slow.subscribe(f"thread:{thread.pk}")
        happen(cast, thread, 3)
        for _time in range(20):
            slow.ask("nonsense")
        got = slow.until(lambda frame: frame.opcode == CLOSE)
        assert int.from_bytes(got[-1].payload[:2], "big") == 4400
        assert {frame.json["type"] for frame in got[:-1]} <= {"event", "error", "presence"}


@pytest.mark.django_db(transaction=True)
def test_five_hundred_quick_posts_reach_everybody_in_order(
    either: Server, token_of: Callable[[str], str], cast: "Cast", thread: "Thread"
) -> None:
    stream, events = f"thread:{thread.pk}", 500
    readers = [
        RawClient(either, token_of(handle), room=1 << 16) for handle in ("ada", "zoe", "mo") for _tab in range(4)
    ]
    for reader in readers:
        reader.subscribe(stream)
    for _burst in range(10):
        happen(cast, thread, events // 10, size=400)
    for reader in readers:
        got = reader.until(lambda frame: frame.opcode == TEXT and frame.json.get("seq") == events + 2)
        numbers = [frame.json["seq"] for frame in got if frame.json["type"] == "event"]
        assert numbers == list(range(3, events + 3))
        reader.socket.close()
