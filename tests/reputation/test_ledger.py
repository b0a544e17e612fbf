"""Standing is what the ledger adds up to, whatever is given and taken back; and it can be written anew from it."""

from collections import Counter
from contextlib import suppress
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.errors import Refused
from reputation.actions.awards import About, grant, reverse
from reputation.actions.rebuilding import differences, rebuild
from reputation.actions.votes import cast as vote
from reputation.actions.votes import withdraw
from reputation.models import Award, Standing
from tests.cast import Cast, make_cast
from tests.community.test_event_concurrency import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PEOPLE = ("ada", "ben", "zoe")
people = st.sampled_from(PEOPLE)
abouts = st.builds(
    About, st.sampled_from(["", "mail-gateway"]), st.lists(st.sampled_from(["smtp", "dns"]), max_size=3).map(tuple)
)
steps = st.one_of(
    st.tuples(st.just("vote"), people, people, st.integers(1, 2), abouts),
    st.tuples(st.just("unvote"), people, st.integers(1, 2)),
    st.tuples(st.just("grant"), people, st.sampled_from(Award.Rule.values), st.integers(1, 2), abouts),
    st.tuples(st.just("reverse"), st.integers(1, 2)),
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
        case "reverse", int(thing):
            reverse(cause=f"thing:{thing}", subject=f"thing:{thing}")


def reckoned() -> dict[tuple[int, str], tuple[int, int]]:
    """What the ledger adds up to, row by row."""
    points: Counter[tuple[int, str]] = Counter()
    awards: Counter[tuple[int, str]] = Counter()
    for row in Award.objects.all():
        for scope in {"", *(f"tag:{tag}" for tag in row.tags), *([f"product:{row.product}"] if row.product else [])}:
            points[row.member_id, scope] += row.points
            awards[row.member_id, scope] += -1 if row.reverses_id else 1
    return {key: (points[key], awards[key]) for key in points}


def held() -> dict[tuple[int, str], tuple[int, int]]:
    return {(row.member_id, row.scope): (row.points, row.awards) for row in Standing.objects.all()}


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
        kept = {key: row for key, row in held().items() if any(row)}
        Standing.objects.filter(member=cast.ada).update(points=1_000)
        Standing.objects.filter(member=cast.ben).delete()
        Standing.objects.create(member=cast.zoe, scope="tag:never", points=5, awards=1)
        rebuild()
        assert {key: row for key, row in held().items() if any(row)} == kept
        transaction.set_rollback(True)


def test_the_command_says_what_differs_and_mends_it(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rebuild_standing", "--check")
    about = About("mail-gateway", ("smtp", "smtp"))
    grant(member=cast.ben, rule=Award.Rule.HELPED, cause="vote:1:1", subject="post:1", about=about, giver=cast.ada)
    call_command("rebuild_standing", "--check")
    Standing.objects.filter(scope="tag:smtp").update(points=3)
    with pytest.raises(CommandError, match="1 standing differs"):
        call_command("rebuild_standing", "--check")
    assert f"member {cast.ben.pk}, tag:smtp: 3 points for 1 awards, the ledger has 10 for 1" in capsys.readouterr().out
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
                reverse(cause=cause, subject=subject)

    def write_anew() -> None:
        for _time in range(5):
            rebuild()

    at_once(*(partial(give, number) for number in range(3)), write_anew, write_anew)
    assert differences(most=1) == (0, [])
    assert held() == reckoned()
    assert held()[cast.ben.pk, ""] == (90, 9)
