"""The rungs of an audience within a space, as a predicate. Its other face is `queries.audience`."""

from community.models import Member
from community.policies.spaces import may_see_space
from threads.models.audience import Audience, Audienced


def may_see(member: Member, thing: Audienced) -> bool:
    """Whether the member may see a thread or practice: the space first, then its own audience.

    The organization and center are those of its author when it was written, so that somebody who changes sides
    takes nothing along. Network administrators see everything.
    """
    if not may_see_space(member, thing.space):
        return False
    if member.is_superuser or thing.audience == Audience.SPACE:
        return True
    if thing.audience == Audience.CENTER:
        return member.center_id is not None and member.center_id == thing.center_id
    if member.organization_id == thing.organization_id:
        return True
    named = thing.audience == Audience.ORGANIZATIONS
    return named and thing.audience_organizations.filter(pk=member.organization_id).exists()
