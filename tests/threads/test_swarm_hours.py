"""Nobody is asked outside their hours unless they allow it or the severity does: random rosters, zones and days of
changing clocks, held against what the clocks on their walls show."""

from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from community.models import Member, Reach
from community.rules import clock
from community.rules.hours import Hours
from tests.cast import Cast
from tests.community.test_hours import TURNS, Walls, moments, rosters
from tests.threads.asking import knows, problem
from threads.actions import duties
from threads.actions.requests import answer, ask_for_help
from threads.models import Asked, HelpRequest

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
CANDIDATES = ("ben", "zoe", "finn", "cleo")


class Said(NamedTuple):
    """What somebody said of when they may be asked; a state ends so many minutes after the beginning."""

    hours: Hours
    outside: str
    state: str
    minutes: int


people = st.builds(
    Said,
    rosters.filter(lambda hours: hours.days and hours.zone != "Nowhere/Town"),
    st.sampled_from(("never", "severe", "always")),
    st.sampled_from(("hours", "hours", "hours", "available", "busy", "away")),
    st.integers(1, 2000),
)
crowds = st.lists(people, min_size=len(CANDIDATES), max_size=len(CANDIDATES))
steps = st.lists(st.tuples(st.integers(1, 900), st.booleans()), min_size=1, max_size=5)
NIGHT = Hours("America/Halifax", TURNS[0].time().replace(hour=16), TURNS[0].time().replace(hour=4), (6, 7))


def write(member: Member, said: Said, start: datetime) -> None:
    """Have the member say so."""
    Member.objects.filter(pk=member.pk).update(time_zone=said.hours.zone)
    Reach.objects.create(
        member=member, opens_at=said.hours.opens, closes_at=said.hours.closes, working_days=list(said.hours.days),
        outside=said.outside, state=said.state,
        until=None if said.state == "hours" else start + said.minutes * MINUTE,
    )  # fmt: skip


def may_be_asked(said: Said, start: datetime, moment: datetime, severity: int) -> bool:
    """By the walls, and by what they said."""
    state = said.state if moment < start + said.minutes * MINUTE else "hours"
    if state != "hours":
        return state == "available"
    allowed = severity == 1 or said.outside == "always" or (said.outside == "severe" and severity == 2)
    return allowed or Walls(said.hours, moment, days=2).open(moment)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(crowds, moments, st.integers(1, 4), st.booleans(), steps)
@example([Said(NIGHT, "never", "hours", 1)] * 4, TURNS[2] - 9 * 60 * MINUTE, 3, False, [(600, False)] * 4)
@example([Said(NIGHT, "never", "hours", 1)] * 4, TURNS[3] - 3 * 60 * MINUTE, 3, True, [(400, True)] * 4)
def test_nobody_is_asked_outside_their_hours(
    cast: Cast, crowd: list[Said], start: datetime, severity: int, by_name: bool, then: list[tuple[int, bool]]
) -> None:
    with transaction.atomic():
        said = {cast.people[handle].pk: each for handle, each in zip(CANDIDATES, crowd, strict=True)}
        for handle in CANDIDATES:
            knows(cast.people[handle], 50)
            write(cast.people[handle], said[cast.people[handle].pk], start)
        with clock.at(start):
            made = _ask(cast, severity, by_name=by_name)
        first = Asked.objects.filter(request=made).count()
        assert first == any(may_be_asked(each, start, start, severity) for each in crowd)
        now = start
        for minutes, declines in then:
            now += minutes * MINUTE
            with clock.at(now):
                _go_on(made, declines=declines)
        for asked in Asked.objects.filter(request=made):
            assert may_be_asked(said[asked.member_id], start, asked.asked_at, severity), (asked, asked.asked_at)
        transaction.set_rollback(True)


def _ask(cast: Cast, severity: int, *, by_name: bool) -> HelpRequest:
    named = [cast.people[handle] for handle in CANDIDATES] if by_name else []
    return ask_for_help(
        by=cast.ada, thread=problem(cast, severity=severity), what="A look.", due_at=clock.now() + timedelta(days=9),
        target="members" if by_name else "matched", members=named,
    )  # fmt: skip


def _go_on(made: HelpRequest, *, declines: bool) -> None:
    """What the worker does at this moment; before it whoever is asked may say no."""
    waiting = Asked.objects.filter(request=made, answer="").select_related("member").first()
    if declines and waiting is not None:
        answer(by=waiting.member, asked=waiting, answer="declined", note="Not now.")
    duties.pass_on_unanswered()
    duties.ask_again()
