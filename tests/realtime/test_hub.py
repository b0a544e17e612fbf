"""The hub by itself, on this process's event loop: what counts is the log, whatever the nudges do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async

from tests.realtime.inside import Listener, written

if TYPE_CHECKING:
    from realtime.hub import Hub
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 15.0


@pytest.fixture
async def hub(transactional_db: None) -> AsyncIterator["Hub"]:
    """A hub that sweeps only when told to."""
    from realtime import rules
    from realtime.hub import Hub

    hub = Hub()
    hub.start(sweep_seconds=rules.RETRY_SECONDS * 3600)
    yield hub
    await hub.stop()


@pytest.fixture
async def enter(hub: "Hub") -> AsyncIterator[Callable[..., Listener]]:
    """Puts members onto the hub."""
    entered: list[Listener] = []

    def put(member: Any) -> Listener:
        entered.append(Listener(hub, member))
        return entered[-1]

    yield put
    for listener in entered:
        hub.listeners.leave(listener.socket)
        listener.socket.end()


@pytest.fixture
def reads(hub: "Hub", monkeypatch: pytest.MonkeyPatch) -> list[dict[str, int]]:
    """What the hub read from the log, one entry for each reading."""
    from realtime import replay

    done: list[dict[str, int]] = []
    growth = replay.growth

    def count(after: dict[str, int]) -> Any:
        done.append(dict(after))
        return growth(after)

    monkeypatch.setattr(replay, "growth", count)
    return done


async def test_many_nudges_are_one_read_and_late_ones_none(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", thread: "Thread", reads: list[dict[str, int]]
) -> None:
    stream = f"thread:{thread.pk}"
    ada = enter(cast.ada)
    hub.subscribe(ada.socket, stream, None)
    await ada.until(type="subscribed")
    await written(thread, cast.ben, 3)
    for seq in (5, 3, 5, 4, 4):
        hub.told({stream: seq}, frozenset())
    assert await ada.numbers(3) == [3, 4, 5]
    for seq in (5, 2, 4):
        hub.told({stream: seq}, frozenset())
    await written(thread, cast.ben)
    hub.told({stream: 6}, frozenset())
    assert await ada.numbers(1) == [6]
    assert reads == [{stream: 2}, {stream: 5}]


async def test_a_lost_nudge_is_made_up_for_by_the_next_or_by_the_sweep(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", thread: "Thread"
) -> None:
    stream = f"thread:{thread.pk}"
    ada = enter(cast.ada)
    hub.subscribe(ada.socket, stream, None)
    await ada.until(type="subscribed")
    await written(thread, cast.ben, 2)
    hub.told({stream: 4}, frozenset())
    assert await ada.numbers(2) == [3, 4]
    await written(thread, cast.ben)
    hub.sweep_soon()
    assert await ada.numbers(1) == [5]


async def test_an_event_is_written_once_for_everybody(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime import frames

    made: list[int] = []
    event = frames.event

    def make(stream: str, row: Any) -> str:
        made.append(row.seq)
        return event(stream, row)

    monkeypatch.setattr(frames, "event", make)
    stream = f"thread:{thread.pk}"
    listeners = [enter(member) for member in (cast.ada, cast.ben, cast.zoe, cast.mo)]
    for listener in listeners:
        hub.subscribe(listener.socket, stream, None)
        await listener.until(type="subscribed")
    await written(thread, cast.ben)
    hub.told({stream: 3}, frozenset())
    for listener in listeners:
        assert await listener.numbers(1) == [3]
    assert made == [3]


async def test_what_is_written_while_somebody_catches_up_comes_once_and_in_order(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", thread: "Thread"
) -> None:
    stream = f"thread:{thread.pk}"
    await written(thread, cast.ben, 5)
    listeners = [enter(cast.ada) for _number in range(5)]
    for listener in listeners:
        hub.subscribe(listener.socket, stream, 0)
        await written(thread, cast.ben)
        hub.told({stream: 1000}, frozenset())
    hub.told({stream: 12}, frozenset())
    for listener in listeners:
        assert await listener.numbers(12) == list(range(1, 13))


async def test_the_door_is_asked_between_reading_and_delivering(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", thread: "Thread"
) -> None:
    from community.actions.members import suspend

    stream = f"thread:{thread.pk}"
    ada, ben = enter(cast.ada), enter(cast.ben)
    for listener in (ada, ben):
        hub.subscribe(listener.socket, stream, None)
        await listener.until(type="subscribed")
    await sync_to_async(suspend)(by=cast.olga, member=cast.ben)
    await written(thread, cast.zoe)
    hub.told({stream: 3}, frozenset())
    assert await ada.numbers(1) == [3]
    closed = await ben.until(type="websocket.close")
    assert closed["code"] == 4401
    assert ben.frames.empty()


async def test_a_listener_judged_too_early_is_judged_again(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", thread: "Thread"
) -> None:
    """Somebody let in just before a change that nothing but the doors' number tells of hears nothing more."""
    from django.contrib.admin.models import CHANGE, LogEntry

    def change() -> None:
        cast.spaces["alliance"].organizations.remove(cast.organizations["brightline"])
        LogEntry.objects.log_actions(cast.nia.pk, [cast.spaces["alliance"]], CHANGE, single_object=True)

    stream = f"thread:{thread.pk}"
    ada, zoe = enter(cast.ada), enter(cast.zoe)
    for listener in (ada, zoe):
        hub.subscribe(listener.socket, stream, None)
        await listener.until(type="subscribed")
    before = hub.listeners.places[stream].listening[zoe.socket].doors
    await sync_to_async(change)()
    await written(thread, cast.ben)
    hub.told({stream: 3}, frozenset())
    assert await ada.numbers(1) == [3]
    assert (await zoe.until(type="error"))["code"] == "not_there"
    assert hub.listeners.places[stream].listening[ada.socket].doors != before
    assert zoe.frames.empty()


async def test_pruned_before_it_could_be_read_is_a_reset(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", thread: "Thread"
) -> None:
    from community.models import Event, Stream

    stream = f"thread:{thread.pk}"
    ada = enter(cast.ada)
    hub.subscribe(ada.socket, stream, None)
    await ada.until(type="subscribed")
    await written(thread, cast.ben, 2)
    await sync_to_async(
        Event.objects.filter(stream__subject_id=thread.pk, stream__kind=Stream.Kind.THREAD, seq=3).delete
    )()
    hub.told({stream: 4}, frozenset())
    assert (await ada.until(type="reset"))["seq"] == 4
    assert (await ada.until(type="subscribed"))["seq"] == 4
    await written(thread, cast.ben)
    hub.told({stream: 5}, frozenset())
    assert await ada.numbers(1) == [5]


async def test_a_failing_database_delays_and_loses_nothing(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from realtime import reader, replay

    monkeypatch.setattr(reader, "RETRY_SECONDS", 0.01)
    stream = f"thread:{thread.pk}"
    ada = enter(cast.ada)
    hub.subscribe(ada.socket, stream, None)
    await ada.until(type="subscribed")
    growth, failures = replay.growth, iter(range(3))

    def fail(after: dict[str, int]) -> Any:
        if next(failures, None) is not None:
            raise OperationalError("gone")
        return growth(after)

    monkeypatch.setattr(replay, "growth", fail)
    await written(thread, cast.ben)
    hub.told({stream: 3}, frozenset())
    while next(failures, None) is not None:
        hub.sweep_soon()
        await asyncio.sleep(0)
    hub.sweep_soon()
    assert await ada.numbers(1) == [3]
    while not hub.ready:  # noqa: ASYNC110  (a hub does not say when)
        await asyncio.sleep(0)


async def test_who_does_not_read_is_closed_at_the_bound(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime import frames, sockets

    monkeypatch.setattr(sockets, "MOST_WAITING", 1000)
    slow = enter(cast.ada)
    slow.held.clear()
    for number in range(12):
        slow.socket.push(frames.write("filling", number=number, filling="x" * 90))
    assert slow.socket.code == 4408
    slow.held.set()
    assert (await slow.until(type="websocket.close"))["code"] == 4408


async def test_catching_up_waits_for_a_slow_reader_instead_of_closing_it(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime import sockets

    monkeypatch.setattr(sockets, "MOST_AHEAD", 4000)
    await written(thread, cast.ben, 20)
    slow = enter(cast.ada)
    slow.held.clear()
    hub.subscribe(slow.socket, f"thread:{thread.pk}", 0)
    while not slow.socket.held_back:  # noqa: ASYNC110  (a socket does not say when)
        await asyncio.sleep(0)
    slow.held.set()
    assert await slow.numbers(22) == list(range(1, 23))
    assert not slow.socket.closing


async def test_who_is_too_slow_for_what_happens_gets_it_from_the_log(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime import arrivals, sockets

    monkeypatch.setattr(sockets, "MOST_WAITING", 6000)
    monkeypatch.setattr(sockets, "MOST_AHEAD", 1000)
    monkeypatch.setattr(arrivals, "MOST_AHEAD", 1000)
    stream = f"thread:{thread.pk}"
    slow, quick = enter(cast.ada), enter(cast.zoe)
    for listener in (slow, quick):
        await listener.subscribe(stream)
    slow.held.clear()
    for seq in range(3, 13):
        await written(thread, cast.ben)
        hub.told({stream: seq}, frozenset())
        assert await quick.numbers(1) == [seq]
    assert not slow.socket.closing
    slow.held.set()
    assert await slow.numbers(10) == list(range(3, 13))
    await written(thread, cast.ben)
    hub.told({stream: 13}, frozenset())
    assert await slow.numbers(1) == [13]


async def test_who_takes_nothing_of_it_is_closed(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime import sockets

    for name, value in {"MOST_WAITING": 2000, "MOST_AHEAD": 1000, "STALL_SECONDS": 0.01}.items():
        monkeypatch.setattr(sockets, name, value)
    stream = f"thread:{thread.pk}"
    deaf = enter(cast.ada)
    await deaf.subscribe(stream)
    deaf.held.clear()
    await written(thread, cast.ben, 10)
    hub.told({stream: 12}, frozenset())
    async with asyncio.timeout(15):
        while deaf.socket.code is None:  # noqa: ASYNC110  (a socket does not say when)
            await asyncio.sleep(0)
    assert deaf.socket.code == 4408


async def test_a_connection_that_breaks_keeps_the_news_from_nobody_else(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime.sockets import QueuedSocket

    stream = f"thread:{thread.pk}"
    broken, whole = enter(cast.ada), enter(cast.zoe)
    for listener in (broken, whole):
        await listener.subscribe(stream)
    push_all, failures = QueuedSocket.push_all, []

    def push(self: QueuedSocket, *args: Any) -> bool:
        if self is broken.socket:
            raise ValueError("broken")
        return push_all(self, *args)

    monkeypatch.setattr(QueuedSocket, "push_all", push)
    monkeypatch.setattr(QueuedSocket, "fail", lambda self, error: failures.append((self, str(error))))
    await written(thread, cast.ben)
    hub.told({stream: 3}, frozenset())
    assert await whole.numbers(1) == [3]
    assert failures == [(broken.socket, "broken")]


async def test_a_reader_that_fails_half_way_is_made_up_for(
    hub: "Hub", enter: Callable[..., Listener], cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime import hub as hubs
    from realtime.delivery import Delivery

    monkeypatch.setattr(hubs, "RETRY_SECONDS", 0.01)
    stream = f"thread:{thread.pk}"
    ada = enter(cast.ada)
    await ada.subscribe(stream)

    async def fail(self: Delivery, *_args: Any) -> None:
        monkeypatch.undo()
        raise ValueError("unforeseen")

    monkeypatch.setattr(Delivery, "deliver", fail)
    await written(thread, cast.ben)
    hub.told({stream: 3}, frozenset())
    assert await ada.numbers(1) == [3]


async def test_hints_are_coalesced(hub: "Hub", enter: Callable[..., Listener], cast: "Cast") -> None:
    ada = enter(cast.ada)
    hub.subscribe(ada.socket, "space:lobby", None)
    await ada.until(type="subscribed")
    for _time in range(50):
        hub.told({}, frozenset({"space:lobby"}))
    await ada.until(type="hint", stream="space:lobby")
    place = hub.listeners.places["space:lobby"]
    assert ada.frames.empty()
    assert list(place.timers) == ["hint"]


async def test_without_a_hub_a_commit_tells_nobody(cast: "Cast", thread: "Thread") -> None:
    from realtime import hub

    assert hub.running() is None
    hub.told({f"thread:{thread.pk}": 3}, frozenset({"space:lobby"}))
