"""How often and how many in the swarm: sent twice is once, nobody is plagued, nobody is asked who would not hear of it,
and whoever may do nothing any more has nothing offered.
"""

from collections.abc import Iterator

import pytest

from community.actions.inbox import choose
from community.errors import Conflict, Invalid, TooMuch
from community.models import Event, InboxItem, Member
from community.rules import clock
from tests.cast import Cast
from tests.threads.asking import HOUR, MORNING, answers, everybody_works, knows, problem
from threads.actions import helpers
from threads.actions.guests import end_guest, let_in, widen
from threads.actions.helpers import join, remove_helper
from threads.actions.meetings import log_meeting
from threads.actions.ownership import hand_over, take, withdraw_hand_over
from threads.actions.posts import edit_post, post_reply
from threads.actions.requests import answer, ask_for_help
from threads.models import Asked, Guest, HandOver, Helper, HelpRequest, Meeting, Thread, TimelineEntry
from threads.queries.asking import foreseen
from threads.queries.guests import preview_for, preview_of_widening
from threads.rules.limits import MOST_TIMES_AN_HOUR, MOST_TO_ONE_AN_HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SUMMARY = "The resolver is next; the logs are in the third post."


@pytest.fixture(autouse=True)
def _wednesday(cast: Cast) -> Iterator[None]:
    everybody_works(cast)
    with clock.at(MORNING):
        yield


def inside(cast: Cast) -> Thread:
    return problem(cast, audience="organization")


def guest(thread: Thread, member: Member, by: Member) -> Guest:
    return let_in(by=by, thread=thread, member=member, preview=preview_for(thread, member).digest)


def ask(by: Member, thread: Thread, *members: Member, **more: object) -> HelpRequest:
    target = "members" if members else "tag"
    return ask_for_help(
        by=by, thread=thread, what="Look, please.", due_at=clock.now() + 8 * HOUR, target=target,
        members=members, scope="" if members else "tag:dns", **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_guest_who_is_removed_ends_as_every_guest_does(cast: Cast) -> None:
    thread = inside(cast)
    guest(thread, cast.zoe, cast.ada)
    take(by=cast.ben, thread=thread)
    join(by=cast.zoe, thread=thread)
    remove_helper(by=cast.ben, thread=thread, member=cast.zoe)
    told = Event.objects.filter(stream__subject_id=thread.pk, kind="audience.widened").order_by("seq")
    assert [event.data["guests"] for event in told] == [1, 0]
    noted = TimelineEntry.objects.filter(thread=thread, kind="audience.widened").order_by("pk")
    assert [(entry.data["change"], entry.data["member"]["handle"]) for entry in noted] == [
        ("let_in", "zoe"),
        ("ended", "zoe"),
    ]
    join(by=cast.olga, thread=thread)
    remove_helper(by=cast.ben, thread=thread, member=cast.olga)
    assert told.count() == 2


@pytest.mark.parametrize("way", ["removed", "shown out"])
def test_nothing_stays_offered_to_who_was_shown_out(cast: Cast, way: str) -> None:
    thread = inside(cast)
    guest(thread, cast.zoe, cast.ada)
    take(by=cast.ben, thread=thread)
    join(by=cast.zoe, thread=thread)
    offered = hand_over(by=cast.ben, thread=thread, to=cast.zoe, summary=SUMMARY)
    if way == "removed":
        remove_helper(by=cast.ben, thread=thread, member=cast.zoe)
    else:
        end_guest(by=cast.ben, thread=thread, member=cast.zoe)
    offered.refresh_from_db()
    assert (offered.state, offered.answered_by) == ("withdrawn", cast.ben)
    told = Event.objects.filter(stream__subject_id=thread.pk, kind="hand_over.answered")
    assert [event.data["state"] for event in told] == ["withdrawn"]


def test_so_many_help_and_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helpers, "MOST_HELPERS", 2)
    thread = problem(cast)
    request = ask(cast.ada, thread, cast.cleo)
    for member in (cast.ben, cast.zoe, cast.ben):
        join(by=member, thread=thread)
    with pytest.raises(TooMuch, match="2 people help with this thread already"):
        join(by=cast.finn, thread=thread)
    with pytest.raises(TooMuch):
        answer(by=cast.cleo, asked=Asked.objects.get(request=request), answer="accepted")
    assert Helper.objects.filter(thread=thread, until=None).count() == 2
    assert answers(request) == [("cleo", "")]


def test_what_was_edited_since_is_shown_again(cast: Cast) -> None:
    thread = inside(cast)
    reply = post_reply(by=cast.ada, thread=thread, body="The password is in the safe.")
    thread.refresh_from_db()
    seen, wide = preview_for(thread, cast.zoe).digest, preview_of_widening(thread, "space", ()).digest
    edit_post(by=cast.ada, post=reply, body="The password is swordfish.", version=1)
    with pytest.raises(Conflict, match="preview_changed"):
        let_in(by=cast.ada, thread=thread, member=cast.zoe, preview=seen)
    with pytest.raises(Conflict, match="preview_changed"):
        widen(by=cast.ada, thread=thread, audience="space", preview=wide)
    assert guest(thread, cast.zoe, cast.ada).member == cast.zoe


def test_who_wants_no_requests_is_not_asked_in_silence(cast: Cast) -> None:
    choose(by=cast.ben, kind="help-asked", wanted=False)
    thread = problem(cast)
    with pytest.raises(Invalid) as refused:
        ask(cast.ada, thread, cast.ben)
    assert "Ben Okafor wants no requests for help" in refused.value.fields["members"]
    assert not HelpRequest.objects.exists()
    for number, member in enumerate((cast.ben, cast.zoe)):
        knows(member, 300 - number)
    assert "ben" not in [each.member.handle for each in foreseen(cast.ada, thread).people]
    assert answers(ask(cast.ada, thread))[0] == ("zoe", "")
    later = ask(cast.ada, problem(cast), cast.cleo, cast.finn)
    choose(by=cast.finn, kind="help-asked", wanted=False)
    answer(by=cast.cleo, asked=Asked.objects.get(request=later), answer="declined", note="Not today.")
    assert answers(later) == [("cleo", "declined")]
    later.refresh_from_db()
    assert later.state == "exhausted"


def test_a_request_or_meeting_sent_twice_is_one(cast: Cast) -> None:
    thread = problem(cast)
    requests = [ask(cast.ada, thread, cast.ben, client_id="a1") for _again in range(2)]
    assert requests[0] == requests[1]
    assert (HelpRequest.objects.count(), Asked.objects.count()) == (1, 1)
    assert InboxItem.objects.filter(member=cast.ben, kind="help-asked").count() == 1
    meetings = [
        log_meeting(
            by=cast.ada, thread=thread, kind="call", held_at=clock.now(), minutes=5, outcome="Seen.", others="A",
            client_id="a1",
        )
        for _again in range(2)
    ]  # fmt: skip
    assert meetings[0] == meetings[1]
    assert Meeting.objects.count() == TimelineEntry.objects.filter(kind="meeting.logged").count() == 1
    assert ask(cast.olga, thread, cast.zoe, client_id="a1") != requests[0]
    with pytest.raises(Invalid):
        ask(cast.ada, thread, cast.finn, client_id="x" * 65)


def test_nobody_is_let_in_and_out_all_the_time(cast: Cast) -> None:
    thread = inside(cast)
    for _again in range(MOST_TIMES_AN_HOUR):
        guest(thread, cast.zoe, cast.ada)
        end_guest(by=cast.ada, thread=thread, member=cast.zoe)
    with pytest.raises(TooMuch, match="You let Zoe Nakamura in again and again"):
        guest(thread, cast.zoe, cast.ada)
    assert InboxItem.objects.filter(member=cast.zoe, kind="let-in").count() == MOST_TIMES_AN_HOUR
    assert guest(inside(cast), cast.zoe, cast.ada).member == cast.zoe
    assert guest(thread, cast.finn, cast.ada).member == cast.finn
    with clock.at(MORNING + 2 * HOUR):
        assert guest(thread, cast.zoe, cast.ada).member == cast.zoe


def test_nobody_is_offered_a_thread_all_the_time(cast: Cast) -> None:
    thread = problem(cast)
    take(by=cast.ben, thread=thread)
    for _again in range(MOST_TIMES_AN_HOUR):
        withdraw_hand_over(by=cast.ben, hand_over=hand_over(by=cast.ben, thread=thread, to=cast.zoe, summary=SUMMARY))
    with pytest.raises(TooMuch, match="You offered this again and again"):
        hand_over(by=cast.ben, thread=thread, to=cast.zoe, summary=SUMMARY)
    assert hand_over(by=cast.ben, thread=thread, to=cast.cleo, summary=SUMMARY).to == cast.cleo
    for _again in range(MOST_TIMES_AN_HOUR):
        hand_over(by=cast.ben, thread=thread, summary=SUMMARY)
    with pytest.raises(TooMuch):
        hand_over(by=cast.ben, thread=thread, summary=SUMMARY)
    HandOver.objects.filter(to=cast.zoe).update(by=cast.finn)
    template = HandOver.objects.filter(to=cast.zoe)[0]
    for _again in range(MOST_TO_ONE_AN_HOUR):
        HandOver.objects.create(
            thread=problem(cast), by=cast.ben, to=cast.zoe, summary=SUMMARY, html="", offered_at=template.offered_at
        )
    with pytest.raises(TooMuch):
        hand_over(by=cast.ben, thread=thread, to=cast.zoe, summary=SUMMARY)
    with clock.at(MORNING + 2 * HOUR):
        assert hand_over(by=cast.ben, thread=thread, to=cast.zoe, summary=SUMMARY).to == cast.zoe
