"""What likely answers did for those who were about to ask."""

from dataclasses import dataclass

from community.models import Member
from community.queries.spaces import spaces_visible_to
from threads.models import Deflection, LikelyAnswer, Practice

MOST_COUNTED = 1_000


@dataclass(frozen=True)
class Deflected:
    """How often something was shown to somebody who was about to ask, opened, and solved it without posting."""

    shown: int
    opened: int
    solved: int


def deflected_by(viewer: Member, practice: Practice) -> Deflected:
    """That of a practice that the viewer sees, in spaces that they see; of the last MOST_COUNTED times only."""
    spaces = spaces_visible_to(viewer).order_by().values("pk")
    told = LikelyAnswer.objects.filter(thing=f"practice:{practice.pk}", deflection__space__in=spaces)
    rows = list(told.order_by("-pk").values_list("opened", "solved", "deflection__outcome")[:MOST_COUNTED])
    return Deflected(
        shown=len(rows),
        opened=sum(opened for opened, _solved, _outcome in rows),
        solved=sum(solved and outcome == Deflection.Outcome.SOLVED for _opened, solved, outcome in rows),
    )
