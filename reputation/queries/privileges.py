"""How far somebody is from a privilege, and in which subjects they have which."""

from collections.abc import Collection
from dataclasses import dataclass

from community.models import Member
from reputation.models import Standing
from reputation.policies.privileges import earned_in
from reputation.rules.points import THRESHOLDS
from reputation.rules.privileges import Privilege


@dataclass(frozen=True)
class Progress:
    """How much of what a privilege needs somebody has in the best of some subjects (`best`, empty for none)."""

    privilege: Privilege
    needed: int
    have: int
    best: str
    scopes: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether they have it there."""
        return self.have >= self.needed


@dataclass(frozen=True)
class Held:
    """A privilege, what it needs, and the subjects in which somebody has it."""

    privilege: Privilege
    needed: int
    scopes: tuple[str, ...]


def progress_of(member: Member, privilege: Privilege, scopes: Collection[str]) -> Progress:
    """How far the member is from a privilege in what is about these subjects."""
    return progress_from(earned_in(member, scopes), privilege, scopes)


def progress_from(earned: dict[str, int], privilege: Privilege, scopes: Collection[str]) -> Progress:
    """The same, from what they earned there."""
    best = max(earned, key=lambda scope: (earned[scope], scope), default="")
    return Progress(privilege, THRESHOLDS[privilege], earned.get(best, 0), best, tuple(scopes))


def best_subjects(member: Member, *, limit: int = 50) -> dict[str, int]:
    """The subjects in which the member earned most, best first."""
    if not member.is_active or member.source_site:
        return {}
    rows = Standing.objects.filter(member=member, points__gt=0).order_by("-points", "scope")
    found = rows.exclude(scope="").exclude(scope__startswith="space:").values_list("scope", "points")
    return dict(found[:limit])


def held_by(member: Member) -> list[Held]:
    """Every privilege, with the subjects in which the member has it, those that need least first."""
    earned = best_subjects(member)
    return [
        Held(privilege, needed, tuple(scope for scope, points in earned.items() if points >= needed))
        for privilege, needed in sorted((((each, THRESHOLDS[each]) for each in Privilege)), key=lambda each: each[1])
    ]
