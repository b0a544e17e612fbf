"""People who use the swarm as it was not meant: again and again, too early, too late, without the right any more."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta, timezone

import pytest

from community.errors import Conflict, Forbidden, Invalid
from community.models import InboxItem, Member
from community.rules import clock
from tests.cast import Cast
from tests.threads.asking import HOUR, MORNING, everybody_works, problem
from threads.actions import duties
from threads.actions.guests import end_guest, let_in
from threads.actions.helpers import join, leave_swarm, remove_helper
from threads.actions.meetings import delete_meeting, log_meeting
from threads.actions.ownership import answer_hand_over, hand_over, take
from threads.actions.practices import record_practice
from threads.actions.records import save_record
from threads.actions.requests import answer, ask_for_help, inform, pass_on
from threads.actions.resolution import resolve
from threads.models import Asked, HandOver, Practice, Resolution, Thread, TimelineEntry, WorkingRecord
from threads.queries.guests import preview_for
from threads.queries.requests import requests_waiting_for
from threads.queries.resolutions import record_versions
from threads.queries.swarm import contact_for
from threads.queries.thread_page import thread_page_of

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def _wednesday(cast: Cast) -> Iterator[None]:
    everybody_works(cast)
    with clock.at(MORNING):
        yield


def invite_zoe(cast: Cast, *, reads_only: bool = False) -> Thread:
    thread = problem(cast, audience="organization")
    digest = preview_for(thread, cast.zoe).digest
    let_in(by=cast.ada, thread=thread, member=cast.zoe, preview=digest, reads_only=reads_only)
    return thread


def lines(thread: Thread, kind: str) -> list[TimelineEntry]:
    return list(TimelineEntry.objects.filter(thread=thread, kind=kind).order_by("pk"))


def test_nobody_asks_back_twice_before_they_are_answered(cast: Cast) -> None:
    thread = problem(cast)
    request = ask_for_help(
        by=cast.ada, thread=thread, what="Look, please.", due_at=clock.now() + 8 * HOUR, target="members",
        members=[cast.ben],
    )  # fmt: skip
    asked = Asked.objects.get(request=request)
    first = answer(by=cast.ben, asked=asked, answer="more_information", note="Which zone?")
    for _again in range(3):
        with pytest.raises(Conflict, match="asked that already"):
            answer(by=cast.ben, asked=asked, answer="more_information", note="Which zone, please?")
    asked.refresh_from_db()
    assert (asked.note, asked.answer_by) == ("Which zone?", first.answer_by)
    assert len(lines(thread, "help.answered")) == 1
    assert InboxItem.objects.filter(member=cast.ada, kind="help-answered").count() == 1
    inform(by=cast.ada, asked=asked, text="The inner one.")
    answer(by=cast.ben, asked=asked, answer="more_information", note="And since when?")
    answer(by=cast.ben, asked=asked, answer="declined", note="Then it is not mine.")


def test_who_never_helped_is_not_said_to_have_left(cast: Cast) -> None:
    thread = invite_zoe(cast)
    end_guest(by=cast.ada, thread=thread, member=cast.zoe)
    assert lines(thread, "swarm.changed") == []
    thread = invite_zoe(cast)
    join(by=cast.zoe, thread=thread)
    end_guest(by=cast.ada, thread=thread, member=cast.zoe)
    assert [entry.data["changed"] for entry in lines(thread, "swarm.changed")] == ["joined", "left"]


def test_who_lost_the_pen_resolves_without_writing(cast: Cast) -> None:
    thread = problem(cast)
    save_record(by=cast.ben, thread=thread, fields={"cause": "The cache."})
    take(by=cast.ben, thread=thread)
    join(by=cast.ada, thread=thread)
    remove_helper(by=cast.ben, thread=thread, member=cast.ada)
    with pytest.raises(Forbidden) as refused:
        resolve(by=cast.ada, thread=thread, summary="It was me.", record={"cause": "Ben."})
    assert refused.value.code == "may_not_write_record"
    assert WorkingRecord.objects.get(pk=thread.pk).cause == "The cache."
    assert not Resolution.objects.exists()
    resolve(by=cast.ada, thread=thread, summary="It was the cache.", record={"cause": "The cache."})
    with pytest.raises(Forbidden):
        record_practice(by=cast.ada, thread=thread)


def test_a_guest_puts_nothing_into_the_archive(cast: Cast) -> None:
    thread = invite_zoe(cast)
    resolve(by=cast.ada, thread=thread, summary="It was the cache.")
    with pytest.raises(Forbidden):
        record_practice(by=cast.zoe, thread=thread)
    assert not Practice.objects.exists()
    assert record_practice(by=cast.olga, thread=thread).recorded_by == cast.olga


@pytest.mark.parametrize(
    "held_at", [datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), datetime(1, 1, 1, tzinfo=UTC)]
)
def test_a_meeting_of_antiquity_is_a_slip(cast: Cast, held_at: datetime) -> None:
    with pytest.raises(Invalid, match="more than ten years ago"):
        log_meeting(
            by=cast.ada, thread=problem(cast), kind="call", held_at=held_at, minutes=5, outcome="Seen.", others="A"
        )


def test_a_deleted_call_says_nothing_of_who_was_there(cast: Cast) -> None:
    thread = problem(cast)
    meeting = log_meeting(
        by=cast.ada, thread=thread, kind="call", held_at=clock.now(), minutes=5, outcome="He owes us money.",
        others="Mr Customer, +353 1 234",
    )  # fmt: skip
    delete_meeting(by=cast.ada, meeting=meeting)
    kept = str([entry.data for entry in TimelineEntry.objects.filter(thread=thread)])
    assert "Customer" not in kept
    assert "owes" not in kept
    assert "/meetings/" not in kept


def test_a_long_history_reads_the_texts_that_it_shows(cast: Cast) -> None:
    thread = problem(cast)
    for number in range(1, 9):
        save_record(by=cast.ada, thread=thread, fields={"cause": f"Guess {number}."})
    for chosen, shown in ((3, {2, 3, 8}), (1, {1, 8}), (0, {7, 8}), (99, {7, 8})):
        versions = record_versions(thread, chosen=chosen)
        assert [row.number for row in versions] == list(range(1, 9))
        read = {row.number for row in versions if "fields" not in row.get_deferred_fields()}
        assert read == shown
        assert all(row.fields["cause"] == f"Guess {row.number}." for row in versions if row.number in read)


def test_what_one_is_asked_costs_little_for_each_request(
    cast: Cast, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    for _each in range(10):
        ask_for_help(
            by=cast.ada, thread=problem(cast), what="Look, please.", due_at=clock.now() + 8 * HOUR, target="members",
            members=[cast.ben],
        )  # fmt: skip
    with django_assert_max_num_queries(4 + 10):
        found = requests_waiting_for(cast.ben)
    assert [each.mine.member if each.mine else None for each in found] == [cast.ben] * 10
    assert {each.can for each in found} == {("answer",)}
    assert not any(each.is_inside for each in found)


def test_much_that_happens_does_not_hide_what_happens_then(cast: Cast) -> None:
    thread = problem(cast)
    for _again in range(120):
        join(by=cast.zoe, thread=thread)
        leave_swarm(by=cast.zoe, thread=thread)
    take(by=cast.ben, thread=thread)
    page = thread_page_of(cast.ada, thread.pk)
    assert page is not None
    shown = page.entries.things()
    assert [entry.data["changed"] for entry in shown[-3:]] == ["joined", "left", "owner"]
    assert [entry.pk for entry in shown] == sorted(entry.pk for entry in shown)


def test_one_request_that_cannot_be_passed_on_keeps_nobody_waiting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    requests = [
        ask_for_help(
            by=cast.ada, thread=problem(cast), what="Look, please.", due_at=clock.now() + 8 * HOUR, target="members",
            members=[cast.ben, cast.zoe],
        )
        for _each in range(3)
    ]  # fmt: skip
    broken = Asked.objects.get(request=requests[0]).pk

    def passed_on(*, asked_id: int) -> bool:
        if asked_id == broken:
            raise OverflowError("date value out of range")
        return pass_on(asked_id=asked_id)

    monkeypatch.setattr(duties, "pass_on", passed_on)
    with clock.at(MORNING + 3 * HOUR):
        assert duties.pass_on_unanswered() == 2
        assert duties.pass_on_unanswered() == 0
    assert f"{broken} could not be done" in caplog.text
    assert [Asked.objects.filter(request=each, member=cast.zoe).exists() for each in requests] == [False, True, True]


def test_nobody_helps_their_way_to_how_others_are_reached(cast: Cast) -> None:
    """Joining and taking are everybody's own act, and so is asking a colleague or handing them the thread."""
    thread = problem(cast)

    def told(member: Member) -> bool:
        return bool(contact_for(member, cast.ada, "Call the desk"))

    join(by=cast.zoe, thread=thread)
    take(by=cast.cleo, thread=thread)
    assert (told(cast.zoe), told(cast.cleo)) == (False, False)
    hand_over(by=cast.cleo, thread=thread, to=cast.zoe, summary="You have it now, as we agreed before.")
    answer_hand_over(by=cast.zoe, hand_over=HandOver.objects.get(), accepts=True)
    assert (told(cast.zoe), told(cast.cleo)) == (False, False)
    request = ask_for_help(
        by=cast.zoe, thread=thread, what="Look, please.", due_at=clock.now() + 8 * HOUR, target="members",
        members=[cast.finn],
    )  # fmt: skip
    answer(by=cast.finn, asked=Asked.objects.get(request=request), answer="accepted")
    assert not told(cast.finn)
    request = ask_for_help(
        by=cast.ben, thread=thread, what="Look, please.", due_at=clock.now() + 8 * HOUR, target="tag", scope="tag:dns",
    )  # fmt: skip
    Asked.objects.create(
        request=request, member=cast.finn, place=9, answer="accepted", answered_at=clock.now(), answer_by=clock.now()
    )
    assert told(cast.finn)
    leave_swarm(by=cast.finn, thread=thread)
    assert not told(cast.finn)


def test_who_was_let_in_or_handed_the_thread_reaches_its_people(cast: Cast) -> None:
    thread = invite_zoe(cast)
    join(by=cast.zoe, thread=thread)
    assert contact_for(cast.zoe, cast.ada, "Call the desk") == "Call the desk"
    assert contact_for(cast.zoe, cast.ben, "Call the desk") == ""
    other = problem(cast)
    take(by=cast.ben, thread=other)
    hand_over(by=cast.ben, thread=other, to=cast.finn, summary="It is the resolver; you know it best.")
    answer_hand_over(by=cast.finn, hand_over=HandOver.objects.get(), accepts=True)
    assert contact_for(cast.finn, cast.ada, "Call the desk") == "Call the desk"
