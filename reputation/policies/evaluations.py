"""Who sees what was made of evaluations, and who names coaches."""

from django.db.models import F, QuerySet

from community.models import Member
from community.policies.members import is_organization_admin
from reputation.models import Coaching


def may_see_tallies(viewer: Member, member: Member) -> bool:
    """The person themselves, and their coach. Nobody else: no colleague, administrator or moderator."""
    if not viewer.is_active:
        return False
    return viewer.pk == member.pk or coaches(viewer, member)


def coaches(coach: Member, member: Member) -> bool:
    """Whether the one is the other's coach now."""
    return coach.is_active and coachings().filter(coach=coach, member=member).exists()


def coachings() -> QuerySet[Coaching]:
    """Those in force: both are there, and still of the organization that named the coach."""
    return Coaching.objects.filter(
        until__isnull=True, coach__is_active=True, member__is_active=True,
        coach__organization=F("organization"), member__organization=F("organization"),
    )  # fmt: skip


def may_name_coaches(member: Member) -> bool:
    """Administrators name coaches in their own organization."""
    return is_organization_admin(member, member.organization_id)


def may_be_coached(by: Member, coach: Member, member: Member) -> bool:
    """Two members of the administrator's organization whose access has not ended, and not one and the same."""
    both = all(each.is_active and each.organization_id == by.organization_id for each in (coach, member))
    return both and coach.pk != member.pk
