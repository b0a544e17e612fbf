"""Working hours, checked minute by minute against what the clocks on the wall show."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from community.rules.hours import Hours, closing, next_opening, open_at, opened

ZONES = (
    "Europe/Dublin", "America/Halifax", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata", "America/St_Johns",
    "Africa/Casablanca", "Pacific/Chatham", "America/Santiago", "Antarctica/Troll", "UTC", "Nowhere/Town",
)  # fmt: skip
MINUTE = timedelta(minutes=1)
# Around the changes of clocks of Dublin, Halifax and Lord Howe, and the Friday that Samoa left out.
TURNS = tuple(
    datetime.fromisoformat(f"{day}T12:00+00:00")
    for day in ("2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-04-04", "2026-10-03", "2011-12-30")
)

moments = st.one_of(
    st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  (given UTC)
    st.builds(
        lambda turn, minutes: turn + minutes * MINUTE, st.sampled_from(TURNS), st.integers(-3 * 24 * 60, 3 * 24 * 60)
    ),
).map(lambda moment: moment.replace(second=0, microsecond=0))
times = st.builds(time, st.integers(0, 23), st.sampled_from((0, 1, 15, 30, 59)))
rosters = st.builds(
    Hours, st.sampled_from(ZONES), times, times, st.sets(st.integers(1, 7), max_size=7).map(sorted).map(tuple)
)


def on_the_wall(hours: Hours, moment: datetime) -> datetime:
    zone = ZoneInfo("UTC") if hours.zone == "Nowhere/Town" else ZoneInfo(hours.zone)
    return moment.astimezone(zone).replace(tzinfo=None)


class Walls:
    """The wall clock's minutes around a moment: a shift lasts from the first minute at which the clock shows its
    beginning or later until the last at which it shows less than its end."""

    def __init__(self, hours: Hours, moment: datetime, *, days: int = 3) -> None:
        self.minutes = [moment + offset * MINUTE for offset in range(-days * 1440, days * 1440)]
        self.shown = [on_the_wall(hours, minute) for minute in self.minutes]
        self.hours = hours

    def open(self, moment: datetime) -> bool:
        """Whether some shift has begun by this minute, and not ended."""
        here = self.minutes.index(moment)
        shown = self.shown[here].date()
        for back in range(3):
            day = shown + timedelta(days=1 - back)
            start = datetime.combine(day, self.hours.opens)
            end = datetime.combine(day, self.hours.closes)
            end += timedelta(days=end <= start)
            if day.isoweekday() in self.hours.days and self._within(here, start, end):
                return True
        return False

    def _within(self, here: int, start: datetime, end: datetime) -> bool:
        begun = any(wall >= start for wall in self.shown[: here + 1])
        lasts = any(wall < end for wall in self.shown[here:])
        return begun and lasts


@settings(max_examples=150, deadline=None)
@given(rosters, moments)
@example(Hours("America/Halifax", time(16), time(4), (7,)), datetime(2026, 3, 9, 6, 30, tzinfo=UTC))
@example(Hours("America/Halifax", time(16), time(4), (6,)), datetime(2026, 11, 1, 7, 59, tzinfo=UTC))
@example(Hours("Europe/Dublin", time(1, 30), time(9), (7,)), datetime(2026, 3, 29, 1, 0, tzinfo=UTC))
@example(Hours("Australia/Lord_Howe", time(2, 15), time(2, 20), (7,)), datetime(2026, 10, 3, 15, 30, tzinfo=UTC))
@example(Hours("Pacific/Apia", time(8), time(17), (5,)), datetime(2011, 12, 30, 20, 0, tzinfo=UTC))
def test_open_as_the_clock_on_the_wall_says(hours: Hours, moment: datetime) -> None:
    assert open_at(hours, moment) == Walls(hours, moment).open(moment)


@settings(max_examples=150, deadline=None)
@given(rosters, moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(hours: Hours, moment: datetime) -> None:
    found = next_opening(hours, moment)
    if not hours.days:
        assert found is None
        return
    assert found is not None
    assert found >= moment
    assert open_at(hours, found)
    assert (found == moment) == open_at(hours, moment)
    between = (found - moment) // (37 * MINUTE)
    assert not any(open_at(hours, moment + step * 37 * MINUTE) for step in range(between))
    assert found == moment or not open_at(hours, found - timedelta(seconds=1))


@settings(max_examples=150, deadline=None)
@given(rosters, moments)
def test_it_is_open_until_it_closes(hours: Hours, moment: datetime) -> None:
    found, began = closing(hours, moment), opened(hours, moment)
    assert (began is not None) == open_at(hours, moment)
    if found is None:
        assert not open_at(hours, moment) or open_at(hours, moment + timedelta(days=7))
        return
    assert began is not None
    assert began <= moment < found
    assert not open_at(hours, found)
    assert all(open_at(hours, moment + step * 37 * MINUTE) for step in range((found - moment) // (37 * MINUTE)))


@pytest.mark.parametrize(
    ("day", "length"), [("2026-03-07", 11), ("2026-10-31", 13), ("2026-06-06", 12)], ids=["short", "long", "plain"]
)
def test_a_night_desk_works_an_hour_more_or_less_when_clocks_change(day: str, length: int) -> None:
    desk = Hours("America/Halifax", time(16), time(4), (6,))
    start = next_opening(desk, datetime.fromisoformat(f"{day}T12:00+00:00"))
    assert start is not None
    end = closing(desk, start)
    assert end is not None
    assert end - start == timedelta(hours=length)
    assert on_the_wall(desk, end).time() == time(4)


def test_a_center_round_the_clock_never_closes() -> None:
    always = Hours("Europe/Dublin", time(0), time(0), (1, 2, 3, 4, 5, 6, 7))
    moment = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert open_at(always, moment)
    assert closing(always, moment) is None
    assert next_opening(always, moment) == moment


def test_a_beginning_that_the_clocks_skip_is_when_they_skip_it() -> None:
    early = Hours("Europe/Dublin", time(1, 30), time(9), (7,))
    assert next_opening(early, datetime(2026, 3, 28, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_an_unknown_zone_is_utc() -> None:
    lost = Hours("Nowhere/Town", time(8), time(9), (1,))
    assert next_opening(lost, datetime(2026, 11, 21, tzinfo=UTC)) == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
