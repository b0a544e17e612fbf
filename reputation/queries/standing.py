"""Standing as it is shown: the sum, what it is made of, and for what."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, Sum

from community.models import Member
from reputation.models import Award, Standing
from reputation.policies.profile import CONTRIBUTIONS, Shown


@dataclass(frozen=True)
class Expertise:
    """Points in one tag or product (`scope` without its prefix)."""

    noun: str
    slug: str
    points: int
    awards: int


def standing_of(member: Member) -> int:
    """The member's points in all."""
    found = Standing.objects.filter(member=member, scope="").values_list("points", flat=True)
    return found.first() or 0


def expertise_of(member: Member, *, limit: int = 12) -> list[Expertise]:
    """Tags and products in which the member has earned most, best first."""
    rows = Standing.objects.filter(member=member, points__gt=0).exclude(Q(scope="") | Q(scope__startswith="space:"))
    rows = rows.order_by("-points", "scope")[:limit]
    return [Expertise(*_named(row.scope), row.points, row.awards) for row in rows]


def _named(scope: str) -> tuple[str, str]:
    noun, _colon, slug = scope.partition(":")
    return noun, slug


def made_of(shown: Shown) -> list[tuple[str, int]]:
    """How many points each rule gave in all, reversals counted, most first. Nothing for whom it is not."""
    if CONTRIBUTIONS not in shown.parts:
        return []
    sums = Award.objects.filter(member=shown.member).values("rule").annotate(sum=Sum("points")).order_by("-sum")
    return [(str(Award.Rule(row["rule"]).label), row["sum"]) for row in sums]


def best_points(member: Member, scopes: Collection[str]) -> int:
    """The member's points in that of the scopes in which they have most; 0 in none."""
    points = Standing.objects.filter(member=member, scope__in=list(scopes)).values_list("points", flat=True)
    return max(points, default=0)
