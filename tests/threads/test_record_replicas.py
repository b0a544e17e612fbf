"""Several people write one record at once, through two processes, some without a connection: all end equal.

Each process has copies of its own, takes rounds in turn, and now and then fails after it wrote and before it committed.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.events import action
from tests.cast import Cast
from tests.threads.replicas import FIELDS, Replica
from threads.actions.live_records import Copy, Sent, catch_up, write_updates
from threads.actions.locking import lock_record, lock_thread
from threads.actions.record_versions import cut
from threads.actions.records import save_record
from threads.actions.threads import open_thread
from threads.models import RecordVersion, Thread, WorkingRecord

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PEOPLE = ("ada", "ben", "zoe", "mo")
PIECES = ("a", "b ", "é", "😀", "wörd\n", "", "")

writing = st.tuples(
    st.just("write"), st.sampled_from(PEOPLE), st.sampled_from(FIELDS[:2]), st.integers(0, 999), st.sampled_from(PIECES)
)
rounds = st.tuples(st.just("round"), st.integers(0, 1), st.frozensets(st.sampled_from(PEOPLE), min_size=1))
failing = st.tuples(st.just("fail"), st.integers(0, 1), st.frozensets(st.sampled_from(PEOPLE), min_size=1))
cut_off = st.tuples(st.just("cut off"), st.sampled_from(PEOPLE))
coming = st.tuples(st.just("come back"), st.sampled_from(PEOPLE), st.integers(0, 1))
cutting = st.tuples(st.just("cut"))
saving = st.tuples(st.just("save"), st.sampled_from(FIELDS[:2]), st.sampled_from(["", "wörd", "a b 😀\nb"]))
steps = st.one_of(writing, writing, writing, rounds, rounds, failing, cut_off, coming, cutting, saving)


class Failure(Exception):
    """Something that goes wrong before the commit."""


@dataclass
class Client:
    """Somebody's replica, and what they wrote but have not been told is stored; `at` is the process they sit at."""

    member: int
    replica: Replica
    at: int
    unsaved: list[bytes] = field(default_factory=list)
    missed: bool = False


class Site:
    """Two processes with a record between them, and who writes there."""

    def __init__(self, cast: Cast, thread: Thread) -> None:
        self.cast, self.thread = cast, thread
        self.copies: list[dict[int, Copy]] = [{}, {}]
        for copies in self.copies:
            catch_up([thread.pk], copies)
        self.clients = {
            name: Client(cast.people[name].pk, Replica(100 + place), place % 2) for place, name in enumerate(PEOPLE)
        }

    def run(self, step: tuple) -> None:
        """One step of a plan."""
        getattr(self, f"_{step[0].replace(' ', '_')}")(*step[1:])

    def _write(self, name: str, where: str, place: int, piece: str) -> None:
        client = self.clients[name]
        length = len(client.replica.texts[where])
        if piece:
            client.replica.write(where, place % (length + 1), piece)
        elif length:
            client.replica.remove(where, place % length, 1 + place % 4)
        client.unsaved += client.replica.sent()

    def _round(self, process: int, names: frozenset[str]) -> None:
        there = [client for client in self._at(process) if not client.missed]
        writers = [self.clients[name] for name in sorted(names) if self.clients[name] in there]
        sent = [(client, update) for client in writers for update in client.unsaved]
        self._serve(process, [Sent(client.member, update, whole=False) for client, update in sent], there)
        for client in writers:
            client.unsaved = []
        if sent:
            says = self.copies[process][self.thread.pk].document.texts
            assert all(client.replica.texts == says for client in there if not client.unsaved)

    def _serve(self, process: int, sent: list[Sent], there: list[Client]) -> None:
        copies = self.copies[process]
        if not sent:
            return
        written = write_updates(sent={self.thread.pk: sent}, copies=copies)[self.thread.pk]
        assert set(written.verdicts) <= {"stored", "known"}
        for client in there:
            client.replica.take(*([written.news] if written.news else []))

    def _fail(self, process: int, names: frozenset[str]) -> None:
        """The round is rolled back: the copies are thrown away, nobody is told anything, and all of it is still
        unsaved."""
        before = WorkingRecord.objects.filter(pk=self.thread.pk).values().get()
        updates = [
            Sent(client.member, update, whole=False)
            for name in sorted(names)
            if not (client := self.clients[name]).missed and client.at == process
            for update in client.unsaved
        ]
        failing_at_the_end(lambda: write_updates(sent={self.thread.pk: updates}, copies=self.copies[process]))
        self.copies[process].clear()
        self._tell_all(process, [client for client in self._at(process) if not client.missed])
        assert WorkingRecord.objects.filter(pk=self.thread.pk).values().get() == before

    def _cut_off(self, name: str) -> None:
        self.clients[name].missed = True

    def _come_back(self, name: str, process: int) -> None:
        """Cut off until now, or sitting elsewhere: both sides say what they have."""
        client = self.clients[name]
        there = [other for other in self._at(process) if other is not client and not other.missed]
        copy = catch_up([self.thread.pk], self.copies[process])[self.thread.pk]
        client.at, client.missed = process, False
        self._tell_all(process, there)
        whole = client.replica.since(copy.document.vector)
        client.replica.take(copy.document.since(client.replica.vector))
        self._serve(process, [Sent(client.member, whole, whole=True)], there)
        client.unsaved = []

    def _tell_all(self, process: int, there: list[Client]) -> None:
        """What came from elsewhere reaches who sits here."""
        copy = catch_up([self.thread.pk], self.copies[process])[self.thread.pk]
        for client in there:
            client.replica.take(copy.document.since(client.replica.vector))

    def _cut(self) -> None:
        cut_now(self.thread)

    def _save(self, where: str, text: str) -> None:
        save_record(by=self.cast.cleo, thread=self.thread, fields={where: text})

    def _at(self, process: int) -> list[Client]:
        return [client for client in self.clients.values() if client.at == process]

    def settle(self) -> None:
        """Everybody comes back, and hears of what the last ones brought."""
        for _turn in range(2):
            for name in PEOPLE:
                self._come_back(name, self.clients[name].at)


@action
def cut_now(thread: Thread) -> None:
    locked = lock_thread(thread)
    cut(locked, lock_record(locked))


def failing_at_the_end(work: Callable[[], object]) -> None:
    """Do it, and then undo it."""
    with suppress(Failure), transaction.atomic():
        work()
        raise Failure


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=5, max_size=60))
def test_everybody_ends_with_the_same_text(cast: Cast, plan: list[tuple]) -> None:
    with transaction.atomic():
        thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mail is slow", body="Since Sunday.")
        site = Site(cast, thread)
        for step in plan:
            site.run(step)
        site.settle()
        record = WorkingRecord.objects.get(pk=thread.pk)
        assert [client.replica.texts for client in site.clients.values()] == [record.fields] * 4
        copies = [catch_up([thread.pk], copies)[thread.pk] for copies in (*site.copies, {})]
        assert [copy.document.texts for copy in copies] == [record.fields] * 3
        assert {copy.seq for copy in copies} == {record.version}
        site.run(("cut",))
        versions = RecordVersion.objects.filter(record=record)
        newest = versions.last()
        assert (newest.fields if newest else dict.fromkeys(FIELDS, "")) == record.fields
        assert list(versions.values_list("number", flat=True)) == list(range(1, 1 + versions.count()))
        assert catch_up([thread.pk], {})[thread.pk].document.texts == record.fields
        transaction.set_rollback(True)
