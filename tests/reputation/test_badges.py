"""Badges: held exactly by whom the ledger says, given and withdrawn with the award, and told."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.actions.members import suspend
from community.events import member_stream
from community.events.reading import missed
from community.models import InboxItem, Member
from community.queries.inbox import inbox_of, unread_count
from community.rules import clock
from reputation.actions import badges as acting
from reputation.actions.awards import About
from reputation.actions.badge_duties import Round
from reputation.actions.badges import settle_badges
from reputation.models import Award, EarnedBadge
from reputation.queries.badges import badge_states, badges_of, earned, reached, unsettled
from reputation.rules.badges import BADGES, BY_SLUG, longest_run
from tests.cast import Cast, make_cast
from tests.community.test_event_concurrency import assert_gap_free, at_once
from tests.reputation.giving import give, strangers, take

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

BEGIN = datetime(2025, 1, 15, 9, tzinfo=UTC)
MAIL = About("mail-gateway", ("smtp",))


def held(member: Member) -> set[str]:
    return set(EarnedBadge.objects.filter(member=member, withdrawn_at=None).values_list("slug", flat=True))


def by_hand(member: Member) -> set[str]:
    """What the sentences say, counted row by row."""
    rows = [
        row
        for row in Award.objects.filter(member=member, reverses=None).select_related("reversal")
        if row.points > 0
        and not hasattr(row, "reversal")
        and row.giver_organization_id not in (None, row.receiver_organization_id)
    ]
    houses: dict[str, set[int | None]] = defaultdict(set)
    months: set[int] = set()
    topics: dict[str, Counter[int | None]] = defaultdict(Counter)
    for row in rows:
        houses[row.rule].add(row.giver_organization_id)
        if row.rule in {"helped", "solution", "reused"}:
            months.add(row.month)
        if row.rule == "solution":
            for topic in {f"t:{tag}" for tag in row.tags} | ({f"p:{row.product}"} if row.product else set()):
                topics[topic][row.giver_organization_id] += 1
    year = any(all(_plus(month, ahead) in months for ahead in range(12)) for month in months)
    deep = any(sum(min(4, times) for times in topic.values()) >= 10 for topic in topics.values())
    return {
        slug
        for slug, holds in {
            "good-neighbour": len(houses["solution"]) >= 1,
            "solver": len(houses["solution"]) >= 5,
            "deep-roots": deep,
            "heard-far": len(houses["helped"]) >= 10,
            "toolmaker": len(houses["reused"]) >= 5,
            "second-pair-of-eyes": len(houses["suggestion"]) >= 3,
            "there-when-asked": len(houses["answered"]) >= 3,
            "mentor": len(houses["mentoring"]) >= 2,
            "all-year-round": year,
        }.items()
        if holds
    }


def _plus(month: int, ahead: int) -> int:
    year, number = divmod(month // 100 * 12 + month % 100 - 1 + ahead, 12)
    return year * 100 + number + 1


rules = st.sampled_from(["solution", "helped", "reused", "suggestion", "answered", "mentoring", "review"])
steps = st.tuples(
    st.sampled_from(["give", "give", "give", "take", "spread", "months"]), rules, st.integers(0, 11), st.integers(1, 3)
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=10))
def test_held_is_what_the_ledger_says_after_whatever_happens(
    cast: Cast, found: list[tuple[str, str, int, int]]
) -> None:
    with transaction.atomic():
        people, day = [*strangers(11), cast.olga], BEGIN
        for verb, rule, who, thing in found:
            day += timedelta(days=3)
            with clock.at(day):
                if verb == "give":
                    give(cast.ben, rule, people[who], thing=thing, about=MAIL)
                elif verb == "take":
                    take(rule, people[who], thing=thing)
                elif verb == "spread":
                    for person in people[:who]:
                        give(cast.ben, rule, person, thing=thing, about=MAIL)
            if verb == "months":
                for number in range(who + 1):
                    with clock.at(BEGIN + timedelta(days=31 * number)):
                        give(cast.ben, rule, people[who], thing=100 + number)
            assert held(cast.ben) == earned(reached([cast.ben.pk])[cast.ben.pk]) == by_hand(cast.ben), verb
        assert unsettled([cast.ben.pk, cast.ada.pk]) == []
        transaction.set_rollback(True)


def test_a_ring_in_one_organization_gets_none_of_them(cast: Cast) -> None:
    """Ben's colleagues give him all there is, for fifteen months."""
    colleagues = [
        Member.objects.create_user(None, handle=f"acme-{n}", name="A", organization=cast.organizations["acme"])
        for n in range(12)
    ]
    for month in range(15):
        with clock.at(BEGIN + timedelta(days=31 * month)):
            for rule in {rule for badge in BADGES for rule in badge.rules}:
                give(cast.ben, rule, colleagues[month % 12], thing=month, about=MAIL)
    assert Award.objects.filter(member=cast.ben, points__gt=0).count() > 50
    assert held(cast.ben) == set()


def test_one_other_organization_alone_gives_the_first_only(cast: Cast) -> None:
    for month in range(13):
        with clock.at(BEGIN + timedelta(days=31 * month)):
            for rule in ("solution", "suggestion", "answered", "mentoring", "review"):
                give(cast.ben, rule, cast.zoe, thing=month, about=MAIL)
    assert held(cast.ben) == {"good-neighbour", "all-year-round"}


def test_the_first_solution_for_another_house_is_told_and_its_reversal_too(cast: Cast) -> None:
    give(cast.ben, "solution", cast.ada)
    assert held(cast.ben) == set()
    give(cast.ben, "solution", cast.zoe, thing=2)
    assert held(cast.ben) == {"good-neighbour"}
    assert told(cast.ben) == [
        "You hold the badge Good neighbour. Solved a problem, and somebody of another organization said so."
    ]
    take("solution", cast.zoe, thing=2)
    assert held(cast.ben) == set()
    assert badges_of(cast.ben) == []
    (said,) = told(cast.ben)
    assert said.startswith("The badge Good neighbour is withdrawn: the thread was opened again. It says: Solved a")
    assert changes(cast.ben) == [("good-neighbour", True), ("good-neighbour", False)]
    assert InboxItem.objects.filter(member=cast.ben, kind="badge").count() == 1
    give(cast.ben, "solution", cast.zoe, thing=2)
    assert told(cast.ben)[0].startswith("You hold the badge")
    assert EarnedBadge.objects.filter(member=cast.ben).count() == 2


def told(member: Member) -> list[str]:
    groups = [group for group in inbox_of(member).groups if group.subject.startswith("badges:")]
    return [notice.sentence for group in groups for notice in group.notices]


def changes(member: Member) -> list[tuple[str, bool]]:
    found = missed(member_stream(member.pk), 0).events
    return [(event.data["badge"], event.data["held"]) for event in found if event.kind == "badges.changed"]


def test_nobody_is_told_of_anothers_badges(cast: Cast) -> None:
    give(cast.ben, "solution", cast.zoe)
    mine = EarnedBadge.objects.get(member=cast.ben)
    InboxItem.objects.create(
        member=cast.ada, kind="badge", subject=f"badges:{cast.ben.pk}", target=f"badge:{mine.pk}", key="forged"
    )
    assert told(cast.ada) == []
    assert unread_count(cast.ada) == 0


def test_what_a_cap_left_nothing_of_counts_for_nothing(cast: Cast) -> None:
    for thing in range(7):
        give(cast.ben, "answered", cast.zoe, thing=thing)
    give(cast.ben, "mentoring", cast.zoe, thing=8)
    row = Award.objects.filter(member=cast.ben).latest("pk")
    assert (row.points, row.capped) == (4, "member")
    capped = give(cast.ben, "solution", cast.zoe, thing=9)
    assert capped is not None
    assert capped.points == 0
    assert held(cast.ben) == set()
    take("solution", cast.zoe, thing=9)
    assert held(cast.ben) == set()


def test_a_badge_is_held_once(cast: Cast) -> None:
    EarnedBadge.objects.create(member=cast.ben, slug="mentor")
    with pytest.raises(IntegrityError), transaction.atomic():
        EarnedBadge.objects.create(member=cast.ben, slug="mentor")


def test_the_worker_gives_what_is_missing_and_withdraws_what_the_rules_do_not_say(cast: Cast) -> None:
    give(cast.ben, "solution", cast.zoe)
    EarnedBadge.objects.all().delete()
    EarnedBadge.objects.create(member=cast.ada, slug="mentor")
    EarnedBadge.objects.create(member=cast.zoe, slug="of-former-times")
    everybody = list(Member.objects.order_by("pk").values_list("pk", flat=True))
    assert unsettled(everybody) == sorted([cast.ada.pk, cast.ben.pk, cast.zoe.pk])
    duty = Round()
    assert duty.go_on() == 3
    assert (held(cast.ada), held(cast.ben), held(cast.zoe)) == (set(), {"good-neighbour"}, set())
    assert "asks for something else now" in told(cast.ada)[0]
    give(cast.ben, "solution", cast.finn, thing=2)
    EarnedBadge.objects.filter(member=cast.ben).delete()
    assert duty.go_on() == 0
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        assert duty.go_on() == 1
    assert settle_badges(member_id=cast.ben.pk) == 0


def test_a_round_goes_through_everybody_a_few_at_a_time(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reputation.actions.badge_duties.AT_ONCE", 2)
    for pk in (person.pk for person in cast.people.values()):
        EarnedBadge.objects.create(member_id=pk, slug="mentor")
    duty = Round()
    assert [duty.go_on() for _time in range(6)] == [2, 2, 2, 2, 1, 0]
    assert not EarnedBadge.objects.filter(withdrawn_at=None).exists()


def test_what_cannot_change_anything_is_judged_with_one_statement(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []
    settle = acting._settle

    def counting(member: Member, *args: Any, **more: Any) -> int:
        judged.append(member.pk)
        return settle(member, *args, **more)

    monkeypatch.setattr(acting, "_settle", counting)
    give(cast.ben, "helped", cast.zoe)
    assert len(judged) == 1
    give(cast.ben, "helped", cast.zoe, thing=2)
    give(cast.ben, "helped", cast.ada, thing=3)
    take("helped", cast.zoe, thing=2)
    give(cast.ben, "practice", None, thing=4)
    assert len(judged) == 1
    take("helped", cast.zoe)
    assert len(judged) == 2


def test_the_page_says_how_far_one_is_and_how_many_hold_each(cast: Cast) -> None:
    for giver in (cast.zoe, cast.cleo, cast.finn):
        give(cast.ben, "solution", giver, about=MAIL, thing=giver.pk)
    give(cast.olga, "solution", cast.zoe, thing=99)
    suspend(by=cast.nia, member=cast.olga)
    mine = {each.rule.slug: each for each in badge_states(cast.ben)}
    assert list(mine) == list(BY_SLUG)
    assert [(mine[slug].far, mine[slug].holders) for slug in ("good-neighbour", "solver", "deep-roots")] == [
        (1, 1), (2, 0), (3, 0),
    ]  # fmt: skip
    assert mine["good-neighbour"].since is not None
    assert {each.far for each in badge_states(cast.ada)} == {0}


@pytest.mark.django_db(transaction=True)
def test_given_and_taken_back_by_many_at_once_it_is_what_the_ledger_says() -> None:
    cast = make_cast()
    givers = strangers(6)

    def act(giver: Member) -> None:
        for thing in range(3):
            give(cast.ben, "solution", giver, thing=thing)
            give(cast.ben, "suggestion", giver, thing=thing)
            take("solution", giver, thing=thing)
        take("suggestion", giver, thing=0)

    def look_after() -> None:
        for _time in range(4):
            settle_badges(member_id=cast.ben.pk)

    at_once(*(partial(act, giver) for giver in givers), look_after)
    assert held(cast.ben) == by_hand(cast.ben)
    assert unsettled([cast.ben.pk]) == []
    assert "solver" not in held(cast.ben)
    assert_gap_free()


@pytest.mark.parametrize(
    ("months", "longest"),
    [
        ([], 0),
        ([202512, 202601], 2),
        ([202601, 202601], 1),
        ([202601, 202603, 202604, 202605], 3),
        ([202412, 202512], 1),
    ],
)
def test_a_run_of_months_goes_on_over_the_new_year(months: list[int], longest: int) -> None:
    assert longest_run(months) == longest
