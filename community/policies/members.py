"""Who may invite, suspend and appoint."""

from django.db.models import QuerySet

from community.models import Grant, Member, Organization


def is_organization_admin(member: Member, organization_id: int) -> bool:
    """Whether the member administers that organization."""
    if not member.is_active:
        return False
    if member.is_superuser:
        return True
    if member.granted is False:
        return False
    role = Grant.Role.ORGANIZATION_ADMIN
    return Grant.objects.filter(member=member, role=role, organization_id=organization_id).exists()


def may_invite(member: Member, organization: Organization) -> bool:
    """Organization administrators invite into their own organization, network administrators into all but archives."""
    if organization.kind == Organization.Kind.IMPORTED:
        return False
    return is_organization_admin(member, organization.pk)


def is_suspended(member: Member) -> bool:
    """Whether their access was ended without their having left in good standing."""
    return not member.is_active and member.left_at is None and not member.source_site


def suspended_members() -> QuerySet[Member]:
    """The same of everybody."""
    return Member.objects.filter(is_active=False, left_at=None, source_site="")


def may_erase(member: Member, other: Member) -> bool:
    """Everybody themselves, and network administrators."""
    return member.is_active and (member.pk == other.pk or member.is_superuser)


def may_suspend(member: Member, other: Member) -> bool:
    """Administrators suspend members of their organization, but not themselves nor a network administrator."""
    if member.pk == other.pk or (other.is_superuser and not member.is_superuser):
        return False
    return is_organization_admin(member, other.organization_id)
