"""Whose a Yjs client is: what somebody wrote under it never counts as somebody else's text."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.threads.live import Process, columns, later, replayed
from tests.threads.replicas import Replica
from threads.actions.live_records import Sent, cut_version, write_updates
from threads.actions.record_clients import forget_silent
from threads.actions.threads import open_thread
from threads.models import RecordClient, Thread

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def thread(cast: Cast) -> Thread:
    return open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mail is slow", body="Since Sunday.")


def test_nobody_writes_on_as_somebody_else(cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch) -> None:
    process, ben = Process(), Replica(7)
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "DNS")))
    forged = Replica(7, ben.since()).write("cause", 3, " no")
    mine = ben.write("cause", 3, "!!!")
    for each in (process, Process()):
        assert each.write(thread, (cast.zoe.pk, forged)).verdicts == ["foreign"]
    cut_version(thread_id=thread.pk)
    assert Process().write(thread, (cast.zoe.pk, forged), (cast.ben.pk, mine)).verdicts == ["foreign", "stored"]
    assert columns(thread)["cause"] == replayed(thread)["cause"] == "DNS!!!"
    assert list(RecordClient.objects.values_list("client", "member")) == [(7, cast.ben.pk)]


def test_what_differs_from_what_is_there_is_never_acknowledged(cast: Cast, thread: Thread) -> None:
    """Who got to a client first has it. The text of the other is refused, not taken for known."""
    process, ben, zoe = Process(), Replica(7), Replica(7)
    first, second = zoe.write("cause", 0, "nothing"), ben.write("cause", 0, "a full 😀")
    together = process.write(thread, (cast.zoe.pk, first), (cast.ben.pk, second), (cast.ben.pk, ben.since()))
    assert together.verdicts == ["stored", "foreign", "foreign"]
    assert process.write(thread, (cast.ben.pk, second)).verdicts == ["foreign"]
    more = ben.write("cause", 8, " disk")
    assert process.write(thread, (cast.ben.pk, ben.since()), (cast.ben.pk, more)).verdicts == ["foreign", "missing"]
    removed = ben.remove("cause", 0, 1)
    assert process.write(thread, (cast.ben.pk, removed)).verdicts == ["stored"]  # anybody may take out a letter
    assert columns(thread)["cause"] == replayed(thread)["cause"] == "othing"


def test_whoever_speaks_for_a_client_is_the_one_to_write_as_it(cast: Cast, thread: Thread) -> None:
    process = Process()
    update = Replica(7).write("cause", 0, "DNS")

    def write(member: int) -> list[str]:
        sent = {thread.pk: [Sent(member, update, whole=False)]}
        announced = {thread.pk: {7: cast.ben.pk}}
        return write_updates(sent=sent, copies=process.copies, announced=announced)[thread.pk].verdicts

    assert write(cast.zoe.pk) == ["foreign"]
    assert write(cast.ben.pk) == ["stored"]


def test_who_said_that_a_client_is_theirs_keeps_it_when_the_server_starts_again(cast: Cast, thread: Thread) -> None:
    before = Process()
    before.write(thread, (cast.mo.pk, Replica(5).write("problem", 0, "Slow")))
    sent: dict[int, list[Sent]] = {thread.pk: []}
    claimed = {thread.pk: {7: cast.ben.pk, 5: cast.ben.pk}}
    assert write_updates(sent=sent, copies=before.copies, claims=claimed)[thread.pk] == (1, None, [])
    update, after = Replica(7).write("cause", 0, "DNS"), Process()
    assert after.write(thread, (cast.zoe.pk, update), (cast.ben.pk, update)).verdicts == ["foreign", "stored"]
    assert dict(RecordClient.objects.values_list("client", "member")) == {5: cast.mo.pk, 7: cast.ben.pk}


def test_of_clients_that_wrote_nothing_only_the_newest_are_kept(
    cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threads.actions.record_clients._MOST_SILENT", 4)
    process, sent = Process(), {thread.pk: list[Sent]()}
    for client in range(3, 10):
        write_updates(sent=sent, copies=process.copies, claims={thread.pk: {client: cast.zoe.pk}})
    process.write(
        thread, (cast.zoe.pk, Replica(3).write("cause", 0, "D")), (cast.ben.pk, Replica(20).write("cause", 0, "N"))
    )
    later(monkeypatch, seconds=31)
    assert cut_version(thread_id=thread.pk).made
    assert sorted(RecordClient.objects.values_list("client", flat=True)) == [3, 7, 8, 9, 20]
    with CaptureQueriesContext(connection) as asked:
        forget_silent(thread.pk, {3, 20})
    assert [each["sql"].startswith("SELECT COUNT") for each in asked] == [True], "there is room: none is read"
    assert RecordClient.objects.count() == 5


def test_what_others_wrote_may_be_passed_on_as_it_is(cast: Cast, thread: Thread) -> None:
    process, ben, zoe = Process(), Replica(7), Replica(8)
    for update in (ben.write("cause", 0, "a 😀 disk"), ben.write("problem", 0, "Slow"), ben.remove("cause", 4, 5)):
        process.write(thread, (cast.ben.pk, update))
    zoe.take(ben.since())
    mine = zoe.write("cause", 2, "broken ")
    assert process.write(thread, (cast.zoe.pk, zoe.since())).verdicts == ["stored"]
    assert process.write(thread, (cast.zoe.pk, mine), (cast.mo.pk, zoe.since())).verdicts == ["known", "known"]
    again = Replica(7, zoe.since())  # the same browser, a later page with what it kept
    kept = again.write("cause", 0, "Only ")
    assert process.write(thread, (cast.ben.pk, kept)).verdicts == ["stored"]
    assert process.write(thread, (cast.mo.pk, again.since())).verdicts == ["known"]
    assert columns(thread)["cause"] == replayed(thread)["cause"] == "Only a broken 😀 "


def test_a_later_page_sends_what_an_earlier_one_of_the_same_member_kept(cast: Cast, thread: Thread) -> None:
    process, ben = Process(), Replica(7)
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "DNS")))
    ben.write("cause", 3, " is down")
    later = Replica(9, ben.since())
    later.write("problem", 0, "Slow")
    assert process.write(thread, (cast.ben.pk, later.since())).verdicts == ["stored"]
    assert set(RecordClient.objects.values_list("client", "member")) == {(7, cast.ben.pk), (9, cast.ben.pk)}
    assert columns(thread)["cause"] == "DNS is down"


def test_clients_of_before_are_whose_they_go_on_to_be(cast: Cast, thread: Thread) -> None:
    process, ben = Process(), Replica(7)
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "DNS")))
    RecordClient.objects.all().delete()
    forged = Replica(7).write("cause", 0, "TLS")
    assert Process().write(thread, (cast.zoe.pk, forged)).verdicts == ["foreign"]
    assert Process().write(thread, (cast.zoe.pk, ben.since())).verdicts == ["known"]
    assert Process().write(thread, (cast.ben.pk, ben.write("cause", 3, "!"))).verdicts == ["stored"]
    assert RecordClient.objects.get().member == cast.ben


def test_what_is_refused_takes_no_client(cast: Cast, thread: Thread) -> None:
    process = Process()
    update = Replica(7).write("cause", 0, "x" * 60_001)
    assert process.write(thread, (cast.zoe.pk, update)).verdicts == ["too_large"]
    assert not RecordClient.objects.exists()
    assert process.write(thread, (cast.ben.pk, Replica(7).write("cause", 0, "DNS"))).verdicts == ["stored"]
