"""Who may see a thread or practice, as a predicate: the rungs of its audience within a space, and guests.

Its other face is `queries.audience`.
"""

from django.db.models import QuerySet

from community.models import Member, Space
from community.policies.spaces import may_see_space
from community.queries.prepared import Prepared
from threads.models import BEYOND_THE_SPACE, Guest, Thread
from threads.models.audience import Audience, Audienced


def may_see(member: Member, thing: Audienced) -> bool:
    """Whether the member may see a thread or practice: its audience, or (a thread) those who were let in by name."""
    return is_in_audience(member, thing) or guest_right(member, thing) is not None


def is_in_audience(member: Member, thing: Audienced) -> bool:
    """Whether the audience reaches the member: the space first, then its own.

    The organization and center are those of its author when it was written, so that somebody who changes sides
    takes nothing along. Network administrators see everything. What is for the whole network (a practice) is for
    everybody active, whoever sees its space.
    """
    if thing.audience in BEYOND_THE_SPACE:
        return member.is_active
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


def everybody_sees(thing: Audienced, thread: Thread) -> bool:
    """Whether it is sure that everybody who sees the thread, guests too, sees the thing; else nothing is said there.

    What is not sure is false: that is always safe.
    """
    if thing.audience in BEYOND_THE_SPACE:
        return True
    if thing.audience == Audience.SPACE and thing.space.audience == Space.Audience.NETWORK:
        return True
    if thing.space_id != thread.space_id or Guest.objects.filter(thread=thread, until__isnull=True).exists():
        return False
    return thing.audience == Audience.SPACE or _reaches_as_far(thing, thread)


def _reaches_as_far(thing: Audienced, thread: Thread) -> bool:
    """Whether a thing of some organizations is for those that a thread of one is for. Both are in one space."""
    if thread.audience not in (Audience.CENTER, Audience.ORGANIZATION):
        return False
    if thing.audience == Audience.CENTER:
        return thread.audience == Audience.CENTER and thing.center_id == thread.center_id
    if thing.organization_id == thread.organization_id:
        return True
    named = thing.audience == Audience.ORGANIZATIONS
    return named and thing.audience_organizations.filter(pk=thread.organization_id).exists()
