"""Sockets on servers that have only ASGI send: each sends from a queue, and ends when sending does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.realtime.inside import PATIENCE_SECONDS

if TYPE_CHECKING:
    from realtime.hub import Hub
    from realtime.sockets import Socket
    from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


class Server:
    """A server without a network: `sent` is what it was given; it can take its time, or break."""

    def __init__(self) -> None:
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.takes = asyncio.Event()
        self.takes.set()
        self.error: Exception | None = None

    async def send(self, message: dict[str, Any]) -> None:
        await self.takes.wait()
        if self.error:
            raise self.error
        self.sent.put_nowait(message)

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.sent.get()


class Visit:
    """One conversation on such a server."""

    def __init__(self, hub: "Hub", member: Any) -> None:
        self.hub = hub
        self.server = Server()
        self._member = member
        self.entered: asyncio.Future[Socket] = hub.loop.create_future()
        self.task = asyncio.create_task(self._hold())

    async def _hold(self) -> None:
        from realtime.consumers import Conversation
        from realtime.people import Ticket, person_of
        from realtime.sockets import socket_on

        socket = socket_on(self.server.send, person_of(self._member), Ticket(self._member.pk))
        self.entered.set_result(socket)
        await Conversation(self.hub, socket).hold(self.server.received.get)

    async def over(self) -> BaseException | None:
        """How the application ended; nobody is left behind in the register."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.wait([self.task])
        assert self.entered.result() not in self.hub.listeners.sockets
        assert not self.hub.listeners.places
        return None if self.task.cancelled() else self.task.exception()


@pytest.fixture
async def hub(transactional_db: None) -> AsyncIterator["Hub"]:
    """A hub that sweeps only when told to."""
    from realtime.hub import Hub

    hub = Hub()
    hub.start(sweep_seconds=3600)
    yield hub
    await hub.stop()


@pytest.fixture
async def visit(hub: "Hub", cast: "Cast") -> AsyncIterator[Callable[..., Any]]:
    """Brings members to the hub."""
    visits: list[Visit] = []

    async def enter(member: Any) -> tuple[Visit, "Socket"]:
        visits.append(Visit(hub, member))
        return visits[-1], await visits[-1].entered

    yield enter
    for each in visits:
        each.task.cancel()
    await asyncio.gather(*(each.task for each in visits), return_exceptions=True)


Enter = Callable[..., Any]


async def test_frames_go_out_in_order_and_then_no_task_is_left(visit: Enter, cast: "Cast") -> None:
    from realtime import frames

    one, socket = await visit(cast.ada)
    before = asyncio.all_tasks()
    for number in range(5):
        socket.push(frames.write("number", n=number))
    several = [frames.write("number", n=number) for number in (5, 6)]
    socket.push_all(several, b"".join(frame.wire for frame in several))
    texts = [(await one.server.next())["text"] for _time in range(7)]
    assert texts == [f'{{"type":"number","n":{number}}}' for number in range(7)]
    while asyncio.all_tasks() - before:  # noqa: ASYNC110  (a task does not say when it is gone)
        await asyncio.sleep(0)


async def test_when_sending_breaks_the_listener_is_gone_and_the_server_is_told(
    hub: "Hub", visit: Enter, cast: "Cast"
) -> None:
    from realtime import frames

    one, socket = await visit(cast.ada)
    hub.subscribe(socket, "space:lobby", None)
    while "subscribed" not in (await one.server.next())["text"]:
        pass
    one.server.error = ValueError("broken")
    socket.push(frames.PONG)
    assert await one.over() is one.server.error


async def test_when_the_client_is_gone_it_ends_without_a_word(visit: Enter, cast: "Cast") -> None:
    from realtime import frames

    one, socket = await visit(cast.ada)
    one.server.error = ConnectionResetError()
    socket.push(frames.PONG)
    assert await one.over() is None


async def test_who_does_not_even_take_the_closing_frame_is_cut_off(
    visit: Enter, cast: "Cast", monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime import frames, sockets

    monkeypatch.setattr(sockets, "MOST_WAITING", 100)
    monkeypatch.setattr(sockets, "CLOSING_SECONDS", 0)
    one, socket = await visit(cast.ada)
    one.server.takes.clear()
    for _time in range(20):
        socket.push(frames.PONG)
    assert socket.code == 4408
    assert await one.over() is None


async def test_a_server_that_stops_an_application_stops_it(visit: Enter, cast: "Cast") -> None:
    one, _socket = await visit(cast.ada)
    one.task.cancel()
    await one.over()
    assert one.task.cancelled()


async def test_who_waited_for_room_does_not_wait_for_a_client_that_is_gone(
    visit: Enter, cast: "Cast", monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime import frames, sockets

    monkeypatch.setattr(sockets, "MOST_AHEAD", 10)
    one, socket = await visit(cast.ada)
    one.server.takes.clear()
    for _time in range(3):
        socket.push(frames.PONG)
    assert socket.held_back
    sending = asyncio.ensure_future(socket.send(frames.PONG))
    await asyncio.sleep(0)
    one.server.received.put_nowait({"type": "websocket.disconnect", "code": 1001})
    async with asyncio.timeout(PATIENCE_SECONDS):
        await sending
    assert await one.over() is None


async def test_a_member_has_a_bounded_number_of_sockets(hub: "Hub", visit: Enter, cast: "Cast") -> None:
    from realtime.rules import MOST_SOCKETS

    for _time in range(MOST_SOCKETS):
        await visit(cast.ada)
    beyond, _socket = await visit(cast.ada)
    assert (await beyond.server.next()) == {"type": "websocket.close", "code": 4409}
    _other, welcome = await visit(cast.ben)
    assert not welcome.closing
    first = next(iter(hub.listeners.sockets))
    hub.listeners.leave(first)
    hub.listeners.leave(first)
    _again, room = await visit(cast.ada)
    assert not room.closing


async def test_draining_closes_everybody_and_lets_nobody_in(
    hub: "Hub", visit: Enter, cast: "Cast", monkeypatch: pytest.MonkeyPatch
) -> None:
    visits = [await visit(member) for member in (cast.ada, cast.ben, cast.zoe)]
    draining = asyncio.ensure_future(hub.drain(PATIENCE_SECONDS))
    for one, _socket in visits:
        assert (await one.server.next())["code"] == 1012
        one.server.received.put_nowait({"type": "websocket.disconnect", "code": 1012})
    async with asyncio.timeout(PATIENCE_SECONDS):
        await draining
    assert not hub.listeners.sockets
    late, _socket = await visit(cast.mo)
    assert (await late.server.next())["code"] == 1012


async def test_draining_ends_when_patience_does(hub: "Hub", visit: Enter, cast: "Cast") -> None:
    _one, socket = await visit(cast.ada)
    await hub.drain(0)
    assert socket.code == 1012
    assert socket in hub.listeners.sockets
