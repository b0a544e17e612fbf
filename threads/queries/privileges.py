"""One's own privileges, in the subjects that one still meets."""

from dataclasses import dataclass

from community.models import Member
from reputation.queries.privileges import best_subjects
from reputation.rules.points import THRESHOLDS
from reputation.rules.privileges import Privilege
from threads.queries.met import met_among


@dataclass(frozen=True)
class Own:
    """In which subjects the viewer has a privilege, and (`have`, `best`) in which they have most."""

    needed: int
    held: tuple[str, ...]
    have: int
    best: str


def own_privileges(viewer: Member) -> dict[str, Own]:
    """By the name of each privilege, how far the viewer is."""
    points = best_subjects(viewer)
    scopes = met_among(viewer, points)
    best = scopes[0] if scopes else ""
    have = points[best] if best else 0
    return {
        privilege: Own(needed, tuple(scope for scope in scopes if points[scope] >= needed), have, best)
        for privilege, needed in ((each.value, THRESHOLDS[each]) for each in Privilege)
    }
