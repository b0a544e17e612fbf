"""When and how members may be asked, what they said of it and what holds where they said nothing."""

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet

from community.models import Member, Reach
from community.queries.prepared import Prepared
from community.rules.hours import Hours, usual_hours
from community.rules.reach import ReachRow

_COLUMNS = (
    "pk", "time_zone", "center__time_zone", "center__opens_at", "center__closes_at", "center__working_days",
    "reach__state", "reach__until", "reach__opens_at", "reach__closes_at", "reach__working_days", "reach__outside",
    "reach__most_a_day", "reach__languages", "reach__contact",
)  # fmt: skip


def _rows(ids: list[int]) -> "QuerySet[Member, Any]":
    return Member.objects.filter(pk__in=ids).values_list(*_COLUMNS)


_reach_rows: Prepared[Any] = Prepared(_rows)


def reach_of(member_ids: Collection[int]) -> dict[int, ReachRow]:
    """When and how each of the members may be asked, by id; one query."""
    return {row[0]: _row(*row) for row in _reach_rows(ids=sorted(member_ids)).things()}


def reach_row(member: Member) -> Reach:
    """What the member said about it; what holds by default, not saved, when they said nothing."""
    return Reach.objects.filter(member=member).first() or Reach(member=member)


def _row(member: int, zone: str, *rest: Any) -> ReachRow:
    center, said = rest[:4], rest[4:]
    state, until, opens, closes, days, outside, most_a_day, languages, contact = said
    hours = _hours(zone, center, (opens, closes, days))
    if state is None:
        return ReachRow(member, hours)
    return ReachRow(member, hours, state, until, outside, most_a_day, tuple(languages), contact)


def _hours(zone: str, center: tuple[Any, ...], own: tuple[Any, ...]) -> Hours:
    """Their own, else those of their center, else the usual ones, in the zone in which each are meant."""
    center_zone, opens, closes, days = center
    if own[0] is not None:
        return Hours(zone or center_zone or "UTC", own[0], own[1], tuple(own[2]))
    if center_zone is not None:
        return Hours(center_zone, opens, closes, tuple(days))
    return usual_hours(zone or "UTC")
