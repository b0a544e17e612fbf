"""Patterns in giving are found, shown to who should see them, and what is decided is done and undone."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.management import call_command

from community.actions.members import suspend
from community.errors import Conflict, Invalid, NotThere, Refused
from community.models import Grant, InboxItem, Member
from community.rules import clock
from reputation.actions import flagging
from reputation.actions.awards import About, grant
from reputation.actions.flagging import look_at
from reputation.actions.rebuilding import differences
from reputation.models import Award, Flag, FlagAward, FlagDecision, FlagLook
from reputation.queries.flags import flags_visible_to, looks_audited_by
from reputation.queries.patterns import patterns_found
from reputation.queries.standing import standing_of
from reputation.rules.patterns import NEW_FIRST, RECIPROCAL_EACH, WIDE_EACH
from reputation.rules.rings import Tie, rings_in, wide_rings_in
from tests.cast import Cast, make_cast
from tests.community.test_event_concurrency import at_once
from tests.reputation.suspending import counters_hold, replies, thread_of, vote_for
from threads.actions import patterns, withholding
from threads.actions.patterns import decide_about_pattern, find_daily, find_patterns
from threads.actions.posts import delete_post
from threads.actions.votes import vote
from threads.models import Post

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def give(
    giver: Member, receiver: Member, count: int, *, apart: timedelta = timedelta(hours=30), start: int = 0
) -> None:
    """As many awards, one each so often, the last of them just now."""
    for number in range(start, start + count):
        name = f"thing:{giver.pk}-{receiver.pk}-{number}"
        given = grant(member=receiver, rule=Award.Rule.HELPED, cause=name, subject="thing", about=About(), giver=giver)
        assert given is not None
        at = clock.now() - apart * (start + count - number - 1)
        Award.objects.filter(pk=given.pk).update(at=at)


@pytest.fixture
def grown(cast: Cast) -> Cast:
    """The cast, who are no new accounts."""
    Member.objects.update(joined_at=clock.now() - timedelta(days=400))
    return cast


def found() -> list[tuple[str, set[str], int]]:
    names = dict(Member.objects.values_list("pk", "handle"))
    return [(each.kind.value, {names[pk] for pk in each.members}, each.gifts) for each in patterns_found()]


def test_two_who_give_to_each_other(grown: Cast) -> None:
    give(grown.ada, grown.zoe, RECIPROCAL_EACH)
    give(grown.zoe, grown.ada, RECIPROCAL_EACH - 1)
    assert found() == []
    give(grown.zoe, grown.ada, 1, start=50)
    assert found() == [("reciprocal", {"ada", "zoe"}, 2 * RECIPROCAL_EACH)]
    for handle in ("ben", "cleo", "mo"):
        give(grown.people[handle], grown.ada, 4)
        give(grown.people[handle], grown.zoe, 4)
    assert found() == [], "others value both of them as well"


def test_what_was_long_ago_or_taken_back_is_no_pattern(grown: Cast) -> None:
    for one, other in ((grown.ada, grown.zoe), (grown.zoe, grown.ada)):
        give(one, other, RECIPROCAL_EACH)
    Award.objects.filter(giver=grown.ada).update(at=clock.now() - timedelta(days=31))
    assert found() == []


def test_a_small_group_of_one_organization_that_gives_to_itself(grown: Cast) -> None:
    team = [grown.ada, grown.ben, grown.olga]
    for place, giver in enumerate(team):
        give(giver, team[(place + 1) % 3], 8)
    assert found() == [("ring", {"ada", "ben", "olga"}, 24)]
    for outsider in (grown.zoe, grown.cleo, grown.finn):
        for one in team:
            give(outsider, one, 3)
    assert found() == [], "it lives of others as well"


def test_a_group_across_organizations_that_gives_to_itself(grown: Cast) -> None:
    team = [grown.ada, grown.zoe, grown.finn]
    for place, giver in enumerate(team):
        give(giver, team[(place + 1) % 3], WIDE_EACH - 1, apart=timedelta(hours=40))
    assert found() == [], "it gains no more than one organization may"
    for place, giver in enumerate(team):
        give(giver, team[(place + 1) % 3], 1, start=100)
    assert found() == [("ring", {"ada", "zoe", "finn"}, 3 * WIDE_EACH)]
    for one in team:
        for helper in (grown.ben, grown.cleo, grown.mo):
            give(helper, one, 5)
    assert ("ring", {"ada", "zoe", "finn"}, 3 * WIDE_EACH) in found(), "who is helped by others too is still in it"
    for one in team:
        give(grown.olga, one, 1)
    assert [kind for kind, _members, _gifts in found() if kind == "ring"] == [], "each got less than half of theirs so"


def test_much_from_one_to_another_at_once(grown: Cast) -> None:
    give(grown.ada, grown.zoe, 8, apart=timedelta(minutes=9))
    assert found() == []
    give(grown.ben, grown.zoe, 8, apart=timedelta(minutes=8))
    give(grown.ben, grown.zoe, 2, apart=timedelta(days=3), start=20)
    kind, members, gifts = found()[0]
    assert (kind, members) == ("serial", {"ben", "zoe"})
    assert gifts in {8, 9}, "what was given at other times is not named"
    give(grown.olga, grown.cleo, 15, apart=timedelta(minutes=100))
    assert ("serial", {"olga", "cleo"}, 15) in found()


def test_new_accounts_that_give_to_one_member_first(grown: Cast) -> None:
    new = [grown.finn, grown.cleo]
    Member.objects.filter(pk__in=[each.pk for each in new]).update(joined_at=clock.now() - timedelta(days=20))
    give(grown.finn, grown.zoe, NEW_FIRST, apart=timedelta(days=1))
    assert found() == [], "they are at home by now"
    Member.objects.filter(pk__in=[each.pk for each in new]).update(joined_at=clock.now() - timedelta(days=10))
    give(grown.cleo, grown.ada, 1)
    give(grown.cleo, grown.zoe, NEW_FIRST, apart=timedelta(hours=20), start=5)
    assert found() == [("new", {"finn", "zoe"}, NEW_FIRST)], "one of Cleo's first was for somebody else"
    Award.objects.filter(giver=grown.cleo, member=grown.ada).update(at=clock.now())
    assert found() == [("new", {"finn", "zoe", "cleo"}, 2 * NEW_FIRST)]


def everybody(size: int, gifts: int, *, across: int = 1) -> list[Tie]:
    """A group in which each gives each other so much, its members in so many organizations by turns."""
    return [
        Tie(one, other, gifts, one % across == other % across)
        for one in range(size) for other in range(size) if one != other
    ]  # fmt: skip


def test_a_large_group_is_a_ring_across_organizations_and_a_team_in_one() -> None:
    received = dict.fromkeys(range(20), 19 * 3)
    assert wide_rings_in(everybody(20, 3), received) == []
    (ring,) = wide_rings_in(everybody(20, 3, across=5), received)
    assert (len(ring.members), ring.gifts) == (20, 20 * 57)
    assert len(wide_rings_in(everybody(20, 4), dict.fromkeys(range(20), 19 * 4))) == 1, "more than two a day for each"
    assert wide_rings_in(everybody(61, 3, across=5), dict.fromkeys(range(61), 180)) == [], "that is a community"


def test_who_knows_a_ring_does_not_hide_it() -> None:
    """Two rings whose members also deal with the same two hundred others, who make one large circle with them."""
    one_ring = everybody(20, 3, across=5)
    other_ring = [Tie(tie.giver + 20, tie.receiver + 20, tie.gifts, tie.inside) for tie in one_ring]
    many = [Tie(one, 40 + (one * 7 + turn) % 200, 2, False) for one in range(40) for turn in range(10)]
    back = [Tie(40 + number, number % 40, 2, False) for number in range(200)]
    received = {**dict.fromkeys(range(40), 57 + 20), **dict.fromkeys(range(40, 240), 30)}
    found = wide_rings_in([*one_ring, *other_ring, *many, *back], received)
    assert {ring.members for ring in found} == {frozenset(range(20)), frozenset(range(20, 40))}


def test_a_circle_of_one_organization_within_a_wider_one_is_shown_once(grown: Cast) -> None:
    team = [grown.ada, grown.ben, grown.olga, grown.zoe]
    for giver in team:
        for receiver in team:
            if giver != receiver:
                give(giver, receiver, 4, apart=timedelta(hours=50))
    assert found() == [("ring", {"ada", "ben", "olga"}, 24)], "what Zoe has to do with it is little"
    for giver in team:
        for receiver in team:
            if giver != receiver:
                give(giver, receiver, 6, apart=timedelta(hours=50), start=10)
    assert [each for each in found() if each[0] == "ring"] == [("ring", {"ada", "ben", "olga", "zoe"}, 120)]


def test_what_is_more_than_moderators_can_look_at_comes_with_the_next_search(
    grown: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flagging, "MOST_FLAGS", 1)
    for one, other, count in ((grown.ada, grown.zoe, 9), (grown.ben, grown.finn, 7)):
        give(one, other, count)
        give(other, one, count)
    assert [flag.gifts for flag in find_patterns()] == [18]
    assert [flag.gifts for flag in find_patterns()] == [14]
    assert find_patterns() == []


def test_rings_are_told_from_teams() -> None:
    team = [Tie(one, other, 3) for one in range(20) for other in range(20) if one != other]
    ring = [Tie(one, other, 9) for one, other in ((0, 1), (1, 2), (2, 0))]
    received = {**dict.fromkeys(range(20), 57), 0: 63, 1: 63, 2: 63}
    kept = [tie for tie in team if (tie.giver, tie.receiver) not in {(each.giver, each.receiver) for each in ring}]
    assert rings_in(kept + ring, received) == [], "twenty who all give to each other are a team"
    alone = {0: 12, 1: 12, 2: 12}
    assert [found.members for found in rings_in(ring, alone)] == [frozenset({0, 1, 2})]
    tail = [Tie(number, number + 1, 5) for number in range(100, 3_000)]
    assert rings_in(tail, {}) == [], "a chain, however long, is no circle"
    circle = [*tail, Tie(3_000, 100, 5)]
    assert rings_in(circle, {}) == [], "and a long circle is no small group"


def flagged(cast: Cast) -> Flag:
    """Ada and Zoe, by votes in threads."""
    Member.objects.update(joined_at=clock.now() - timedelta(days=400))
    vote_for(cast.ada, replies(thread_of(cast, "One", by="ben"), cast.zoe, RECIPROCAL_EACH))
    vote_for(cast.zoe, replies(thread_of(cast, "Two", by="ben"), cast.ada, RECIPROCAL_EACH))
    (flag,) = find_patterns()
    return flag


def spread() -> None:
    """As if it had been given over some weeks."""
    for place, award in enumerate(Award.objects.order_by("pk")):
        Award.objects.filter(pk=award.pk).update(at=clock.now() - timedelta(hours=30 * (place + 1)))


def decided(by: Member, flag: Flag, state: str, reason: str = "They share a desk.") -> Flag:
    look_at(by=by, flag=flag)
    version = Flag.objects.get(pk=flag.pk).version
    return decide_about_pattern(by=by, flag=flag, state=state, reason=reason, version=version)


def settle_all() -> None:
    while patterns.settle_waiting():
        pass


def test_moderators_are_told_once_and_those_concerned_never(cast: Cast) -> None:
    Grant.objects.create(member=cast.ada, role=Grant.Role.MODERATOR, space=cast.spaces["lobby"])
    flag = flagged(cast)
    told = InboxItem.objects.filter(kind="patterns").values_list("member__handle", flat=True)
    assert sorted(told) == ["mo", "nia"]
    assert find_patterns() == []
    assert InboxItem.objects.filter(kind="patterns").count() == 2
    for handle in ("ada", "zoe", "ben", "olga", "sam", "cleo"):
        member = cast.people[handle]
        assert not flags_visible_to(member).exists(), handle
        with pytest.raises(NotThere):
            look_at(by=member, flag=flag)
        with pytest.raises(NotThere):
            decide_about_pattern(by=member, flag=flag, state="dismissed", reason="x", version=1)
    assert FlagLook.objects.count() == 0
    Member.objects.filter(pk=cast.zoe.pk).update(is_superuser=True)
    assert not flags_visible_to(Member.objects.get(pk=cast.zoe.pk)).exists(), "not even who runs the network"


def test_a_look_is_kept_once_an_hour(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    flag = flagged(cast)
    with pytest.raises(Conflict):
        decide_about_pattern(by=cast.mo, flag=flag, state="dismissed", reason="x", version=1)
    look_at(by=cast.mo, flag=flag)
    look_at(by=cast.mo, flag=flag)
    look_at(by=cast.nia, flag=flag)
    assert FlagLook.objects.count() == 2
    later = clock.now() + timedelta(minutes=61)
    monkeypatch.setattr(clock, "now", lambda: later)
    look_at(by=cast.mo, flag=flag)
    assert [look.by.handle for look in looks_audited_by(cast.nia)] == ["mo", "nia", "mo"]
    assert looks_audited_by(cast.mo) == []


def test_what_was_dismissed_comes_back_when_it_grew_by_half(cast: Cast) -> None:
    flag = flagged(cast)
    with pytest.raises(Invalid):
        decided(cast.mo, flag, "dismissed", "  ")
    decided(cast.mo, flag, "dismissed")
    with pytest.raises(Conflict):
        decided(cast.mo, flag, "dismissed")
    spread()
    thread = thread_of(cast, "Three", by="ben")
    vote_for(cast.ada, replies(thread, cast.zoe, 5))
    assert find_patterns() == []
    vote_for(cast.ada, replies(thread, cast.zoe, 1))
    (again,) = find_patterns()
    assert (again.pk != flag.pk, again.gifts) == (True, 18)
    vote_for(cast.ada, replies(thread, cast.zoe, 1))
    assert find_patterns() == []
    again.refresh_from_db()
    assert (again.gifts, again.version, again.named.count()) == (19, 2, 19)
    look_at(by=cast.mo, flag=again)
    with pytest.raises(Conflict):
        decide_about_pattern(by=cast.mo, flag=again, state="acted", reason="They deal.", version=1)


def test_awards_named_are_withdrawn_and_come_back(cast: Cast) -> None:
    flag = flagged(cast)
    before = {member.pk: standing_of(member) for member in (cast.ada, cast.zoe)}
    assert set(before.values()) == {60}
    decided(cast.mo, flag, "acted", "They deal.")
    settle_all()
    assert {standing_of(member) for member in (cast.ada, cast.zoe)} == {0}
    assert set(Award.objects.filter(reverses__isnull=False).values_list("why", flat=True)) == {"gamed"}
    told = InboxItem.objects.filter(kind="awards-withdrawn")
    assert sorted(told.values_list("member__handle", flat=True)) == ["ada", "zoe"]
    assert counters_hold()
    post = Post.objects.filter(author=cast.zoe, votes=1).earliest("pk")
    for value in (False, True):
        vote(by=cast.ada, post=post, value=value)
    assert standing_of(cast.zoe) == 0, "voting again gives nothing"
    other = Post.objects.filter(author=cast.zoe, votes=1).latest("pk")
    delete_post(by=cast.zoe, post=other)
    assert find_patterns() == []
    decided(cast.nia, flag, "dismissed", "A mistake.")
    settle_all()
    assert {member.pk: standing_of(member) for member in (cast.ada, cast.zoe)} == {
        cast.ada.pk: 60, cast.zoe.pk: 50,
    }, "but for the post that was deleted"  # fmt: skip
    assert not InboxItem.objects.filter(kind="awards-withdrawn").exists()
    assert FlagDecision.objects.filter(flag=flag).count() == 2
    assert not Flag.objects.filter(settled=False).exists()
    assert not FlagAward.objects.filter(withdrawn_at__isnull=False).exists()
    assert counters_hold()
    assert found() == [], "what was given again is not given at once"


def test_withdrawn_from_who_is_suspended_then_stays_withdrawn(cast: Cast) -> None:
    flag = flagged(cast)
    decided(cast.mo, flag, "acted", "They deal.")
    settle_all()
    suspend(by=cast.nia, member=cast.ada)
    while withholding.settle_waiting():
        pass
    Member.objects.filter(pk=cast.ada.pk).update(is_active=True)
    withholding.notice()
    while withholding.settle_waiting():
        pass
    assert standing_of(cast.zoe) == 0
    assert counters_hold()


def test_the_worker_looks_once_a_day_and_the_command_at_any_time(
    cast: Cast, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_daily() == 1
    vote_for(cast.ada, replies(thread_of(cast, "One", by="ben"), cast.zoe, RECIPROCAL_EACH))
    vote_for(cast.zoe, replies(thread_of(cast, "Two", by="ben"), cast.ada, RECIPROCAL_EACH))
    Member.objects.update(joined_at=clock.now() - timedelta(days=400))
    assert find_daily() == 0
    assert not Flag.objects.exists()
    call_command("find_patterns")
    told = capsys.readouterr().out
    assert "1 new" in told
    assert "Ada" not in told
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert find_daily() == 1
    assert Flag.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_several_look_and_decide_at_once() -> None:
    cast = make_cast()
    Member.objects.update(joined_at=clock.now() - timedelta(days=400))
    vote_for(cast.ada, replies(thread_of(cast, "One", by="ben"), cast.zoe, RECIPROCAL_EACH + 10))
    vote_for(cast.zoe, replies(thread_of(cast, "Two", by="ben"), cast.ada, RECIPROCAL_EACH + 10))
    at_once(find_patterns, find_patterns, find_daily)
    flag = Flag.objects.get(kind="reciprocal")
    at_once(*(partial(look_at, by=cast.mo, flag=flag) for _time in range(4)))
    assert FlagLook.objects.count() == 1
    refused: list[str] = []

    def attempt(state: str) -> None:
        try:
            decide_about_pattern(by=cast.mo, flag=flag, state=state, reason="x", version=flag.version)
        except Refused as refusal:
            refused.append(refusal.code)

    at_once(*(partial(attempt, "acted") for _time in range(3)))
    assert len(refused) == 2
    undone = [partial(vote, by=cast.ada, post=post, value=False) for post in Post.objects.filter(author=cast.zoe)[:3]]
    at_once(settle_all, settle_all, *undone)
    settle_all()
    assert counters_hold()
    assert {standing_of(member) for member in (cast.ada, cast.zoe)} == {0}
    at_once(settle_all, partial(decided, cast.nia, flag, "dismissed"), settle_all)
    settle_all()
    assert counters_hold()
    assert not FlagAward.objects.filter(withdrawn_at__isnull=False).exists()
    assert differences(most=1) == (0, [])
