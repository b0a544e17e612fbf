"""Writing a record live: what is judged, stored and refused; how the log and the columns agree."""

import pytest

from community.models import Event
from tests.cast import Cast
from tests.threads.live import Process, columns, replayed
from tests.threads.replicas import FIELDS, Replica
from threads.actions.live_records import (
    Doors,
    Judged,
    Sent,
    Written,
    catch_up,
    write_updates,
)
from threads.actions.threads import edit_thread, open_thread
from threads.models import RecordState, RecordUpdate, Thread, WorkingRecord

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def thread(cast: Cast) -> Thread:
    return open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Mail is slow", body="Since Sunday.")


def test_what_is_written_is_in_the_log_in_the_columns_and_told_once(cast: Cast, thread: Thread) -> None:
    process = Process()
    ben = process.joined(thread)
    events = Event.objects.count()
    written = process.write(thread, (cast.ben.pk, ben.write("problem", 0, "Slöw 😀 mail")))
    assert written.verdicts == ["stored"]
    assert written.seq == 1
    record = WorkingRecord.objects.get(pk=thread.pk)
    assert (record.problem, record.version, record.updated_by) == ("Slöw 😀 mail", 1, cast.ben)
    assert replayed(thread)["problem"] == "Slöw 😀 mail"
    zoe = Replica(None)
    zoe.take(written.news or b"")
    assert zoe.texts == ben.texts
    assert Event.objects.count() == events


def test_several_people_in_one_round_are_several_rows_and_one_piece_of_news(cast: Cast, thread: Thread) -> None:
    process = Process()
    ben, zoe = process.joined(thread), process.joined(thread)
    sent = [(cast.ben.pk, ben.write("cause", 0, "DNS")), (cast.zoe.pk, zoe.write("cause", 0, "TLS"))]
    written = process.write(thread, *sent, (cast.ben.pk, ben.write("cause", 3, "!")))
    assert written.verdicts == ["stored"] * 3
    authors = RecordUpdate.objects.values_list("seq", "author")
    assert list(authors) == [(1, cast.ben.pk), (2, cast.zoe.pk), (3, cast.ben.pk)]
    watching = Replica(None, written.news or b"")
    assert watching.texts["cause"] in {"DNS!TLS", "TLSDNS!"}
    assert columns(thread) == watching.texts


def test_the_same_again_changes_nothing(cast: Cast, thread: Thread) -> None:
    process = Process()
    ben = process.joined(thread)
    update = ben.write("cause", 0, "DNS")
    process.write(thread, (cast.ben.pk, update))
    removal = ben.remove("cause", 0, 1)
    process.write(thread, (cast.ben.pk, removal))
    again = process.write(thread, (cast.ben.pk, update), (cast.ben.pk, removal), (cast.zoe.pk, ben.since()))
    assert again == Written(2, None, ["known"] * 3)
    assert RecordUpdate.objects.count() == 2


def test_an_update_without_its_predecessor_is_missing_something(cast: Cast, thread: Thread) -> None:
    process = Process()
    ben = process.joined(thread)
    ben.write("cause", 0, "D")
    assert process.write(thread, (cast.ben.pk, ben.write("cause", 1, "N"))).verdicts == ["missing"]
    assert process.write(thread, (cast.ben.pk, ben.since())).verdicts == ["stored"]
    assert columns(thread)["cause"] == "DN"


def test_who_may_not_see_it_or_may_only_read_writes_nothing(cast: Cast, thread: Thread) -> None:
    process = Process()
    edit_thread(by=cast.nia, thread=thread, status="closed")
    ben = process.joined(thread)
    update = ben.write("cause", 0, "DNS")
    assert process.write(thread, (cast.ben.pk, update), (cast.sam.pk, update)).verdicts == [
        "may_not_write_record",
        "no_thread",
    ]
    assert not RecordUpdate.objects.exists()
    edit_thread(by=cast.nia, thread=thread, status="open")
    assert process.write(thread, (cast.ben.pk, update)).verdicts == ["stored"]


def test_a_reader_who_sends_what_is_known_writes_nothing(cast: Cast, thread: Thread) -> None:
    process = Process()
    ben = process.joined(thread)
    process.write(thread, (cast.ben.pk, ben.write("cause", 0, "DNS")), (cast.ben.pk, ben.remove("cause", 1, 1)))
    edit_thread(by=cast.nia, thread=thread, status="closed")
    assert process.write(thread, (cast.ben.pk, ben.since())).verdicts == ["known"]
    assert process.write(thread, (cast.ben.pk, b"\0\0")).verdicts == ["known"]


def test_a_thread_that_is_not_there(cast: Cast) -> None:
    sent = {10**6: [Sent(cast.ben.pk, b"\0\0", whole=True)]}
    assert write_updates(sent=sent, copies={}) == {10**6: Written(0, None, ["no_thread"])}
    assert catch_up([10**6], {}) == {}


def test_an_earlier_rounds_trust_is_taken_for_seeing_but_not_for_writing(cast: Cast, thread: Thread) -> None:
    process = Process()
    edit_thread(by=cast.nia, thread=thread, status="closed")
    update = process.joined(thread).write("cause", 0, "DNS")
    sent = {thread.pk: [Sent(cast.sam.pk, update, whole=False)]}

    class Known(Doors):
        def look(self) -> Judged:
            return Judged(trusted=[(cast.sam.pk, thread.pk)])

    written = write_updates(sent=sent, copies=process.copies, doors=Known())
    assert written[thread.pk].verdicts == ["may_not_write_record"]


def test_what_came_by_a_token_that_is_over_is_refused_and_what_came_by_another_is_not(
    cast: Cast, thread: Thread
) -> None:
    class Known(Doors):
        def look(self) -> Judged:
            return Judged(trusted=[(cast.ben.pk, thread.pk)], over={"one"})

    process = Process()
    ben, again = process.joined(thread), process.joined(thread)
    sent = [
        Sent(cast.ben.pk, ben.write("cause", 0, "No"), whole=False, by="one"),
        Sent(cast.ben.pk, again.write("cause", 0, "DNS"), whole=False, by="other"),
        Sent(cast.ben.pk, again.since(), whole=True, by="one"),
    ]
    written = write_updates(sent={thread.pk: sent}, copies=process.copies, doors=Known())[thread.pk]
    assert written.verdicts == ["signed_out", "stored", "signed_out"]
    assert columns(thread)["cause"] == replayed(thread)["cause"] == "DNS"


def test_what_the_doors_refuse_in_the_end_is_not_stored(cast: Cast, thread: Thread) -> None:
    class Moving(Doors):
        def hold(self) -> None:
            raise LookupError

    process = Process()
    sent = [Sent(cast.ben.pk, process.joined(thread).write("cause", 0, "DNS"), whole=False)]
    with pytest.raises(LookupError):
        write_updates(sent={thread.pk: sent}, copies=process.copies, doors=Moving())
    assert not RecordUpdate.objects.exists()
    assert columns(thread)["cause"] == ""


def test_the_site_alone_writes_as_the_site(cast: Cast, thread: Thread) -> None:
    process = Process()
    forged = process.joined(thread, client=1)
    assert process.write(thread, (cast.ben.pk, forged.write("cause", 0, "DNS"))).verdicts == ["foreign"]


def test_one_process_writes_on_what_another_wrote(cast: Cast, thread: Thread) -> None:
    one, other = Process(), Process()
    ben, zoe = one.joined(thread), other.joined(thread)
    one.write(thread, (cast.ben.pk, ben.write("cause", 0, "DNS")))
    written = other.write(thread, (cast.zoe.pk, zoe.write("problem", 0, "Slow")))
    assert written.seq == 2
    watching = Replica(None, written.news or b"")  # who sits there gets what came from elsewhere as well
    assert watching.texts == columns(thread) == {**dict.fromkeys(FIELDS, ""), "problem": "Slow", "cause": "DNS"}
    assert one.write(thread, (cast.ben.pk, ben.since())).seq == 2


def test_a_copy_that_does_not_take_what_the_log_says_is_read_again(cast: Cast, thread: Thread) -> None:
    one, other = Process(), Process()
    ben, _zoe = one.joined(thread), other.joined(thread)
    one.write(thread, (cast.ben.pk, ben.write("cause", 0, "D")))
    one.write(thread, (cast.ben.pk, ben.write("cause", 1, "N")))
    other.copies[thread.pk].seq = 1  # as if it had heard of the first
    assert catch_up([thread.pk], other.copies)[thread.pk].document.texts["cause"] == "DN"


def test_a_text_that_becomes_too_long_is_refused_alone(cast: Cast, thread: Thread) -> None:
    process = Process()
    ben, zoe = process.joined(thread), process.joined(thread)
    long = zoe.write("cause", 0, "x" * 60_001)
    written = process.write(thread, (cast.ben.pk, ben.write("cause", 0, "DNS")), (cast.zoe.pk, long))
    assert written.verdicts == ["stored", "too_large"]
    assert columns(thread)["cause"] == replayed(thread)["cause"] == "DNS"
    assert process.copies[thread.pk].document.texts["cause"] == "DNS"
    assert Replica(None, written.news or b"").texts["cause"] == "DNS"
    most = process.joined(thread).write("problem", 0, "x" * 240_001)
    assert process.write(thread, (cast.zoe.pk, most)).verdicts == ["too_large"]


def test_an_update_that_goes_round_in_a_circle_is_refused_alone(cast: Cast, thread: Thread) -> None:
    """Each of its two letters stands next to the other, so that neither can be put in first."""
    process = Process()
    ben, mo = process.joined(thread), process.joined(thread)
    circle = bytes.fromhex("0102090084090101588409000159" + "00")
    sent = [
        (cast.ben.pk, ben.write("cause", 0, "DNS")),
        (cast.zoe.pk, circle),
        (cast.mo.pk, mo.write("cause", 0, "No ")),
    ]
    written = process.write(thread, *sent)
    assert written.verdicts == ["stored", "malformed", "stored"]
    assert Replica(None, written.news or b"").texts == columns(thread) == replayed(thread)
    assert sorted(columns(thread)["cause"]) == sorted("DNSNo ")
    assert process.write(thread, (cast.ben.pk, ben.write("cause", 0, "!"))).seq == 3


def test_control_characters_stay_out_of_the_columns(cast: Cast, thread: Thread) -> None:
    process = Process()
    ben = process.joined(thread)
    assert process.write(thread, (cast.ben.pk, ben.write("cause", 0, "a\0b\x1b[1mc\td\n"))).verdicts == ["stored"]
    assert columns(thread)["cause"] == "ab[1mc\td\n"


def test_a_record_from_before_there_were_logs(cast: Cast, thread: Thread) -> None:
    texts = {"problem": "Slöw mail", "environment": "", "cause": "DNS\n", "resolution": "Raise it."}
    WorkingRecord.objects.filter(pk=thread.pk).update(version=7, updated_by=cast.ben, **texts)
    process = Process()
    ben = process.joined(thread)
    assert ben.texts == texts
    assert RecordState.objects.get(pk=thread.pk).seq == 7
    assert process.write(thread, (cast.ben.pk, ben.write("cause", 3, "!"))).seq == 8
    assert Process().joined(thread).texts == {**texts, "cause": "DNS!\n"} == columns(thread)
