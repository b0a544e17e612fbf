"""Standing is what the ledger adds up to, whatever is given and taken back; and it can be written anew from it."""

from collections import Counter
from contextlib import suppress
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.actions.erasure import erase_member
from community.errors import Refused
from community.models import Member
from reputation.actions.awards import About, grant, reverse
from reputation.actions.rebuilding import differences, rebuild
from reputation.actions.votes import cast as vote
from reputation.actions.votes import withdraw
from reputation.models import Award, MonthlyStanding, Standing
from tests.cast import Cast, make_cast
from tests.community.test_event_concurrency import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PEOPLE = ("ada", "ben", "zoe")
people = st.sampled_from(PEOPLE)
abouts = st.builds(
    About,
    st.sampled_from(["", "mail-gateway"]),
    st.lists(st.sampled_from(["smtp", "dns"]), max_size=3).map(tuple),
    st.sampled_from(["", "lobby"]),
)
steps = st.one_of(
    st.tuples(st.just("vote"), people, people, st.integers(1, 2), abouts),
    st.tuples(st.just("unvote"), people, st.integers(1, 2)),
    st.tuples(st.just("grant"), people, st.sampled_from(Award.Rule.values), st.integers(1, 2), abouts),
    st.tuples(st.just("reverse"), st.integers(1, 2)),
    st.tuples(st.just("erase"), people),
)


def do(cast: Cast, verb: str, *words: object) -> None:
    match verb, *words:
        case "vote", str(voter), str(receiver), int(post), About() as about:
            vote(voter=cast.people[voter], post_id=post, receiver=cast.people[receiver], about=about)
        case "unvote", str(voter), int(post):
            withdraw(voter=cast.people[voter], post_id=post)
        case "grant", str(member), str(rule), int(thing), About() as about:
            cause, subject = f"thing:{thing}", f"thing:{thing}"
            grant(
                member=cast.people[member], rule=Award.Rule(rule), cause=cause, subject=subject, about=about, giver=None
            )
        case "erase", str(name):
            erased = Member.objects.get(pk=cast.people[name].pk)
            erase_member(by=cast.nia, member=erased, handle=erased.handle)
        case "reverse", int(thing):
            reverse(cause=f"thing:{thing}", subject=f"thing:{thing}", why=Award.Why.DELETED)


Key = tuple[int, str, int]


def reckoned() -> dict[Key, tuple[int, int]]:
    """What the ledger adds up to, row by row; of all time as month 0."""
    points: Counter[Key] = Counter()
    awards: Counter[Key] = Counter()
    for row in Award.objects.select_related("reverses"):
        given = (row.reverses or row).at
        for scope in {"", *(f"{noun}:{slug}" for noun, slug in _subjects(row))}:
            for month in (0, 100 * given.year + given.month):
                points[row.member_id, scope, month] += row.points
                awards[row.member_id, scope, month] += (row.points > 0) - (row.points < 0)
    return {key: (points[key], awards[key]) for key in points if points[key] or awards[key]}


def _subjects(row: Award) -> list[tuple[str, str]]:
    found = [*(("tag", tag) for tag in row.tags), ("product", row.product), ("space", row.space)]
    return [(noun, slug) for noun, slug in found if slug]


def held() -> dict[Key, tuple[int, int]]:
    rows = {(row.member_id, row.scope, 0): (row.points, row.awards) for row in Standing.objects.all()}
    monthly = MonthlyStanding.objects.all()
    rows |= {(row.member_id, row.scope, row.month): (row.points, row.awards) for row in monthly}
    return {key: row for key, row in rows.items() if any(row)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=1, max_size=12))
def test_standing_is_what_the_ledger_adds_up_to(cast: Cast, found: list[tuple[object, ...]]) -> None:
    with transaction.atomic():
        for verb, *words in found:
            with suppress(Refused):
                do(cast, str(verb), *words)
            assert held() == reckoned(), (verb, *words)
            assert differences(most=1) == (0, [])
            counted = Counter(row.cause.partition("#")[0] for row in Award.objects.filter(reversal=None, reverses=None))
            assert set(counted.values()) <= {1}, "nobody is credited twice"
        kept = held()
        Standing.objects.filter(member=cast.ada).update(points=1_000)
        Standing.objects.filter(member=cast.ben).delete()
        Standing.objects.create(member=cast.zoe, scope="tag:never", points=5, awards=1)
        rebuild()
        assert held() == kept
        transaction.set_rollback(True)


def test_the_command_says_what_differs_and_mends_it(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rebuild_standing", "--check")
    about = About("mail-gateway", ("smtp", "smtp"))
    grant(member=cast.ben, rule=Award.Rule.HELPED, cause="vote:1:1", subject="post:1", about=about, giver=cast.ada)
    call_command("rebuild_standing", "--check")
    Standing.objects.filter(scope="tag:smtp").update(points=3)
    with pytest.raises(CommandError, match="1 standing differs"):
        call_command("rebuild_standing", "--check")
    assert (
        f"member {cast.ben.pk}, tag:smtp, ever: 3 points for 1 awards, the ledger has 10 for 1"
        in capsys.readouterr().out
    )
    call_command("rebuild_standing")
    assert "1 standing was wrong and is mended." in capsys.readouterr().out
    call_command("rebuild_standing", "--check")
    assert Standing.objects.get(scope="tag:smtp").points == 10


@pytest.mark.django_db(transaction=True)
def test_it_is_written_anew_while_others_are_given_awards() -> None:
    cast = make_cast()
    about = About("mail-gateway", ("smtp",))

    def give(number: int) -> None:
        for each in range(5):
            cause, subject = f"thing:{number}:{each}", f"thing:{number}"
            grant(member=cast.ben, rule=Award.Rule.HELPED, cause=cause, subject=subject, about=about, giver=cast.ada)
            if each % 2:
                reverse(cause=cause, subject=subject, why=Award.Why.UNVOTED)

    def write_anew() -> None:
        for _time in range(5):
            rebuild()

    at_once(*(partial(give, number) for number in range(3)), write_anew, write_anew)
    assert differences(most=1) == (0, [])
    assert held() == reckoned()
    assert held()[cast.ben.pk, "", 0] == (60, 6)
