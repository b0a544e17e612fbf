"""One's own privileges, in the subjects that one still meets, and what somebody lacks for one."""

from collections.abc import Collection
from dataclasses import dataclass

from community.models import Member
from reputation.queries.privileges import best_subjects, progress_of
from reputation.rules.points import THRESHOLDS
from reputation.rules.privileges import Privilege
from threads.queries.met import labels_of, met_among
from threads.rendering.privileges import missed


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


def lacking(member: Member, privilege: Privilege, subjects: Collection[str]) -> str:
    """That a member has not enough standing in these subjects, in words; they see what is about them."""
    return missed(progress_of(member, privilege, subjects), labels_of(subjects))
