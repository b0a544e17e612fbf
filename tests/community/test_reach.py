"""When somebody can be asked: what they said, their hours, and how bad it is."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.actions.members import edit_profile
from community.actions.reach import edit_own_page, set_reach, set_state
from community.errors import Invalid
from community.models import Reach
from community.queries.reach import reach_of
from community.rules import clock
from community.rules.hours import Hours, open_at
from community.rules.reach import ReachRow, reach, state_at
from tests.cast import Cast

MONDAY_NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 24, 2, tzinfo=UTC)
DESK = Hours("UTC", time(8), time(17), (1, 2, 3, 4, 5))

states = st.sampled_from(("hours", "available", "busy", "away"))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  (given UTC)
rows = st.builds(
    ReachRow, st.just(1), st.just(DESK), states, st.none() | moments, st.sampled_from(("never", "severe", "always"))
).filter(lambda row: row.until is not None or row.state in ("hours", "busy"))


@settings(max_examples=300, deadline=None)
@given(rows, moments, st.none() | st.integers(1, 4))
def test_nobody_is_asked_outside_their_hours_unless_they_allow_it_or_the_severity_does(
    row: ReachRow, moment: datetime, severity: int | None
) -> None:
    found = reach(row, DESK, moment, severity)
    state = state_at(row, moment)
    if state in ("away", "busy"):
        assert not found.now
    elif state == "available" or open_at(DESK, moment):
        assert found.now
    else:
        allowed = severity == 1 or row.outside == "always" or (row.outside == "severe" and severity == 2)
        assert found.now == allowed
    assert found.at is not None
    assert found.at >= moment
    assert found.now == (found.at == moment)
    if not found.now:
        assert reach(row, DESK, found.at, severity).now or state == "busy"


def test_away_is_back_when_the_desk_opens_after_it() -> None:
    row = ReachRow(1, DESK, "away", NIGHT)
    assert not reach(row, DESK, MONDAY_NOON, 1).now
    assert reach(row, DESK, MONDAY_NOON, 1).at == datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_whose_center_has_no_days_is_reached_by_what_is_critical_only() -> None:
    nowhere = Hours("UTC", time(8), time(17), ())
    assert reach(ReachRow(1, nowhere), nowhere, MONDAY_NOON, 2) == (False, "closed", None, None)
    assert reach(ReachRow(1, nowhere), nowhere, MONDAY_NOON, 1).now


@pytest.mark.both_databases
def test_hours_are_ones_own_or_the_centers_or_the_usual_ones(cast: Cast) -> None:
    edit_profile(by=cast.finn, name="Finn", about="", time_zone="Europe/Dublin")
    edit_profile(by=cast.ben, name="Ben", about="", time_zone="America/Halifax")
    set_reach(by=cast.ben, opens_at=time(16), closes_at=time(4), working_days=[7, 6, 6], languages=["PT", "en", "pt"])
    found = reach_of([cast.ada.pk, cast.ben.pk, cast.finn.pk])
    assert found[cast.ada.pk].hours == Hours("Europe/Stockholm", time(8), time(17), (1, 2, 3, 4, 5))
    assert found[cast.ben.pk].hours == Hours("America/Halifax", time(16), time(4), (6, 7))
    assert found[cast.ben.pk].languages == ("pt", "en")
    assert found[cast.finn.pk].hours == Hours("Europe/Dublin", time(8), time(17), (1, 2, 3, 4, 5))
    set_reach(by=cast.ben, opens_at=None, closes_at=None, working_days=None)
    row = reach_of([cast.ben.pk])[cast.ben.pk]
    assert (row.hours.zone, row.languages) == ("Africa/Lagos", ("pt", "en"))
    assert reach_of([]) == {}


@pytest.mark.both_databases
def test_a_state_ends_by_itself(cast: Cast) -> None:
    with clock.at(MONDAY_NOON):
        set_state(by=cast.ada, state="away", until=MONDAY_NOON + timedelta(days=1))
        row = reach_of([cast.ada.pk])[cast.ada.pk]
        assert (state_at(row, MONDAY_NOON), state_at(row, MONDAY_NOON + timedelta(days=1))) == ("away", "hours")
        set_state(by=cast.ada, state="busy")
        set_state(by=cast.ada, state="hours", until=MONDAY_NOON + timedelta(days=1))
    assert Reach.objects.get(member=cast.ada).until is None


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"state": "asleep"}, "state"),
        ({"state": "away"}, "until"),
        ({"state": "available"}, "until"),
        ({"state": "away", "until": MONDAY_NOON}, "until"),
        ({"state": "away", "until": MONDAY_NOON + timedelta(days=400)}, "until"),
    ],
)
def test_what_is_no_state_is_refused(cast: Cast, said: dict[str, Any], field: str) -> None:
    with clock.at(MONDAY_NOON), pytest.raises(Invalid) as refused:
        set_state(by=cast.ada, **said)
    assert list(refused.value.fields) == [field]
    assert not Reach.objects.exists()


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"opens_at": time(8), "closes_at": time(9)}, "working_days"),
        ({"opens_at": time(8), "closes_at": time(9), "working_days": [0]}, "working_days"),
        ({"opens_at": time(8), "closes_at": time(9), "working_days": ["monday"]}, "working_days"),
        ({"most_a_day": -1}, "most_a_day"),
        ({"most_a_day": 51}, "most_a_day"),
        ({"languages": ["xx"]}, "languages"),
        ({"languages": ["en", "de", "fr", "es", "it", "pt"]}, "languages"),
        ({"outside": "perhaps"}, "outside"),
        ({"contact": "x" * 201}, "contact"),
    ],
)
def test_what_cannot_be_said_is_refused(cast: Cast, said: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_reach(by=cast.ada, **said)
    assert field in refused.value.fields
    assert not Reach.objects.exists()


@pytest.mark.both_databases
def test_a_page_is_saved_whole_or_not_at_all(cast: Cast) -> None:
    profile = {"name": "Ada L.", "about": "", "time_zone": ""}
    with pytest.raises(Invalid):
        edit_own_page(by=cast.ada, profile=profile, said={"languages": ["xx"]})
    cast.ada.refresh_from_db()
    assert cast.ada.name == "Ada Lindqvist"
    edit_own_page(by=cast.ada, profile=profile, said={"languages": ["en"]})
    assert reach_of([cast.ada.pk])[cast.ada.pk].languages == ("en",)
