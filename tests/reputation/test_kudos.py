"""Thanks in words: the budget, who thanks whom, taking back, removing, and what the inbox says of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from community.actions.members import suspend
from community.errors import Conflict, Forbidden, Invalid, NotThere, TooMuch
from community.events import member_stream
from community.events.reading import missed
from community.models import Grant, InboxItem, Member
from community.queries.inbox import inbox_of, unread_count
from community.rules import clock
from reputation.actions.kudos import give_kudos, remove_kudos, take_back_kudos
from reputation.models import Award, Kudos, Standing
from reputation.policies.kudos import may_remove
from reputation.queries.kudos import budget_of, kudos_of
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

MORNING = datetime(2026, 11, 18, 9, tzinfo=UTC)
WHY = "For staying with it until the queue was empty."


@pytest.fixture(autouse=True)
def _wednesday() -> Iterator[None]:
    with clock.at(MORNING):
        yield


def changes(member: Member) -> list[str]:
    told_of = missed(member_stream(member.pk), 0).events
    return [event.data["change"] for event in told_of if event.kind == "thanks.changed"]


def told(member: Member) -> list[tuple[str, str]]:
    return [(notice.kind.name, notice.note) for group in inbox_of(member).groups for notice in group.notices]


def thanked_by_many(cast: Cast, *names: str) -> list[Kudos]:
    return [give_kudos(by=cast.people[name], to=cast.ben, reason=WHY) for name in names]


def test_thanks_stand_on_the_page_and_earn_nothing(cast: Cast) -> None:
    given = give_kudos(by=cast.ada, to=cast.ben, reason="  For staying\nwith it\x00 until the queue was empty. ")
    assert given.reason == WHY
    assert kudos_of(cast.ben) == [given]
    assert kudos_of(cast.ada) == []
    assert not Award.objects.exists()
    assert not Standing.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", "Thanks!", "a b c d e f", "\u200b" * 40, "x" * 281])
def test_a_reason_says_something_and_not_too_much(cast: Cast, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        give_kudos(by=cast.ada, to=cast.ben, reason=reason)
    assert refused.value.fields.keys() == {"reason"}
    assert not Kudos.objects.exists()


@pytest.mark.parametrize("reason", ["x" * 280, "0123456789", "謝謝你陪我們到深夜直到完"])
def test_a_reason_of_any_script_fits(cast: Cast, reason: str) -> None:
    assert give_kudos(by=cast.ada, to=cast.ben, reason=reason).reason == reason


def test_nobody_thanks_themselves_or_who_is_not_here(cast: Cast) -> None:
    imported = Member.objects.create_user(
        None, handle="ghost", name="Ghost", organization=cast.organizations["corax"], source_site="dump", source_id="1"
    )
    for to in (cast.ada, cast.sam, imported):
        with pytest.raises(Forbidden):
            give_kudos(by=cast.ada, to=to, reason=WHY)
    with pytest.raises(Forbidden):
        give_kudos(by=cast.sam, to=cast.ada, reason=WHY)
    assert not Kudos.objects.exists()


def test_who_was_suspended_meanwhile_thanks_nobody(cast: Cast) -> None:
    stale = Member.objects.get(pk=cast.ben.pk)
    suspend(by=cast.olga, member=cast.ben)
    assert stale.is_active
    with pytest.raises(Forbidden):
        give_kudos(by=stale, to=cast.ada, reason=WHY)


def test_what_a_suspended_member_said_and_was_told_stays(cast: Cast) -> None:
    given, received = (
        give_kudos(by=cast.ben, to=cast.ada, reason=WHY),
        give_kudos(by=cast.zoe, to=cast.ben, reason=WHY),
    )
    suspend(by=cast.olga, member=cast.ben)
    assert kudos_of(cast.ada) == [given]
    assert kudos_of(cast.ben) == [received]


def test_five_a_month_and_two_to_one(cast: Cast) -> None:
    for _twice in range(2):
        give_kudos(by=cast.ada, to=cast.ben, reason=WHY)
    assert budget_of(cast.ada, cast.ben).to_one == 0
    with pytest.raises(TooMuch, match="1 December"):
        give_kudos(by=cast.ada, to=cast.ben, reason=WHY)
    for to in (cast.zoe, cast.cleo, cast.mo):
        give_kudos(by=cast.ada, to=to, reason=WHY)
    assert (budget_of(cast.ada, cast.finn).left, budget_of(cast.ada, cast.finn).to_one) == (0, 0)
    with pytest.raises(TooMuch, match="5 again"):
        give_kudos(by=cast.ada, to=cast.finn, reason=WHY)
    assert budget_of(cast.ben).left == 5


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_month_ends_for_everybody_at_once(cast: Cast, last: datetime, first: datetime) -> None:
    with clock.at(last):
        for _twice in range(2):
            give_kudos(by=cast.ada, to=cast.ben, reason=WHY)
        assert budget_of(cast.ada, cast.ben).renews_at == first
    with clock.at(first):
        assert (budget_of(cast.ada, cast.ben).left, budget_of(cast.ada, cast.ben).to_one) == (5, 2)
        give_kudos(by=cast.ada, to=cast.ben, reason=WHY)


def test_sent_twice_is_said_once(cast: Cast) -> None:
    first = give_kudos(by=cast.ada, to=cast.ben, reason=WHY, client_id="a")
    assert give_kudos(by=cast.ada, to=cast.zoe, reason="Something else, sent again.", client_id="a") == first
    assert give_kudos(by=cast.zoe, to=cast.ben, reason=WHY, client_id="a") != first
    assert changes(cast.ben) == ["given", "given"]
    suspend(by=cast.olga, member=cast.ben)
    assert give_kudos(by=cast.ada, to=cast.ben, reason=WHY, client_id="a") == first
    with pytest.raises(Invalid):
        give_kudos(by=cast.ada, to=cast.zoe, reason=WHY, client_id="x" * 65)


def test_what_is_taken_back_within_a_day_is_gone_and_can_be_given_again(cast: Cast) -> None:
    given = give_kudos(by=cast.ada, to=cast.ben, reason=WHY)
    for who in (cast.ben, cast.olga, cast.zoe):
        with pytest.raises(Forbidden):
            take_back_kudos(by=who, kudos=given)
    with clock.at(MORNING + timedelta(hours=23)):
        take_back_kudos(by=cast.ada, kudos=given)
    assert kudos_of(cast.ben) == []
    assert Kudos.objects.get().reason == ""
    assert budget_of(cast.ada, cast.ben).to_one == 2
    assert told(cast.ben) == []
    assert unread_count(cast.ben) == 0
    assert changes(cast.ben) == ["given", "taken_back"]
    with pytest.raises(NotThere):
        take_back_kudos(by=cast.ada, kudos=given)
    with pytest.raises(NotThere):
        remove_kudos(by=cast.nia, kudos=given, reason="Too late.")


def test_after_a_day_they_are_the_receivers_too(cast: Cast) -> None:
    given = give_kudos(by=cast.ada, to=cast.ben, reason=WHY)
    with clock.at(MORNING + timedelta(days=1)), pytest.raises(Conflict):
        take_back_kudos(by=cast.ada, kudos=given)
    assert kudos_of(cast.ben) == [given]


def test_nobody_writes_for_ever_by_taking_back(cast: Cast) -> None:
    for _time in range(20):
        take_back_kudos(by=cast.ada, kudos=give_kudos(by=cast.ada, to=cast.ben, reason=WHY))
    assert budget_of(cast.ada).left == 0
    with pytest.raises(TooMuch):
        give_kudos(by=cast.ada, to=cast.zoe, reason=WHY)


def test_who_removes_thanks(cast: Cast) -> None:
    """From Zoe of Brightline to Ben of Acme: Mo looks after a space of the whole network, Olga after Acme."""
    given = give_kudos(by=cast.zoe, to=cast.ben, reason=WHY)
    assert {name for name, who in cast.people.items() if may_remove(who, given)} == {"mo", "olga", "nia"}
    between = give_kudos(by=cast.zoe, to=cast.cleo, reason=WHY)
    assert {name for name, who in cast.people.items() if may_remove(who, between)} == {"mo", "nia"}
    Grant.objects.create(member=cast.cleo, role=Grant.Role.MODERATOR, organization=cast.organizations["brightline"])
    Grant.objects.create(member=cast.finn, role=Grant.Role.MODERATOR, space=cast.spaces["workshop"])
    assert may_remove(cast.cleo, between)
    assert not may_remove(cast.finn, between)
    with pytest.raises(Forbidden):
        remove_kudos(by=cast.finn, kudos=between, reason="I do not like it.")


def test_what_is_removed_is_shown_nowhere_and_kept_with_who_and_why(cast: Cast) -> None:
    given = give_kudos(by=cast.zoe, to=cast.ben, reason=WHY)
    for empty in ("", " \n", "x" * 401):
        with pytest.raises(Invalid):
            remove_kudos(by=cast.mo, kudos=given, reason=empty)
    remove_kudos(by=cast.mo, kudos=given, reason="It names a customer.")
    assert kudos_of(cast.ben) == []
    kept = Kudos.objects.get()
    assert (kept.reason, kept.removed_by, kept.removed_at, kept.removal_reason) == (
        WHY, cast.mo, MORNING, "It names a customer.",
    )  # fmt: skip
    assert budget_of(cast.zoe).left == 4
    assert told(cast.ben) == []
    assert told(cast.zoe) == [("kudos-removed", "It names a customer.")]
    assert unread_count(cast.zoe) == 1
    assert changes(cast.ben) == ["given", "removed"]
    with pytest.raises(NotThere):
        take_back_kudos(by=cast.zoe, kudos=given)


def test_many_are_one_group_in_the_inbox(cast: Cast) -> None:
    thanked_by_many(cast, "ada", "zoe", "finn")
    (group,) = inbox_of(cast.ben).groups
    assert (group.label.title, group.unread, unread_count(cast.ben)) == ("Thanks to you", 3, 3)
    assert [notice.item.actor for notice in group.notices] == [cast.finn, cast.zoe, cast.ada]
    assert {notice.note for notice in group.notices} == {WHY}


def test_nobody_else_is_told_by_a_notice_that_is_not_theirs(cast: Cast) -> None:
    given = give_kudos(by=cast.zoe, to=cast.ben, reason=WHY)
    for subject in (f"thanks:{cast.ben.pk}", f"kudos:{given.pk}"):
        InboxItem.objects.create(member=cast.ada, kind="kudos", subject=subject, target=subject, key=subject)
    assert told(cast.ada) == []
    assert unread_count(cast.ada) == 0


def test_pages_of_thanks_follow_each_other(cast: Cast) -> None:
    given = thanked_by_many(cast, "ada", "zoe", "finn", "mo")
    first = kudos_of(cast.ben, limit=2)
    assert first == [given[3], given[2]]
    assert kudos_of(cast.ben, before=first[-1].pk, limit=2) == [given[1], given[0]]
