"""Spaces, and who has a role in them or in an organization. For network administrators."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from community.actions.checks import check
from community.actions.network import judge_administrator
from community.errors import Invalid
from community.events import action
from community.events.reactors import DOORS_CHANGED, react
from community.models import Grant, Member, Organization, Space
from community.rules import clock


@action
def create_space(
    *,
    by: Member,
    slug: str,
    name: str,
    audience: str = Space.Audience.NETWORK,
    organizations: Iterable[Organization] = (),
    members: Iterable[Member] = (),
    description: str = "",
) -> Space:
    """Open a space to the network, to the organizations named, or to the members invited.

    Raises Invalid when its slug is taken, or when its audience names nobody.
    """
    judge_administrator(by)
    space = Space(slug=slug, name=name, audience=audience, description=description, created_at=clock.now())
    check(space)
    named, invited = list(organizations), list(members)
    if audience == Space.Audience.ORGANIZATIONS and not named:
        raise Invalid({"organizations": _("Name at least one organization.")})
    if audience == Space.Audience.MEMBERS and not invited:
        raise Invalid({"members": _("Invite at least one member.")})
    space.save()
    space.organizations.set(named)
    space.members.set(invited)
    return space


@action
def grant_role(
    *, by: Member, member: Member, role: str, space: Space | None = None, organization: Organization | None = None
) -> Grant:
    """Give a member a network role for one space or one organization. Giving it again changes nothing."""
    judge_administrator(by)
    if (space is None) == (organization is None):
        raise Invalid({"space": _("Choose a space or an organization, not both.")})
    if role == Grant.Role.ORGANIZATION_ADMIN and organization is None:
        raise Invalid({"organization": _("Choose the organization to be administered.")})
    if role not in Grant.Role.values:
        raise Invalid({"role": _("Choose a role from the list.")})
    held, _made = Grant.objects.get_or_create(
        member=member, role=role, space=space, organization=organization,
        defaults={"granted_by": by, "granted_at": clock.now()},
    )  # fmt: skip
    return held


@action
def revoke_role(*, by: Member, grant: Grant) -> None:
    """Take a role back; what the member saw only by it is closed to them at once."""
    judge_administrator(by)
    member_id = grant.member_id
    grant.delete()
    react(DOORS_CHANGED, member_ids=[member_id])
