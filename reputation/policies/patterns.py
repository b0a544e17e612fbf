"""Who is shown patterns in what members gave each other, and who reads who looked at them."""

from community.models import Grant, Member
from reputation.models import Flag


def may_review_patterns(member: Member) -> bool:
    """Network administrators, and whoever moderates anywhere, while they are active."""
    if not member.is_active or member.source_site:
        return False
    if member.is_superuser:
        return True
    return member.granted is not False and Grant.objects.filter(member=member, role=Grant.Role.MODERATOR).exists()


def may_review(member: Member, flag: Flag) -> bool:
    """Those, unless they are among whom it is about."""
    return may_review_patterns(member) and not flag.members.filter(pk=member.pk).exists()


def may_audit(member: Member) -> bool:
    """Network administrators read who looked at what; not of what is about themselves (`queries.flags`)."""
    return member.is_active and member.is_superuser
