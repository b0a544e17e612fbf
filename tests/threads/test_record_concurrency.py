"""Processes, forms and cuts at one record at the same time: the log has no gaps, nothing is lost or written late."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from threading import Event as Signal

import pytest
from django.db import connection, transaction

from community.errors import Conflict
from community.models import Member
from tests.cast import make_cast
from tests.threads.replicas import Replica
from threads.actions.live_records import Copy, Sent, catch_up, cut_version, write_updates
from threads.actions.practices import record_practice
from threads.actions.record_sittings import turn_at
from threads.actions.records import save_record
from threads.actions.resolution import resolve
from threads.actions.threads import edit_thread, open_thread
from threads.models import RecordVersion, Thread, WorkingRecord

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]

ROUNDS = 12
PATIENCE = 120


def at_once(*work: Callable[[], None]) -> None:
    """Run all of it in threads that start together, each with a connection of its own."""
    start = Barrier(len(work))

    def run(one: Callable[[], None]) -> None:
        try:
            start.wait()
            one()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as pool:
        for done in [pool.submit(run, one) for one in work]:
            done.result(timeout=PATIENCE)


def opened() -> Thread:
    cast = make_cast()
    return open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mail is slow", body="Since Sunday.")


def process(thread: Thread, name: str, letter: str) -> Callable[[], None]:
    """A process in which somebody types letters; whatever is stored elsewhere reaches them."""

    def run() -> None:
        member = Member.objects.get(handle=name).pk
        copies: dict[int, Copy] = {}
        replica = Replica(None, catch_up([thread.pk], copies)[thread.pk].document.since(b"\0"))
        for _round in range(ROUNDS):
            sent = [Sent(member, replica.write("cause", 0, letter), whole=False) for _each in range(3)]
            written = write_updates(sent={thread.pk: sent}, copies=copies)[thread.pk]
            assert written.verdicts == ["stored"] * 3
            replica.take(written.news or b"")
            assert replica.texts == copies[thread.pk].document.texts

    return run


def saving(thread: Thread) -> Callable[[], None]:
    """Somebody who saves the form of what they read, and reads again whenever others wrote meanwhile."""

    def run() -> None:
        mo = Member.objects.get(handle="mo")
        for number in range(ROUNDS):
            while True:
                read = WorkingRecord.objects.get(pk=thread.pk)
                fields = {"cause": read.cause + "f", "problem": str(number)}
                try:
                    save_record(by=mo, thread=thread, fields=fields, version=read.version)
                except Conflict:
                    continue
                break

    return run


def cutting(thread: Thread, finished: Signal) -> Callable[[], None]:
    def run() -> None:
        while not finished.is_set():
            cut_version(thread_id=thread.pk)

    return run


def test_processes_forms_and_cuts_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threads.rules.sittings.MOST_UPDATES", 4)
    thread, finished = opened(), Signal()

    def write_all() -> None:
        try:
            at_once(process(thread, "ben", "b"), process(thread, "zoe", "z"), saving(thread))
        finally:
            finished.set()

    at_once(write_all, cutting(thread, finished), cutting(thread, finished))
    monkeypatch.setattr("threads.rules.sittings.MOST_UPDATES", 1)
    cut_version(thread_id=thread.pk)
    record = WorkingRecord.objects.get(pk=thread.pk)
    assert sorted(record.cause) == sorted("b" * 3 * ROUNDS + "z" * 3 * ROUNDS + "f" * ROUNDS)
    assert record.version == 7 * ROUNDS
    assert catch_up([thread.pk], {})[thread.pk].document.texts == record.fields
    versions = list(RecordVersion.objects.filter(record=record).order_by("number"))
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))
    assert versions[-1].fields == record.fields
    written = [sum(author.inserted for author in version.authors.all()) for version in versions]
    assert sum(written) >= 7 * ROUNDS


def test_a_version_is_prepared_by_one_process_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they can know of each other; when one dies meanwhile the next look finds it."""
    monkeypatch.setattr("threads.rules.sittings.MOST_UPDATES", 1)
    thread, begun, looked = opened(), Signal(), Signal()
    process(thread, "ben", "b")()
    made: list[bool] = []

    def prepare() -> None:
        with turn_at(thread.pk) as mine:
            assert mine
            begun.set()
            assert looked.wait(PATIENCE)

    def look() -> None:
        assert begun.wait(PATIENCE)
        try:
            made.append(cut_version(thread_id=thread.pk).made)
        finally:
            looked.set()

    at_once(prepare, look)
    made.append(cut_version(thread_id=thread.pk).made)
    assert made == ([False, True] if connection.vendor == "postgresql" else [True, False])
    assert RecordVersion.objects.get(record=thread.pk).fields["cause"] == "b" * 3 * ROUNDS


def until_somebody_waits(ended: Signal) -> None:
    """Until another connection waits for a lock, or has ended what it did; on SQLite it waits from the start."""
    while connection.vendor == "postgresql" and not ended.is_set():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() != (0,):
                return


@pytest.mark.parametrize("how", ["closed", "recorded"])
def test_nothing_is_written_once_it_takes_no_more(how: str) -> None:
    """A process is just writing while somebody puts an end to it: whatever it stored was stored before that."""
    thread = opened()
    ada, nia = (Member.objects.get(handle=handle) for handle in ("ada", "nia"))
    resolve(by=ada, thread=thread, summary="Restart", record={"problem": "Slow"})
    held, ended = Signal(), Signal()
    what_it_said: list[str] = []

    def end() -> None:
        assert held.wait(PATIENCE)
        if how == "closed":
            edit_thread(by=nia, thread=thread, status="closed")
        else:
            record_practice(by=ada, thread=thread)
        what_it_said.append(WorkingRecord.objects.get(pk=thread.pk).cause)
        ended.set()

    def write() -> None:
        copies: dict[int, Copy] = {}
        ben = Member.objects.get(handle="ben").pk
        replica = Replica(None, catch_up([thread.pk], copies)[thread.pk].document.since(b"\0"))

        def sent() -> list[str]:
            messages = [Sent(ben, replica.write("cause", 0, "b"), whole=False)]
            return write_updates(sent={thread.pk: messages}, copies=copies)[thread.pk].verdicts

        with transaction.atomic():
            assert sent() == ["stored"]
            held.set()
            until_somebody_waits(ended)
        assert ended.wait(PATIENCE)
        assert sent() == ["may_not_write_record"]

    at_once(end, write)
    assert what_it_said == ["b"]
    assert WorkingRecord.objects.get(pk=thread.pk).cause == "b"


def test_two_who_save_the_same_version_at_once() -> None:
    thread = opened()
    refused: list[str] = []

    def save(name: str) -> Callable[[], None]:
        def run() -> None:
            try:
                by = Member.objects.get(handle=name)
                save_record(by=by, thread=thread, fields={"cause": name}, version=0)
            except Conflict:
                refused.append(name)

        return run

    at_once(*(save(name) for name in ("ben", "zoe", "mo")))
    assert len(refused) == 2
    assert {WorkingRecord.objects.get(pk=thread.pk).cause, *refused} == {"ben", "zoe", "mo"}


def test_a_record_from_before_there_were_logs_is_begun_once() -> None:
    thread = opened()
    WorkingRecord.objects.filter(pk=thread.pk).update(version=3, cause="DNS")
    states: list[bytes] = []

    def join() -> None:
        states.append(catch_up([thread.pk], {})[thread.pk].document.state)

    at_once(join, join, join, join)
    assert len(set(states)) == 1
