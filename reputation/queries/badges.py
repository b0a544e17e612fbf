"""Badges."""

from dataclasses import dataclass
from datetime import datetime

from community.models import Member
from reputation.models import Badge


@dataclass(frozen=True)
class ShownBadge:
    """A badge as a member's page shows it."""

    name: str
    description: str
    at: datetime


def badges_of(member: Member, *, limit: int = 20) -> list[ShownBadge]:
    """The member's newest badges, each kind once with how often it was given."""
    counted: dict[str, ShownBadge] = {}
    times: dict[str, int] = {}
    for badge in Badge.objects.filter(member=member)[:500]:
        times[badge.name] = times.get(badge.name, 0) + 1
        counted.setdefault(badge.name, ShownBadge(badge.name, badge.source_site, badge.given_at))
    return [
        ShownBadge(f"{shown.name} × {times[name]}" if times[name] > 1 else shown.name, shown.description, shown.at)
        for name, shown in list(counted.items())[:limit]
    ]
