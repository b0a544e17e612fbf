"""Who may do what with the names an organization watches for. Nobody sees those of another one."""

from community.models import Member
from community.policies.members import is_organization_admin


def may_add_name(member: Member) -> bool:
    """Every member adds to those of their own organization."""
    return member.is_active


def may_remove_name(member: Member) -> bool:
    """Administrators of the organization take one off."""
    return is_organization_admin(member, member.organization_id)
