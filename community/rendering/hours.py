"""Hours, states and languages in words."""

from datetime import UTC, datetime, tzinfo

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community.models import Member, Reach
from community.rules.hours import Hours, closing, next_opening, zone_named
from community.rules.reach import Reachable, ReachRow, state_at


def zone_of(member: Member) -> tzinfo:
    """The zone in which a member reads times: their own, else their center's, else UTC."""
    center = member.center.time_zone if member.center_id and member.center else ""
    return zone_named(member.time_zone or center or "UTC")


def hours_words(hours: Hours) -> str:
    """Days and times in their own zone: "Mon to Fri, 08:00–17:00, Europe/Dublin"."""
    if not hours.days:
        return _("no working days")
    times = _("round the clock") if hours.opens == hours.closes else f"{hours.opens:%H:%M}–{hours.closes:%H:%M}"
    return f"{_days(hours.days)}, {times}, {hours.zone}"


def shift_words(hours: Hours, moment: datetime, zone: tzinfo) -> str:
    """The present shift, else the next one, as the clocks of another zone show it; nothing where there is none."""
    start = next_opening(hours, moment)
    end = closing(hours, start) if start else None
    if start is None or end is None:
        return ""
    there, until = start.astimezone(zone), end.astimezone(zone)
    if start == moment:
        return _("now, until %(until)s") % {"until": f"{until:%H:%M}"}
    day = WEEKDAYS_ABBR[there.weekday()]
    return f"{day} {there:%H:%M}–{until:%H:%M}"


def state_words(row: ReachRow, moment: datetime) -> SafeString:
    """What a member says of themselves now: "Away until ...", with a time that the reader's own clock shows."""
    return state_line(state_at(row, moment), row.until)


def state_line(state: str, until: datetime | None) -> SafeString:
    """The same, for a state that holds until then."""
    label = Reach.State(state).label
    if state == Reach.State.HOURS or until is None:
        return format_html("{}", label)
    return format_html("{} {} {}", label, _("until"), _time(until))


def state_text(state: str, until: datetime | None, zone: tzinfo) -> str:
    """The same without markup, in that zone."""
    label = str(Reach.State(state).label)
    if state == Reach.State.HOURS or until is None:
        return label
    return _("%(state)s until %(until)s") % {"state": label, "until": f"{until.astimezone(zone):%Y-%m-%d %H:%M}"}


def reachable_words(found: Reachable) -> SafeString:
    """Whether somebody can be asked now, in one line."""
    now = {
        "available": _("available now"),
        "open": _("working now"),
        "severe": _("asked because it is critical"),
        "allows": _("may be asked outside working hours"),
    }
    if found.now:
        return format_html("{}", now[found.why])
    words = {"away": _("away"), "busy": _("busy"), "closed": _("not working now")}[found.why]
    if found.at is None:
        return format_html("{}", words)
    return format_html("{}, {} {}", words, _("back"), _time(found.at))


def _time(at: datetime) -> SafeString:
    utc = at.astimezone(UTC)
    return format_html(
        '<time datetime="{}" data-style="exact">{}</time>', f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%Y-%m-%d %H:%M UTC}"
    )


def _days(days: tuple[int, ...]) -> str:
    names = [str(WEEKDAYS_ABBR[day - 1]) for day in days]
    if len(days) == len(WEEKDAYS_ABBR):
        return _("every day")
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):  # noqa: PLR2004  (a run of days)
        return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return ", ".join(names)
