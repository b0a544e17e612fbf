"""Who confirms certificates."""

from community.models import Member
from community.policies.members import is_organization_admin
from reputation.models import Certificate


def may_confirm(member: Member, certificate: Certificate) -> bool:
    """Administrators of the holder's organization, not the holder."""
    if member.pk == certificate.member_id:
        return False
    return is_organization_admin(member, certificate.member.organization_id)
