"""Who sends bulletins, and who sees how far they are read."""

from community.models import Grant, Member, Space
from community.policies.members import is_organization_admin
from community.policies.spaces import may_see_space
from threads.models import Audience, Bulletin
from threads.policies.audience import is_in_audience

_OWN = (Audience.CENTER, Audience.ORGANIZATION)


def may_see(member: Member, bulletin: Bulletin) -> bool:
    """Whom its audience reaches, until it is taken back; then only who sent it. The other face of
    `queries.bulletins.bulletins_visible_to`.
    """
    if not member.is_active:
        return False
    return is_in_audience(member, bulletin) if bulletin.ended_at is None else bulletin.sent_by_id == member.pk


def may_send(member: Member, space: Space, audience: str) -> bool:
    """To their own center and organization its administrators; to a space who moderates or curates it, these too."""
    if not may_see_space(member, space):
        return False
    if member.is_superuser or Grant.objects.filter(member=member, space=space).exists():
        return True
    return audience in _OWN and is_organization_admin(member, member.organization_id)


def may_end(member: Member, bulletin: Bulletin) -> bool:
    """Who sent it takes it back, and network administrators; what is an organization's own, its administrators too."""
    if bulletin.ended_at is not None or not may_see(member, bulletin):
        return False
    if bulletin.sent_by_id == member.pk or member.is_superuser:
        return True
    own = bulletin.audience in _OWN and bulletin.organization_id == member.organization_id
    return own and is_organization_admin(member, member.organization_id)
