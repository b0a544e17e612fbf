"""Contribution profiles: which award counts where and when, who sees what, and who is on a leaderboard."""

from collections import Counter
from datetime import date
from functools import partial

import pytest

from community.actions.members import suspend
from community.errors import Forbidden
from community.models import Grant, Member
from community.rules import clock
from reputation.actions.awards import About, grant
from reputation.actions.profile import choose_shown, switch_leaderboard
from reputation.models import Award, Leaderboard, ProfileChoice
from reputation.models.profile import Circle
from reputation.policies.profile import PARTS, shown_to
from reputation.queries.leaderboard import places_for, subjects_for
from reputation.queries.profile import evidence_of, subjects_of, sums_of
from reputation.queries.standing import standing_of
from reputation.rules.profile import AXES, EITHER, RULES, Period, axis_of, months_until, period_named
from tests.cast import Cast, make_cast
from tests.community.test_event_concurrency import at_once
from tests.reputation.earning import IN_ALL, LATELY, NOW, earns

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TODAY = NOW.date()
ME, ORGANIZATION, NETWORK = Circle.ME, Circle.ORGANIZATION, Circle.NETWORK


def period(name: str) -> Period:
    found = period_named(name, TODAY)
    assert found
    return found


def sums(member: Member, name: str, scope: str = "") -> dict[str, tuple[int, int]]:
    """Points and awards by axis, as the member sees them."""
    points: Counter[str] = Counter()
    awards: Counter[str] = Counter()
    for row in sums_of(shown_to(member, member), period(name), scope=scope):
        points[row.axis] += row.points
        awards[row.axis] += row.awards
    return {axis: (points[axis], awards[axis]) for axis in AXES if points[axis] or awards[axis]}


def test_every_rule_is_on_one_axis() -> None:
    placed = Counter(rule for rules in RULES.values() for rule in rules)
    assert set(placed) | {EITHER} == set(Award.Rule.values)
    assert set(placed.values()) == {1}
    assert EITHER not in placed
    assert (axis_of(EITHER, "review:7#1"), axis_of(EITHER, "suggestion-decided:7#1")) == ("review", "curate")


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("all", 0, 999_912), ("12-months", 202512, 202611), ("2026", 202601, 202612), ("2026-Q1", 202601, 202603),
        ("2025-Q4", 202510, 202512), ("2026-02", 202602, 202602),
    ],
)  # fmt: skip
def test_a_period_is_months(name: str, first: int, last: int) -> None:
    assert period_named(name, TODAY) == (name, first, last)


@pytest.mark.parametrize("name", ["", "ever", "2026-Q5", "2026-13", "2026-00", "0999", "2026-1", "2026-11\n", "٢٠٢٦"])
def test_anything_else_is_none(name: str) -> None:
    assert period_named(name, TODAY) is None


def test_months_go_back_over_years() -> None:
    assert months_until(date(2026, 2, 28), 3) == [202512, 202601, 202602]
    assert len(months_until(TODAY, 24)) == 24


def test_the_axes_add_up_to_the_standing(cast: Cast) -> None:
    earns(cast, cast.ben)
    assert sums(cast.ben, "all") == IN_ALL
    assert sum(points for points, _awards in IN_ALL.values()) == standing_of(cast.ben)
    assert sums(cast.ben, "12-months") == LATELY
    assert sums(cast.ben, "2026-Q4") == {axis: of for axis, of in LATELY.items() if axis != "share"}


def test_what_is_taken_back_is_missing_in_the_month_of_the_award(cast: Cast) -> None:
    earns(cast, cast.ben)
    assert sums(cast.ben, "2026-08") == {"share": (20, 1)}
    assert sums(cast.ben, "2026-11")["solve"] == (25, 2)
    rows = evidence_of(shown_to(cast.ben, cast.ben), period("2026-08"), axis="solve")
    assert [(row.points, row.month) for row in rows] == [(-10, 202608), (10, 202608)]


def test_a_subject_is_a_tag_or_a_product_and_nothing_like_it(cast: Cast) -> None:
    earns(cast, cast.ben)
    odd = 'a"b,c'
    grant(member=cast.ben, rule=Award.Rule.HELPED, cause="odd:1", subject="odd:1", about=About("", (odd,)), giver=None)
    assert sums(cast.ben, "all", "tag:dns") == {"share": (40, 3), "curate": (10, 1), "review": (5, 1)}
    assert sums(cast.ben, "all", "product:mail-gateway") == sums(cast.ben, "all", "tag:smtp")
    assert sums(cast.ben, "all", f"tag:{odd}") == {"solve": (10, 1)}
    for nothing in ("tag:smt", "tag:a", "tag:%", "tag:", "product:smtp", 'tag:a"b'):
        assert sums(cast.ben, "all", nothing) == {}, nothing


def test_subjects_add_up_and_spaces_are_none(cast: Cast) -> None:
    earns(cast, cast.ben)
    about = About("", ("dns",), "backroom")
    grant(member=cast.ben, rule=Award.Rule.HELPED, cause="x:1", subject="x:1", about=about, giver=None)
    found = {row.scope: (row.points, row.awards) for row in subjects_of(shown_to(cast.ben, cast.ben), period("all"))}
    assert found == {"tag:dns": (65, 6), "tag:smtp": (63, 5), "product:mail-gateway": (63, 5)}


def test_each_number_is_what_its_evidence_adds_up_to(cast: Cast) -> None:
    earns(cast, cast.ben)
    own = shown_to(cast.ben, cast.ben)
    for name in ("all", "12-months", "2026-11", "2026-08", "2025-Q1"):
        for scope in ("", "tag:dns", "product:mail-gateway"):
            expected = {axis: of[0] for axis, of in sums(cast.ben, name, scope).items()}
            for axis in AXES:
                rows = evidence_of(own, period(name), axis=axis, scope=scope, limit=100)
                assert sum(row.points for row in rows) == expected.get(axis, 0), (name, scope, axis)
                assert {axis_of(row.rule, row.cause) for row in rows} <= {axis}


# Who sees what Ben shows to whom: he himself, a colleague, the administrator of his organization, somebody of another,
# a moderator of every space, an administrator of the network, and somebody whose access has ended.
SEES = {
    ME: {"ben"},
    ORGANIZATION: {"ben", "ada", "olga"},
    NETWORK: {"ben", "ada", "olga", "zoe", "finn", "mo", "nia", "cleo"},
}


@pytest.mark.parametrize("circle", SEES)
@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_shown_to_whom_the_member_chose(cast: Cast, part: str, circle: Circle) -> None:
    Grant.objects.create(member=cast.mo, role=Grant.Role.MODERATOR, organization=cast.organizations["acme"])
    choose_shown(by=cast.ben, **{part: circle})  # type: ignore[arg-type]  # one of three parts that are circles
    sees = {who for who, viewer in cast.people.items() if part in shown_to(viewer, cast.ben).parts}
    assert sees == SEES[circle]
    others = {who for who, viewer in cast.people.items() if shown_to(viewer, cast.ben).parts - {part}}
    assert others == {"ben"}


def test_without_a_choice_nobody_else_sees_anything(cast: Cast) -> None:
    earns(cast, cast.ben)
    for who in cast.people.values():
        shown = shown_to(who, cast.ben)
        if who != cast.ben:
            assert not shown.parts
            assert (sums_of(shown, period("all")), subjects_of(shown, period("all"))) == ([], [])
            assert evidence_of(shown, period("all")) == []


def test_who_can_choose_no_more_shows_nothing(cast: Cast) -> None:
    for member in (cast.ben, cast.zoe):
        choose_shown(by=member, contributions=NETWORK, ledger=NETWORK, peers=NETWORK)
    suspend(by=cast.olga, member=cast.ben)
    cast.ben.refresh_from_db()
    Member.objects.filter(pk=cast.zoe.pk).update(source_site="example", source_id="1")
    cast.zoe.refresh_from_db()
    assert not shown_to(cast.ada, cast.ben).parts
    assert not shown_to(cast.ada, cast.zoe).parts
    assert not shown_to(cast.ben, cast.ben).parts
    for member in (cast.ben, cast.sam, cast.zoe):
        with pytest.raises(Forbidden):
            choose_shown(by=member, ledger=ME)


def test_who_moves_shows_it_to_where_they_are(cast: Cast) -> None:
    choose_shown(by=cast.ben, ledger=ORGANIZATION)
    cast.ben.organization = cast.organizations["brightline"]
    cast.ben.save()
    assert "ledger" in shown_to(cast.zoe, cast.ben).parts
    assert not shown_to(cast.ada, cast.ben).parts


def test_what_is_not_chosen_stays_as_it_is(cast: Cast) -> None:
    choose_shown(by=cast.ben, ledger=NETWORK, off_leaderboards=True)
    row = choose_shown(by=cast.ben, peers=ORGANIZATION)
    row.refresh_from_db()
    assert (row.contributions, row.ledger, row.peers, row.off_leaderboards) == ("me", "network", "organization", True)
    assert ProfileChoice.objects.count() == 1


def names(viewer: Member, name: str = "all", scope: str = "") -> list[tuple[int, str, int]]:
    return [(row.place, row.member.handle, row.points) for row in places_for(viewer, period(name), scope=scope)]


@pytest.fixture
def earners(cast: Cast) -> Cast:
    """Ben has much, Ada and Olga as much as each other, Zoe and Sam more than these."""
    earns(cast, cast.ben)
    for handle, count in {"ada": 1, "olga": 1, "zoe": 3, "sam": 3}.items():
        for number in range(count):
            cause = f"{handle}:{number}"
            with clock.at(NOW):
                grant(
                    member=cast.people[handle], rule=Award.Rule.HELPED, cause=cause, subject=cause,
                    about=About("", ("dns",)), giver=None,
                )  # fmt: skip
    return cast


def test_a_leaderboard_is_off_until_an_administrator_switches_it_on(earners: Cast) -> None:
    cast = earners
    assert names(cast.ada) == names(cast.olga) == []
    for who in ("ada", "zoe", "mo", "sam"):
        with pytest.raises(Forbidden):
            switch_leaderboard(by=cast.people[who], on=True)
    switch_leaderboard(by=cast.nia, on=True)
    assert names(cast.ada) == [], "the network administrator's own organization has one"
    for _twice in range(2):
        switch_leaderboard(by=cast.olga, on=True)
    assert names(cast.ada) == names(cast.olga) == [(1, "ben", 133), (2, "ada", 10), (2, "olga", 10)]
    for _twice in range(2):
        switch_leaderboard(by=cast.olga, on=False)
    assert names(cast.ada) == []
    (row,) = Leaderboard.objects.filter(organization=cast.organizations["acme"])
    assert (row.switched_on_by, row.switched_off_by) == (cast.olga, cast.olga)


def test_it_names_people_of_the_own_organization_only(earners: Cast) -> None:
    cast = earners
    switch_leaderboard(by=cast.olga, on=True)
    for who in ("zoe", "cleo", "finn", "mo", "nia", "sam"):
        assert names(cast.people[who]) == [], who
        assert subjects_for(cast.people[who], period("all")) == [], who
    cast.zoe.organization = cast.organizations["acme"]
    cast.zoe.save()
    assert (2, "zoe", 30) in names(cast.zoe)
    Member.objects.filter(pk=cast.ben.pk).update(source_site="example", source_id="1")
    assert "ben" not in {handle for _place, handle, _points in names(cast.ada)}


def test_it_is_of_a_period_and_a_subject(earners: Cast) -> None:
    cast = earners
    switch_leaderboard(by=cast.olga, on=True)
    assert names(cast.ada, "2026-11") == [(1, "ben", 70), (2, "ada", 10), (2, "olga", 10)]
    assert names(cast.ada, "2025") == [(1, "ben", 20)]
    assert names(cast.ada, "2026-Q3") == [(1, "ben", 20)]
    assert names(cast.ada, "2026", "product:mail-gateway") == [(1, "ben", 63)]
    assert names(cast.ada, "2024") == names(cast.ada, "all", "tag:none") == []
    assert subjects_for(cast.ada, period("2025")) == ["tag:dns"]


def test_whoever_wants_is_left_out_without_a_trace(earners: Cast) -> None:
    cast = earners
    switch_leaderboard(by=cast.olga, on=True)
    choose_shown(by=cast.ben, off_leaderboards=True)
    assert names(cast.ada) == names(cast.ben) == [(1, "ada", 10), (1, "olga", 10)]
    assert subjects_for(cast.ada, period("all")) == ["tag:dns"]
    choose_shown(by=cast.ben, off_leaderboards=False)
    assert (1, "ben", 133) in names(cast.ada)


@pytest.mark.django_db(transaction=True)
def test_choosing_and_switching_twice_at_once() -> None:
    cast = make_cast()
    switches = [partial(switch_leaderboard, by=cast.olga, on=True) for _time in range(3)]
    choices = [partial(choose_shown, by=cast.ben, ledger=Circle.NETWORK) for _time in range(3)]
    at_once(*switches, *choices)
    assert (Leaderboard.objects.count(), ProfileChoice.objects.count()) == (1, 1)
