"""Who sees which parts of a member's contribution profile, and who sees and switches a leaderboard."""

from typing import NamedTuple

from community.models import Member
from community.policies.members import is_organization_admin
from reputation.models import Leaderboard, ProfileChoice
from reputation.models.profile import Circle

CONTRIBUTIONS, LEDGER, PEERS = "contributions", "ledger", "peers"
PARTS = (CONTRIBUTIONS, LEDGER, PEERS)


class Shown(NamedTuple):
    """A member, and the parts of their profile that one viewer sees. Only `shown_to` makes one."""

    member: Member
    parts: frozenset[str]


def shown_to(viewer: Member, member: Member) -> Shown:
    """Everything to the member; to others what the member chose, as long as the member can change that.

    Nobody sees more by a role: not administrators, moderators or coaches.
    """
    if not viewer.is_active:
        return Shown(member, frozenset())
    if viewer.pk == member.pk:
        return Shown(member, frozenset(PARTS))
    choice = ProfileChoice.objects.filter(member=member).first()
    if choice is None or not has_profile(member):
        return Shown(member, frozenset())
    near = {Circle.NETWORK}
    if viewer.organization_id == member.organization_id:
        near.add(Circle.ORGANIZATION)
    return Shown(member, frozenset(part for part in PARTS if getattr(choice, part) in near))


def has_profile(member: Member) -> bool:
    """Whoever is here to choose what is shown: not who left, nor an imported author."""
    return member.is_active and not member.source_site


def may_choose(by: Member) -> bool:
    """Everybody for themselves."""
    return has_profile(by)


def may_switch_leaderboard(by: Member) -> bool:
    """Administrators, in their own organization."""
    return has_profile(by) and is_organization_admin(by, by.organization_id)


def may_see_leaderboard(viewer: Member) -> bool:
    """Members, of their own organization, while it is switched on. There is none of any other."""
    return has_profile(viewer) and leaderboard_of(viewer) is not None


def leaderboard_of(member: Member) -> Leaderboard | None:
    """That of the member's organization, when it is switched on."""
    rows = Leaderboard.objects.filter(organization_id=member.organization_id, until__isnull=True)
    return rows.select_related("switched_on_by").first()
