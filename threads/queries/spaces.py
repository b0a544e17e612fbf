"""Spaces with what is going on in them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from community.models import Member, Space
from community.queries.spaces import spaces_visible_to
from threads.models import UNRESOLVED
from threads.queries.threads import threads_visible_to


@dataclass(frozen=True)
class SpaceFigures:
    """A space, how many unresolved threads the viewer sees there, and when something last happened among those they
    see."""

    space: Space
    unresolved_count: int
    last_activity_at: datetime | None


def spaces_with_figures(member: Member) -> list[SpaceFigures]:
    """The spaces open to the member, by name."""
    unresolved = Count("id", filter=Q(status__in=UNRESOLVED))
    seen = (
        threads_visible_to(member).order_by().values("space_id").annotate(open=unresolved, last=Max("last_activity_at"))
    )
    figures = {row["space_id"]: (row["open"], row["last"]) for row in seen}
    return [SpaceFigures(space, *figures.get(space.pk, (0, None))) for space in spaces_visible_to(member)]
