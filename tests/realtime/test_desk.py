"""The records desk by itself, on this process's event loop: what it does when something fails, lags, or is silent."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async

from tests.realtime.inside import PATIENCE_SECONDS, hub_alone
from tests.realtime.seats import Seated
from tests.realtime.writers import SAVED, SYNC, UPDATE, Got, columns, varint
from tests.threads.replicas import torn

if TYPE_CHECKING:
    from realtime.hub import Hub
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 40_000


Sit = Callable[..., Any]


@pytest.fixture
async def hub(transactional_db: None) -> AsyncIterator["Hub"]:
    """A hub that sweeps only when told to."""
    async with hub_alone() as hub:
        yield hub


@pytest.fixture
async def sit(hub: "Hub", cast: "Cast", thread: "Thread") -> AsyncIterator[Sit]:
    """Puts members at the record: `await sit("ada")`."""
    seated: list[Seated] = []

    async def enter(handle: str, pk: int = thread.pk) -> Seated:
        seated.append(Seated(hub, cast.people[handle], pk))
        return await seated[-1].join()

    yield enter
    for each in seated:
        hub.listeners.leave(each.socket)
        each.socket.end()
        each.conversation.end()


async def test_while_the_database_is_away_everything_waits(
    sit: Sit, thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from realtime.records import desk, rounds
    from threads.actions.live_records import write_updates

    ada, ben = await sit("ada"), await sit("ben")
    failures = iter([OperationalError("gone"), OperationalError("still gone")])

    def fail(**arguments: Any) -> Any:
        for error in failures:
            raise error
        return write_updates(**arguments)

    monkeypatch.setattr(rounds, "write_updates", fail)
    monkeypatch.setattr(desk, "RETRY_SECONDS", 0.01)
    ada.write("problem", "later")
    ben.write("cause", "too")
    await ada.settle()
    await ben.until(lambda: ben.text() == "later")
    assert (ada.socket.code, ben.socket.code) == (None, None)
    stored = await sync_to_async(columns)(thread)
    assert (stored["problem"], stored["cause"]) == ("later", "too")


async def test_what_was_stored_but_could_not_be_told_is_told_later(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from realtime import doorbell
    from realtime.records import desk, rounds
    from threads.actions.live_records import write_updates

    ada, ben = await sit("ada"), await sit("ben")
    failures = iter([OperationalError("gone after the commit")])
    doors = doorbell.doors_now
    stored: list[object] = []

    def fail_afterwards() -> Any:
        if stored:
            for error in failures:
                raise error
        return doors()

    def write(**arguments: Any) -> Any:
        done = write_updates(**arguments)
        stored.append(done)
        return done

    monkeypatch.setattr(rounds, "write_updates", write)
    monkeypatch.setattr(doorbell, "doors_now", fail_afterwards)
    monkeypatch.setattr(desk, "RETRY_SECONDS", 0.01)
    ada.write("problem", "once")
    await ben.until(lambda: ben.text() == "once")
    await ada.settle()
    assert len(stored) > 1


async def test_a_record_that_cannot_be_served_is_closed_alone(
    sit: Sit, cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from realtime.records.rounds import Round, Rounds
    from tests.realtime.conftest import open_thread

    other = await sync_to_async(open_thread)(cast)
    ada, ben = await sit("ada"), await sit("ben", other.pk)
    serve = Rounds._serve

    def fail(self: Rounds, asked: Round) -> Any:
        if thread.pk in asked.records:
            raise ValueError("of this one only")
        return serve(self, asked)

    monkeypatch.setattr(Rounds, "_serve", fail)
    ada.write("problem", "bad")
    ben.write("problem", "good")
    assert await ada.closed() == 1011
    await ben.settle()
    assert ben.socket.code is None
    assert "could not be served" in caplog.text


async def test_who_reads_slowly_gets_it_all_at_once_later(sit: Sit, hub: "Hub", thread: "Thread") -> None:
    ada, ben = await sit("ada"), await sit("ben")
    seat = next(seat for seat in hub.desk.rooms[thread.pk].seats if seat.socket is ben.socket)
    ben.listener.held.clear()
    for number in range(10):
        ada.write("problem", "x" * LONG)
        await ada.settle(2 * number)
        ada.send(SYNC, UPDATE, ada.replica.remove("problem", 0, LONG))
        await ada.settle(2 * number + 1)
    assert seat.behind is not None
    ada.write("problem", "the end")
    await ada.settle(99)
    ben.listener.held.set()
    await ben.until(lambda: ben.text() == "the end")
    ben.write("cause", "and back")
    await ben.settle()
    assert sum(len(got.content) for got in ben.seen) < 10 * LONG


async def test_a_silent_line_is_kept_alive(sit: Sit, hub: "Hub", thread: "Thread") -> None:
    from realtime.records.limits import SILENT_SECONDS

    ada = await sit("ada")
    for seat in hub.desk.rooms[thread.pk].seats:
        seat.told_at -= SILENT_SECONDS + 1
    hub.sweep_soon()
    await ada.until(lambda: Got(1, None, b"\x00") in ada.seen)


async def test_what_was_written_becomes_a_version_by_itself(
    sit: Sit, hub: "Hub", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    from threads.models import RecordVersion

    ada = await sit("ada")
    ada.write("problem", "kept")
    await ada.settle()
    later = timezone.now() + timedelta(minutes=1)
    monkeypatch.setattr("community.rules.clock.now", lambda: later)
    hub.desk._versions._look_at = 0.0
    hub.sweep_soon()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await RecordVersion.objects.filter(record=thread.pk, fields__problem="kept").aexists():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert ada.socket.code is None


async def test_when_a_document_was_put_right_everybody_reads_it_anew(
    sit: Sit, hub: "Hub", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    ada, ben = await sit("ada"), await sit("ben")
    for update in torn():
        ada.send(SYNC, UPDATE, update)
    await ada.settle()
    later = timezone.now() + timedelta(minutes=1)
    monkeypatch.setattr("community.rules.clock.now", lambda: later)
    hub.desk._versions._look_at = 0.0
    hub.sweep_soon()
    assert [await ada.closed(), await ben.closed()] == [1012, 1012]
    again = await sit("ben")
    assert again.text("cause") == (await sync_to_async(columns)(thread))["cause"]
    hub.sweep_soon()
    await again.settle()
    assert again.socket.code is None


async def test_a_version_that_is_being_cut_delays_no_keystroke(
    sit: Sit, hub: "Hub", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from threading import Event

    from realtime.records import versions

    begun, over = Event(), Event()

    def cut(**_thread: int) -> Any:
        begun.set()
        assert over.wait(PATIENCE_SECONDS)
        raise LookupError("nothing to cut")

    monkeypatch.setattr(versions, "due_for_cut", lambda: [thread.pk])
    monkeypatch.setattr(versions, "cut_version", cut)
    ada, ben = await sit("ada"), await sit("ben")
    hub.desk._versions._look_at = 0.0
    hub.sweep_soon()
    assert await asyncio.to_thread(begun.wait, PATIENCE_SECONDS)
    ada.write("problem", "meanwhile")
    await ada.settle()
    await ben.until(lambda: ben.text() == "meanwhile")
    over.set()


async def test_search_finds_what_is_being_written_before_it_is_a_version(
    sit: Sit, hub: "Hub", cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    from threads.models import RecordVersion
    from threads.queries.search import search

    ada = await sit("ada")
    ada.write("cause", "The tachyonic coupler slipped.")
    await ada.settle()
    later = timezone.now() + timedelta(seconds=6)
    monkeypatch.setattr("community.rules.clock.now", lambda: later)
    hub.desk._versions._look_at = 0.0
    hub.sweep_soon()
    found = sync_to_async(lambda: [hit.id for hit in search(cast.ben, "tachyonic").hits])
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await found() != [thread.pk]:  # noqa: ASYNC110  (nothing else tells)
            await asyncio.sleep(0.01)
    assert not await RecordVersion.objects.filter(record=thread.pk).aexists()


async def test_a_record_nobody_sits_at_is_forgotten(
    sit: Sit, hub: "Hub", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime.records import desk

    ada = await sit("ada")
    hub.sweep_soon()
    await ada.settle()
    assert thread.pk in hub.desk._rounds.copies
    ada.conversation.end()
    hub.sweep_soon()
    assert thread.pk in hub.desk.rooms
    monkeypatch.setattr(desk, "EMPTY_SECONDS", -1.0)
    hub.sweep_soon()
    assert thread.pk not in hub.desk.rooms
    async with asyncio.timeout(PATIENCE_SECONDS):
        while thread.pk in hub.desk._rounds.copies:  # noqa: ASYNC110  (nothing else tells)
            await asyncio.sleep(0.01)


async def test_too_many_unread_messages_of_one_client_end_it(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    from realtime.records import seats

    ada = await sit("ada")
    monkeypatch.setattr(seats, "MOST_WAITING_MESSAGES", 10)
    for number in range(20):
        ada.send(SAVED, number)
    assert await ada.closed() == 1013


# Who is not judged yet, and who wants too much


async def test_before_somebody_is_judged_they_learn_nothing_and_nobody_learns_of_them(
    sit: Sit, hub: "Hub", cast: "Cast", thread: "Thread"
) -> None:
    ada = await sit("ada")
    ada.send(1, state_of(ada))
    await ada.settle()
    stranger = Seated(hub, cast.finn, thread.pk)
    stranger.conversation.hear({"bytes": b"\x03"})
    stranger.send(1, state_of(stranger))
    assert not hub.desk.rooms[thread.pk].people.changed
    assert await stranger.closed() == 4404
    while not stranger.listener.frames.empty():
        assert stranger.listener.frames.get_nowait()["type"] == "websocket.close"
    await ada.settle(2)
    assert stranger.replica.doc.client_id not in {
        entry.client for entry in hub.desk.rooms[thread.pk].people.entries(())
    }
    stranger.conversation.end()


async def test_where_somebody_is_who_said_so_at_once_is_told_when_they_are_judged(
    sit: Sit, hub: "Hub", cast: "Cast", thread: "Thread"
) -> None:
    ada = await sit("ada")
    ben = Seated(hub, cast.ben, thread.pk)
    ben.send(1, state_of(ben))
    name = b"Ben Okafor"
    await ada.until(lambda: any(got.type == 1 and name in got.content for got in ada.seen))
    hub.listeners.leave(ben.socket)
    ben.socket.end()
    ben.conversation.end()


async def test_who_says_where_they_are_keeps_their_client_before_they_write(
    sit: Sit, hub: "Hub", cast: "Cast", thread: "Thread"
) -> None:
    from threads.models import RecordClient

    ada, ben = await sit("ada"), Seated(hub, cast.ben, thread.pk)
    ben.send(1, state_of(ben))  # before he is judged
    await ben.join()
    ada.send(1, state_of(ada))
    await ada.settle()
    await ben.settle()

    def kept() -> dict[int, int]:
        return dict(RecordClient.objects.values_list("client", "member"))

    assert await sync_to_async(kept)() == {
        ada.replica.doc.client_id: cast.ada.pk, ben.replica.doc.client_id: cast.ben.pk
    }  # fmt: skip
    hub.listeners.leave(ben.socket)
    ben.socket.end()
    ben.conversation.end()


async def test_whose_questions_cannot_be_answered_for_long_is_closed(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    from realtime.records import seats

    monkeypatch.setattr(seats, "MOST_HELD", 10)
    ada = await sit("ada")
    ada.replica.write("problem", 0, "never sent ")
    ada.replica.sent()
    ada.write("problem", "sent")
    for number in range(20):
        ada.send(SAVED, number)
    assert await ada.closed() == 1013


async def test_what_a_member_may_send_counts_over_all_their_sockets(
    sit: Sit, thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime.records import desk

    monkeypatch.setattr(desk, "BYTES_AT_ONCE", 60_000)
    monkeypatch.setattr(desk, "BYTES_A_SECOND", 1.0)
    one, other, ben = await sit("ada"), await sit("ada"), await sit("ben")
    one.write("problem", "x" * 30_000)
    await one.settle()
    other.write("problem", "y" * 30_000)
    assert await other.closed() == 1013
    ben.write("cause", "calm")
    await ben.settle()
    assert one.socket.code is None
    assert (await sync_to_async(columns)(thread))["cause"] == "calm"


async def test_a_large_message_is_served_alone(sit: Sit, hub: "Hub", thread: "Thread") -> None:
    from realtime.records.limits import BYTES_A_ROUND
    from realtime.records.rooms import Item, Room
    from realtime.records.wire import Update

    ada = await sit("ada")
    seat = next(iter(hub.desk.rooms[thread.pk].seats))
    room = Room(thread.pk, 0.0)
    for size in (10, BYTES_A_ROUND, 20, 30):
        seat.wait(size)
        room.waiting.append(Item(seat, Update(b"x" * size, whole=False)))
    sizes = []
    while room.waiting:
        sizes.append([item.size for item in room.take(200, BYTES_A_ROUND).items])
    assert sizes == [[10, BYTES_A_ROUND], [20, 30]]
    assert ada.socket.code is None


def state_of(seated: Seated) -> bytes:
    """What a client says of itself."""
    state = b'{"field":"cause"}'
    return varint(1) + varint(seated.replica.doc.client_id) + varint(1) + varint(len(state)) + state
