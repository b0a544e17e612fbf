"""Who may see a thread or practice, as a predicate: the rungs of its audience within a space, and guests.

Its other face is `queries.audience`.
"""

from django.db.models import QuerySet

from community.models import Member
from community.policies.spaces import may_see_space
from community.queries.prepared import Prepared
from threads.models import Guest, Thread
from threads.models.audience import Audience, Audienced


def may_see(member: Member, thing: Audienced) -> bool:
    """Whether the member may see a thread or practice: its audience, or (a thread) those who were let in by name."""
    return is_in_audience(member, thing) or guest_right(member, thing) is not None


def is_in_audience(member: Member, thing: Audienced) -> bool:
    """Whether the audience reaches the member: the space first, then its own.

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


def _let_in(member: int, thread: int) -> "QuerySet[Guest, tuple[bool]]":
    return Guest.objects.filter(member_id=member, thread_id=thread, until__isnull=True).values_list("reads_only")


_guest = Prepared(_let_in)


def guest_right(member: Member, thing: Audienced) -> bool | None:
    """What somebody may do who was let into a thread: write too (True) or only read (False); None for others."""
    if not (member.is_active and isinstance(thing, Thread)):
        return None
    rows = _guest(member=member.pk, thread=thing.pk).rows
    return not rows[0][0] if rows else None
