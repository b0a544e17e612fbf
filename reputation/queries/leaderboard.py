"""An organization's leaderboard: its own people, of a period and a subject, for its own members."""

from typing import NamedTuple

from django.db.models import QuerySet, Sum

from community.models import Member
from reputation.models import MonthlyStanding
from reputation.policies.profile import may_see_leaderboard
from reputation.rules.profile import ALL, Period

MOST_PLACES, MOST_SUBJECTS = 50, 40


class Place(NamedTuple):
    """Whom a leaderboard names where; who earned alike share a place."""

    place: int
    member: Member
    points: int
    awards: int


def places_for(viewer: Member, period: Period, *, scope: str = "") -> list[Place]:
    """The people of the viewer's organization who earned most, best first, but for those who left themselves out.

    Nothing while it is switched off. What somebody earned elsewhere before they came counts too: it is theirs.
    """
    if not may_see_leaderboard(viewer):
        return []
    sums = _standings(viewer, period).filter(scope=scope).values("member")
    sums = sums.annotate(sum=Sum("points"), standing=Sum("awards")).filter(sum__gt=0)
    best = list(sums.order_by("-sum", "member__name", "member")[:MOST_PLACES])
    people = Member.objects.select_related("organization", "center").in_bulk([row["member"] for row in best])
    places: list[Place] = []
    for number, row in enumerate(best, start=1):
        alike = bool(places) and places[-1].points == row["sum"]
        place = places[-1].place if alike else number
        places.append(Place(place, people[row["member"]], row["sum"], row["standing"]))
    return places


def subjects_for(viewer: Member, period: Period) -> list[str]:
    """The tags and products in which the people on it earned most; which of them the viewer meets is asked above."""
    if not may_see_leaderboard(viewer):
        return []
    rows = _standings(viewer, period)
    rows = rows.filter(scope__startswith="tag:") | rows.filter(scope__startswith="product:")
    sums = rows.values("scope").annotate(sum=Sum("points")).filter(sum__gt=0)
    return list(sums.order_by("-sum", "scope").values_list("scope", flat=True)[:MOST_SUBJECTS])


def _standings(viewer: Member, period: Period) -> QuerySet[MonthlyStanding]:
    people = Member.objects.filter(organization=viewer.organization_id, is_active=True, source_site="")
    people = people.exclude(profile_choice__off_leaderboards=True)
    rows = MonthlyStanding.objects.filter(member__in=people.values("pk")).order_by()
    return rows if period.name == ALL else rows.filter(month__gte=period.first, month__lte=period.last)
