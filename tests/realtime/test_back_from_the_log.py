"""Who reads slowly catches up from the log, and is there all the while."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.realtime.inside import Listener, hub_alone, written

if TYPE_CHECKING:
    from realtime.hub import Hub
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def hub(transactional_db: None) -> AsyncIterator["Hub"]:
    """A hub of this process's own."""
    async with hub_alone() as hub:
        yield hub


async def test_a_slow_reader_stays_in_the_room(hub: "Hub", cast: "Cast", thread: "Thread") -> None:
    stream = f"thread:{thread.pk}"
    ada, zoe = Listener(hub, cast.ada), Listener(hub, cast.zoe)
    for listener in (ada, zoe):
        await listener.subscribe(stream)
    room = hub.listeners.places[stream].room
    assert room is not None
    [listening] = hub.listeners.of(ada.socket).values()
    await written(thread, cast.ben)
    hub._again(listening)
    assert listening.seq is None
    assert room.presence.total == 2
    assert await ada.numbers(1) == [3]
    assert (await ada.until(type="subscribed"))["seq"] == 3
    assert (await ada.until(type="presence"))["total"] == 2
    assert listening.live
    assert room.presence.total == 2
    hub.unsubscribe(ada.socket, stream)
    assert room.presence.total == 1


async def test_who_goes_while_catching_up_is_gone(hub: "Hub", cast: "Cast", thread: "Thread") -> None:
    stream = f"thread:{thread.pk}"
    ada, zoe = Listener(hub, cast.ada), Listener(hub, cast.zoe)
    for listener in (ada, zoe):
        await listener.subscribe(stream)
    [listening] = hub.listeners.of(ada.socket).values()
    room = hub.listeners.places[stream].room
    hub._again(listening)
    hub.listeners.leave(ada.socket)
    assert room is not None
    assert room.presence.total == 1


async def test_what_no_room_is_left_for_is_not_taken_for_sent(
    hub: "Hub", cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = Listener(hub, cast.ada)
    monkeypatch.setattr(type(ada.socket), "push_all", lambda *_frames: False)
    hub.subscribe(ada.socket, f"thread:{thread.pk}", 1)
    async with asyncio.timeout(15):
        frame: dict[str, Any] = await ada.frames.get()
    assert (frame["type"], frame.get("code")) == ("websocket.close", 4408)
    [listening] = hub.listeners.of(ada.socket).values()
    assert not listening.live
