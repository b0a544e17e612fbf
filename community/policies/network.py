"""Who runs the network itself: its organizations, spaces, roles and lists."""

from community.models import Member


def may_administer(member: Member) -> bool:
    """Network administrators, while they are active."""
    return member.is_active and member.is_superuser
