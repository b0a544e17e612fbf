"""What was written live becomes versions, is found, and stands beside forms, restoring and the archive."""

import random

import pytest

from community.errors import Conflict, Forbidden, NotThere
from community.models import Event
from tests.cast import Cast
from tests.threads.live import Process, columns, later, replayed
from tests.threads.replicas import FIELDS, Replica
from threads.actions import record_versions
from threads.actions.live_records import (
    catch_up,
    cut_version,
    due_for_cut,
    due_for_search,
    index_record,
)
from threads.actions.practices import record_practice
from threads.actions.record_copies import texts_at
from threads.actions.records import restore_record, save_record
from threads.actions.resolution import reopen, resolve
from threads.actions.threads import edit_thread, open_thread
from threads.models import RecordUpdate, RecordVersion, Thread, WorkingRecord
from threads.queries.search import search
from threads.rules.sittings import MOST_UPDATES

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def thread(cast: Cast) -> Thread:
    return open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mail is slow", body="Since Sunday.")


def test_a_sitting_becomes_one_version_with_everybody_who_wrote(
    cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process()
    ben, zoe = process.joined(thread), process.joined(thread)
    first = process.write(thread, (cast.ben.pk, ben.write("cause", 0, "Wrong DNS")))
    zoe.take(first.news or b"")
    process.write(thread, (cast.zoe.pk, zoe.remove("cause", 0, 5)), (cast.zoe.pk, zoe.write("cause", 1, "å")))
    other = Process()  # it has a copy from before the cut
    other.joined(thread)
    assert due_for_cut() == []
    assert not cut_version(thread_id=thread.pk).made
    later(monkeypatch, seconds=31)
    assert due_for_cut() == [thread.pk]
    assert cut_version(thread_id=thread.pk) == (True, False)
    assert not cut_version(thread_id=thread.pk).made
    version = RecordVersion.objects.get(record=thread.pk)
    assert (version.number, version.seq, version.author, version.fields["cause"]) == (1, 3, cast.ben, " åDNS")
    authors = version.authors.values_list("member", "inserted", "deleted")
    assert list(authors) == [(cast.ben.pk, 9, 0), (cast.zoe.pk, 1, 5)]
    assert version.runs == {
        **{name: [] for name in FIELDS},
        "cause": [[1, cast.ben.pk], [1, cast.zoe.pk], [3, cast.ben.pk]],
    }
    assert not RecordUpdate.objects.exists()
    assert replayed(thread) == columns(thread) == Process().joined(thread).texts
    told = Event.objects.get(kind="record.saved")
    assert (told.actor, told.data) == (cast.ben, {"version": 3, "fields": columns(thread)})
    mo = other.joined(thread)
    assert other.write(thread, (cast.mo.pk, mo.write("cause", 0, "No"))).seq == 4
    assert process.write(thread, (cast.mo.pk, mo.since())).verdicts == ["known"]
    assert columns(thread)["cause"] == "No åDNS"


def test_what_leaves_no_trace_is_no_version(cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch) -> None:
    process = Process()
    ben = process.joined(thread)
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "x")), (cast.ben.pk, ben.remove("cause", 0, 1)))
    later(monkeypatch, seconds=31)
    assert cut_version(thread_id=thread.pk).made
    assert not RecordVersion.objects.exists()
    assert not RecordUpdate.objects.exists()
    assert not Event.objects.filter(kind="record.saved").exists()
    assert process.write(thread, (cast.ben.pk, ben.write("cause", 0, "y"))).seq == 3


def test_a_sitting_of_many_updates_is_cut_while_it_goes_on(cast: Cast, thread: Thread) -> None:
    process = Process()
    ben = process.joined(thread)
    process.write(thread, *((cast.ben.pk, ben.write("cause", 0, "x")) for _ in range(MOST_UPDATES - 1)))
    assert due_for_cut() == []
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "y")))
    assert due_for_cut() == [thread.pk]
    assert cut_version(thread_id=thread.pk).made
    assert RecordVersion.objects.get().fields["cause"] == "y" + "x" * (MOST_UPDATES - 1)


def test_a_sitting_of_five_minutes_is_cut_while_it_goes_on(
    cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process()
    ben = process.joined(thread)
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "x")))
    later(monkeypatch, seconds=299)
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "y")))
    assert due_for_cut() == []
    later(monkeypatch, seconds=301)
    assert due_for_cut() == [thread.pk]
    assert cut_version(thread_id=thread.pk).made
    assert RecordVersion.objects.get().fields["cause"] == "yx"


def found(cast: Cast, word: str) -> list[int]:
    return [hit.id for hit in search(cast.zoe, word).hits]


def test_search_finds_what_was_typed_some_seconds_ago(
    cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process()
    ben = process.joined(thread)
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "tachyonic drift")))
    assert due_for_search() == []
    later(monkeypatch, seconds=6)
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "Worse: ")))
    assert due_for_search() == [thread.pk]
    index_record(thread_id=thread.pk)
    assert found(cast, "tachyonic") == found(cast, "worse") == [thread.pk]
    assert due_for_search() == []
    assert not RecordVersion.objects.exists()
    later(monkeypatch, seconds=12)
    process.write(thread, (cast.ben.pk, ben.remove("cause", 0, len("Worse: tachyonic"))))
    later(monkeypatch, seconds=18)
    assert due_for_search() == [thread.pk]
    index_record(thread_id=thread.pk)
    assert found(cast, "tachyonic") == []
    assert found(cast, "drift") == [thread.pk]


def test_what_was_found_meanwhile_and_left_no_trace_is_found_no_more(
    cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process()
    ben = process.joined(thread)
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "tachyonic")))
    index_record(thread_id=thread.pk)
    process.write(thread, (cast.ben.pk, ben.remove("cause", 0, len("tachyonic"))))
    later(monkeypatch, seconds=31)
    assert cut_version(thread_id=thread.pk).made
    assert found(cast, "tachyonic") == []
    assert due_for_search() == []


def test_what_is_written_while_a_version_is_prepared_is_in_the_next(
    cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process()
    ben = process.joined(thread)
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "before")))
    later(monkeypatch, seconds=31)
    prepared = record_versions._cut_prepared

    def meanwhile(**given: object) -> object:
        process.write(thread, (cast.zoe.pk, Replica(None, ben.since()).write("cause", 6, " and after")))
        return prepared(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(record_versions, "_cut_prepared", meanwhile)
    assert cut_version(thread_id=thread.pk).made
    version = RecordVersion.objects.get()
    assert (version.seq, version.author, version.fields["cause"]) == (1, cast.ben, "before")
    assert list(RecordUpdate.objects.values_list("seq", flat=True)) == [2]
    assert replayed(thread) == columns(thread) == Process().joined(thread).texts
    assert columns(thread)["cause"] == "before and after"
    later(monkeypatch, seconds=62)
    assert due_for_search() == [thread.pk]
    monkeypatch.setattr(record_versions, "_cut_prepared", prepared)
    assert cut_version(thread_id=thread.pk).made
    version = RecordVersion.objects.get(number=2)
    assert (version.seq, version.author, version.fields["cause"]) == (2, cast.zoe, "before and after")
    assert version.runs is not None
    assert version.runs["cause"] == [[6, 0], [10, cast.zoe.pk]]
    assert not RecordUpdate.objects.exists()


def test_each_ones_words_are_theirs_however_versions_are_cut_meanwhile(
    cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three write their own letter, anywhere, and take out anybody's; each version says whose each letter is."""
    monkeypatch.setattr("threads.rules.sittings.MOST_UPDATES", 1)
    monkeypatch.setattr("threads.actions.record_sittings.READ_AT_ONCE", 3)
    monkeypatch.setattr("threads.actions.record_sittings.PLAYED_SECONDS", 0.0)
    monkeypatch.setattr("threads.actions.record_sittings.PAUSE_SECONDS", 0.0)
    dice, process = random.Random(11), Process()
    letters = {cast.ben.pk: "b", cast.zoe.pk: "z", cast.mo.pk: "é"}
    replicas = {pk: process.joined(thread) for pk in letters}

    def write() -> None:
        pk = dice.choice(list(letters))
        replica = replicas[pk]
        length = len(replica.texts["cause"])
        if length and dice.random() < 0.3:
            update = replica.remove("cause", dice.randrange(length), 1)
        else:
            update = replica.write("cause", dice.randint(0, length), letters[pk])
        written = process.write(thread, (pk, update))
        for other in replicas.values():
            if other is not replica and dice.random() < 0.7:
                other.take(process.copies[thread.pk].document.since(other.vector))
        assert set(written.verdicts) <= {"stored", "known"}

    prepared = record_versions._cut_prepared

    def meanwhile(**given: object) -> object:
        for _update in range(dice.randrange(4)):
            write()
        return prepared(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(record_versions, "_cut_prepared", meanwhile)
    for _version in range(12):
        for _update in range(dice.randint(1, 15)):
            write()
        assert cut_version(thread_id=thread.pk).made
        assert replayed(thread) == columns(thread)
    before = 0
    for version in RecordVersion.objects.filter(record=thread.pk).order_by("number"):
        text, runs = version.fields["cause"], (version.runs or {})["cause"]
        assert texts_at(thread.pk, version.seq) == version.fields
        writers = [writer for length, writer in runs for _character in range(length)]
        assert len(writers) == len(text)
        assert all(writer == 0 or letters[writer] == letter for letter, writer in zip(text, writers, strict=True))
        assert writers.count(0) <= before
        put_in = version.authors.values_list("member", "inserted", "deleted")
        assert before + sum(put - out for _member, put, out in put_in) == len(text)
        before = len(text)


def test_a_version_that_somebody_else_cut_meanwhile_is_not_cut_twice(
    cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch
) -> None:
    process = Process()
    process.write(thread, (cast.ben.pk, process.joined(thread).write("cause", 0, "once")))
    later(monkeypatch, seconds=31)
    prepared = record_versions._cut_prepared

    def meanwhile(**given: object) -> object:
        monkeypatch.setattr(record_versions, "_cut_prepared", prepared)
        assert cut_version(thread_id=thread.pk).made
        process.write(thread, (cast.ben.pk, process.joined(thread).write("cause", 0, "then ")))
        return prepared(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(record_versions, "_cut_prepared", meanwhile)
    assert not cut_version(thread_id=thread.pk).made
    assert RecordVersion.objects.get().fields["cause"] == "once"
    assert replayed(thread)["cause"] == columns(thread)["cause"] == "then once"


def test_the_form_guards_against_whoever_types_and_leaves_their_place(cast: Cast, thread: Thread) -> None:
    process = Process()
    ben = process.joined(thread)
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "Wrong DNS server ")))
    with pytest.raises(Conflict):
        save_record(by=cast.zoe, thread=thread, fields={"cause": "TLS"}, version=0)
    assert columns(thread)["cause"] == "Wrong DNS server "
    record = save_record(
        by=cast.zoe, thread=thread, fields={"cause": "The wrong DNS server", "problem": "Slow"}, version=1
    )
    assert (record.version, record.updated_by) == (2, cast.zoe)
    versions = RecordVersion.objects.values_list("number", "seq", "author", "fields__cause")
    assert list(versions) == [(1, 1, cast.ben.pk, "Wrong DNS server "), (2, 2, cast.zoe.pk, "The wrong DNS server")]
    ben.write("cause", len("Wrong DNS"), "!!")  # meanwhile, on what he has
    assert process.write(thread, *((cast.ben.pk, update) for update in ben.sent()[1:])).verdicts == ["stored"]
    assert columns(thread)["cause"] == "The wrong DNS!! server"
    assert replayed(thread) == columns(thread)


def test_a_form_sent_as_it_was_changes_nothing(cast: Cast, thread: Thread) -> None:
    process = Process()
    ben = process.joined(thread)
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "\nDNS\r\nTLS \n")))
    save_record(by=cast.zoe, thread=thread, fields={"cause": "DNS\nTLS"}, version=1)
    assert columns(thread)["cause"] == "\nDNS\r\nTLS \n"
    assert WorkingRecord.objects.get(pk=thread.pk).version == 1


def test_a_version_is_brought_back_and_that_is_undone_the_same_way(cast: Cast, thread: Thread) -> None:
    for cause in ("DNS", "TLS"):
        save_record(by=cast.ben, thread=thread, fields={"cause": cause, "problem": "Slow"})
    with pytest.raises(Conflict):
        restore_record(by=cast.zoe, thread=thread, number=1, version=1)
    restore_record(by=cast.zoe, thread=thread, number=1, version=2)
    assert columns(thread)["cause"] == replayed(thread)["cause"] == "DNS"
    newest = RecordVersion.objects.get(number=3)
    assert (newest.author, newest.reason) == (cast.zoe, "restored:1")
    restore_record(by=cast.zoe, thread=thread, number=2)
    assert columns(thread)["cause"] == "TLS"
    with pytest.raises(NotThere):
        restore_record(by=cast.zoe, thread=thread, number=9)
    edit_thread(by=cast.nia, thread=thread, status="closed")
    with pytest.raises(Forbidden):
        restore_record(by=cast.zoe, thread=thread, number=1)


def test_once_it_is_in_the_archive_nobody_writes_it(cast: Cast, thread: Thread) -> None:
    process = Process()
    ben = process.joined(thread)
    process.write(thread, (cast.ben.pk, ben.write("problem", 0, "Slow mail")))
    resolve(by=cast.ada, thread=thread, summary="DNS", record={"resolution": "Use another."})
    ben.take(catch_up([thread.pk], process.copies)[thread.pk].document.since(ben.vector))
    assert process.write(thread, (cast.ben.pk, ben.write("cause", 0, "DNS"))).verdicts == ["stored"]
    practice = record_practice(by=cast.ada, thread=thread)
    assert (practice.problem, practice.cause, practice.resolution) == ("Slow mail", "DNS", "Use another.")
    assert RecordVersion.objects.filter(record=thread.pk).latest("number").fields == practice.fields
    assert process.write(thread, (cast.ben.pk, ben.write("cause", 0, "No "))).verdicts == ["may_not_write_record"]
    for action in (save_record, restore_record):
        given = {"fields": {"cause": "TLS"}} if action is save_record else {"number": 1}
        with pytest.raises(Forbidden):
            action(by=cast.nia, thread=thread, **given)
    reopen(by=cast.ada, thread=thread)
    assert process.write(thread, (cast.ben.pk, ben.write("cause", 0, "No "))).verdicts == ["may_not_write_record"]
    with pytest.raises(Conflict):
        resolve(by=cast.ada, thread=thread, summary="DNS", record={"cause": "TLS"})
    resolve(by=cast.ada, thread=thread, summary="DNS", record=columns(thread))
    assert columns(thread) == practice.fields


def test_what_forged_updates_tore_is_put_right_at_the_cut(
    cast: Cast, thread: Thread, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Neighbours in an order in which no client writes: such a document says something else each time it is read."""
    process, ben = Process(), Replica(7)
    for place, letter in ((0, "a"), (1, "b"), (1, "c"), (0, "d")):
        process.write(thread, (cast.ben.pk, ben.write("cause", place, letter)))
    forged = bytes.fromhex("0103090084070201598409000158c409010901015a00")
    assert process.write(thread, (cast.zoe.pk, forged)).verdicts == ["stored"]
    ben.take(forged)
    said = columns(thread)
    assert replayed(thread) != process.joined(thread).texts
    later(monkeypatch, seconds=31)
    assert cut_version(thread_id=thread.pk) == (True, True)
    assert said == columns(thread) == replayed(thread) == RecordVersion.objects.get().fields
    assert RecordVersion.objects.get().authors.get(member=cast.zoe).inserted == 3
    assert "written by ben, zoe" in caplog.text
    other = Process()
    mo = other.joined(thread)
    ben.take(catch_up([thread.pk], process.copies)[thread.pk].document.since(ben.vector))
    written = other.write(thread, (cast.mo.pk, mo.write("cause", 2, "!")))
    ben.take(written.news or b"")
    assert columns(thread) == mo.texts == ben.texts == replayed(thread) == process.joined(thread).texts
