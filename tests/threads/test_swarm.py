"""Owning, helping and handing over: what each step needs, and what follows from it."""

import pytest

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import thread_stream
from community.events.reading import missed, newest_number
from community.models import InboxItem, Member
from tests.cast import Cast
from tests.threads.asking import problem
from threads.actions.helpers import join, leave_swarm, remove_helper
from threads.actions.ownership import answer_hand_over, hand_over, leave, take, withdraw_hand_over
from threads.actions.records import save_record
from threads.actions.resolution import resolve
from threads.actions.threads import edit_thread
from threads.models import HandOver, Helper, Thread, TimelineEntry
from threads.policies.threads import may_write_record

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SUMMARY = "Log level is up; the resolver's log comes at noon."


def helpers(thread: Thread) -> set[str]:
    rows = Helper.objects.filter(thread=thread, until=None)
    return set(rows.values_list("member__handle", flat=True))


def kinds(thread: Thread) -> list[str]:
    return list(TimelineEntry.objects.filter(thread=thread).order_by("pk").values_list("kind", flat=True))


def test_joining_again_changes_and_tells_nothing(cast: Cast) -> None:
    thread = problem(cast)
    join(by=cast.ben, thread=thread)
    number = newest_number(thread_stream(thread.pk))
    join(by=cast.ben, thread=thread)
    assert newest_number(thread_stream(thread.pk)) == number
    leave_swarm(by=cast.ben, thread=thread)
    number = newest_number(thread_stream(thread.pk))
    leave_swarm(by=cast.ben, thread=thread)
    assert newest_number(thread_stream(thread.pk)) == number
    assert [event.data["helpers"] for event in missed(thread_stream(thread.pk), number - 2).events] == [
        [{"handle": "ben", "name": "Ben Okafor"}], []
    ]  # fmt: skip


def test_the_owner_is_no_helper_besides(cast: Cast) -> None:
    thread = problem(cast)
    join(by=cast.ben, thread=thread)
    take(by=cast.ben, thread=thread)
    assert helpers(thread) == set()
    join(by=cast.ben, thread=thread)
    assert helpers(thread) == set()


def test_who_was_removed_loses_the_pen_until_invited(cast: Cast) -> None:
    thread = problem(cast)
    take(by=cast.olga, thread=thread)
    join(by=cast.ben, thread=thread)
    with pytest.raises(Forbidden):
        remove_helper(by=cast.zoe, thread=thread, member=cast.ben)
    with pytest.raises(Conflict):
        remove_helper(by=cast.olga, thread=thread, member=cast.zoe)
    with pytest.raises(Conflict):
        remove_helper(by=cast.mo, thread=thread, member=cast.olga)
    remove_helper(by=cast.mo, thread=thread, member=cast.ben)
    assert not may_write_record(cast.ben, thread)
    with pytest.raises(Forbidden):
        save_record(by=cast.ben, thread=thread, fields={"problem": "Mine."})
    for act in (join, take):
        with pytest.raises(Forbidden):
            act(by=cast.ben, thread=thread)
    with pytest.raises(Invalid):
        hand_over(by=cast.olga, thread=thread, summary=SUMMARY, to=cast.ben)


def test_the_old_owner_stays_until_it_is_accepted_and_helps_then(cast: Cast) -> None:
    thread = problem(cast)
    take(by=cast.ben, thread=thread)
    offered = hand_over(by=cast.ben, thread=thread, summary=SUMMARY, to=cast.zoe)
    assert Thread.objects.get().owner == cast.ben
    assert InboxItem.objects.filter(member=cast.zoe, kind="hand-over").exists()
    with pytest.raises(Forbidden):
        answer_hand_over(by=cast.finn, hand_over=offered, accepts=True)
    answer_hand_over(by=cast.zoe, hand_over=offered, accepts=True)
    assert Thread.objects.get().owner == cast.zoe
    assert helpers(thread) == {"ben"}
    assert InboxItem.objects.filter(member=cast.ben, kind="hand-over-answered").exists()
    with pytest.raises(Conflict):
        answer_hand_over(by=cast.zoe, hand_over=offered, accepts=False)


def test_a_note_to_whoever_takes_over_is_accepted_by_taking(cast: Cast) -> None:
    thread = problem(cast)
    take(by=cast.ben, thread=thread)
    hand_over(by=cast.ben, thread=thread, summary=SUMMARY)
    take(by=cast.zoe, thread=thread)
    assert Thread.objects.get().owner == cast.zoe
    assert HandOver.objects.get().state == "accepted"
    assert HandOver.objects.get().answered_by == cast.zoe


def test_declining_keeps_the_owner_and_a_second_offer_replaces_the_first(cast: Cast) -> None:
    thread = problem(cast)
    take(by=cast.ben, thread=thread)
    first = hand_over(by=cast.ben, thread=thread, summary=SUMMARY, to=cast.zoe)
    second = hand_over(by=cast.ben, thread=thread, summary=SUMMARY, to=cast.finn)
    first.refresh_from_db()
    assert first.state == "withdrawn"
    with pytest.raises(Conflict):
        answer_hand_over(by=cast.zoe, hand_over=first, accepts=True)
    answer_hand_over(by=cast.finn, hand_over=second, accepts=False, note="On another one.")
    assert Thread.objects.get().owner == cast.ben
    third = hand_over(by=cast.ben, thread=thread, summary=SUMMARY, to=cast.finn)
    with pytest.raises(Forbidden):
        withdraw_hand_over(by=cast.finn, hand_over=third)
    withdraw_hand_over(by=cast.ben, hand_over=third)


def test_whom_a_thread_cannot_be_handed_to(cast: Cast) -> None:
    thread = problem(cast, audience="organization")
    take(by=cast.ben, thread=thread)
    for nobody in (cast.ben, cast.zoe, cast.sam):
        with pytest.raises(Invalid):
            hand_over(by=cast.ben, thread=thread, summary=SUMMARY, to=nobody)
    for summary in ("", "Too short", "x" * 4001):
        with pytest.raises(Invalid):
            hand_over(by=cast.ben, thread=thread, summary=summary, to=cast.olga)
    with pytest.raises(Forbidden):
        hand_over(by=cast.ada, thread=thread, summary=SUMMARY)
    with pytest.raises(NotThere):
        hand_over(by=cast.zoe, thread=thread, summary=SUMMARY)


def test_who_lost_sight_meanwhile_cannot_accept(cast: Cast) -> None:
    thread = problem(cast, audience="organization")
    take(by=cast.ben, thread=thread)
    offered = hand_over(by=cast.ben, thread=thread, summary=SUMMARY, to=cast.olga)
    Member.objects.filter(pk=cast.olga.pk).update(organization=cast.organizations["corax"])
    with pytest.raises(NotThere):
        answer_hand_over(by=Member.objects.get(pk=cast.olga.pk), hand_over=offered, accepts=True)


@pytest.mark.parametrize("ending", ["resolved", "closed"])
def test_what_is_offered_ends_with_the_thread(cast: Cast, ending: str) -> None:
    thread = problem(cast)
    take(by=cast.ben, thread=thread)
    offered = hand_over(by=cast.ben, thread=thread, summary=SUMMARY, to=cast.zoe)
    if ending == "resolved":
        resolve(by=cast.ada, thread=thread, summary="Solved.")
    else:
        edit_thread(by=cast.mo, thread=thread, status="closed")
    offered.refresh_from_db()
    assert offered.state == "withdrawn"
    with pytest.raises(Conflict):
        answer_hand_over(by=cast.zoe, hand_over=offered, accepts=True)
    with pytest.raises((Conflict, Forbidden)):
        join(by=cast.zoe, thread=thread)


def test_for_an_owner_who_left_a_moderator_hands_over(cast: Cast) -> None:
    thread = problem(cast)
    take(by=cast.ben, thread=thread)
    with pytest.raises(Forbidden):
        hand_over(by=cast.mo, thread=thread, summary=SUMMARY, to=cast.zoe)
    Member.objects.filter(pk=cast.ben.pk).update(is_active=False)
    offered = hand_over(by=cast.mo, thread=thread, summary=SUMMARY, to=cast.zoe)
    answer_hand_over(by=cast.zoe, hand_over=offered, accepts=True)
    assert helpers(thread) == set()


def test_every_step_is_in_the_timeline(cast: Cast) -> None:
    thread = problem(cast)
    take(by=cast.ben, thread=thread)
    join(by=cast.zoe, thread=thread)
    offered = hand_over(by=cast.ben, thread=thread, summary=SUMMARY, to=cast.zoe)
    answer_hand_over(by=cast.zoe, hand_over=offered, accepts=True)
    leave(by=cast.zoe, thread=thread)
    assert kinds(thread) == [
        "swarm.changed", "swarm.changed", "hand_over.offered", "swarm.changed", "swarm.changed", "hand_over.answered",
        "swarm.changed",
    ]  # fmt: skip
