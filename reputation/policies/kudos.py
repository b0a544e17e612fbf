"""Who thanks whom, and who takes thanks away again."""

from typing import NamedTuple

from community.models import Grant, Member, Space
from community.rules import clock
from reputation.models import Kudos


class Overseen(NamedTuple):
    """Whose thanks somebody may remove: everybody's, or those from and to members of some organizations."""

    everybody: bool = False
    organizations: frozenset[int] = frozenset()

    def covers(self, kudos: Kudos) -> bool:
        """Whether these thanks are among them."""
        concerned = {kudos.giver.organization_id, kudos.receiver.organization_id}
        return self.everybody or not self.organizations.isdisjoint(concerned)


def can_be_thanked(member: Member) -> bool:
    """Whoever is here to read it: not who left, nor an imported author."""
    return member.is_active and not member.source_site


def may_thank(giver: Member, receiver: Member) -> bool:
    """Whoever is active thanks anybody else who is here."""
    return giver.is_active and giver.pk != receiver.pk and can_be_thanked(receiver)


def may_take_back(member: Member, kudos: Kudos) -> bool:
    """The giver, within a day."""
    return member.is_active and kudos.giver_id == member.pk and kudos.stands and clock.now() < kudos.ends_at


def overseen_by(member: Member) -> Overseen:
    """What everybody reads is looked after by network administrators and moderators of spaces for the whole network.

    Moderators and administrators of an organization look after what its members write and are told.
    """
    if not member.is_active or (member.granted is False and not member.is_superuser):
        return Overseen()
    if member.is_superuser:
        return Overseen(everybody=True)
    roles = (Grant.Role.MODERATOR, Grant.Role.ORGANIZATION_ADMIN)
    held = list(Grant.objects.filter(member=member, role__in=roles).select_related("space"))
    return Overseen(
        any(grant.space.audience == Space.Audience.NETWORK for grant in held if grant.space),
        frozenset(grant.organization_id for grant in held if grant.organization_id is not None),
    )


def may_remove(member: Member, kudos: Kudos) -> bool:
    """Whoever looks after the giver's or the receiver's organization, or the whole network."""
    return kudos.stands and overseen_by(member).covers(kudos)
