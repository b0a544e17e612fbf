"""Organizations, their centers, and who works there as what. For network administrators."""

from collections.abc import Sequence
from datetime import date, time

from django.utils.translation import gettext as _

from community.actions.checks import check, check_center, check_zone
from community.actions.network import judge_administrator
from community.errors import Invalid
from community.events import action
from community.events.reactors import MEMBER_CHANGED, react
from community.models import Assignment, Center, Member, Organization, WorkRole
from community.rules import clock
from community.rules.hours import every_weekday


@action
def create_organization(
    *, by: Member, slug: str, name: str, kind: str = Organization.Kind.MEMBER, description: str = ""
) -> Organization:
    """Let an organization into the network. Raises Invalid when its name or slug is taken."""
    judge_administrator(by)
    organization = Organization(slug=slug, name=name, kind=kind, description=description, created_at=clock.now())
    check(organization)
    organization.save()
    return organization


@action
def create_center(
    *,
    by: Member,
    organization: Organization,
    name: str,
    time_zone: str,
    region: str = "",
    opens_at: time = time(8),
    closes_at: time = time(17),
    working_days: Sequence[int] = (),
) -> Center:
    """Open a support center. Hours are local to its zone; without `working_days` it works from Monday to Friday."""
    judge_administrator(by)
    check_zone(time_zone)
    center = Center(
        organization=organization, name=name, region=region, time_zone=time_zone,
        opens_at=opens_at, closes_at=closes_at, working_days=sorted(set(working_days)) or every_weekday(),
    )  # fmt: skip
    check(center)
    center.save()
    return center


@action
def add_member(
    *,
    by: Member,
    organization: Organization,
    handle: str,
    name: str,
    email: str | None,
    center: Center | None = None,
    about: str = "",
    password: str | None = None,
) -> Member:
    """Make a member without an invitation, in the zone of their center.

    Without a password they ask for one by e-mail before they can sign in.

    Raises Invalid for a handle or address that is taken, and for a center of another organization.
    """
    judge_administrator(by)
    check_center(center, organization)
    member = Member(
        handle=handle.strip().lower(), name=name.strip(), email=(email or "").strip().lower() or None, about=about,
        organization=organization, center=center, time_zone=center.time_zone if center else "", joined_at=clock.now(),
    )  # fmt: skip
    member.set_password(password)
    check(member)
    member.save()
    react(MEMBER_CHANGED, member=member)
    return member


@action
def create_role(*, by: Member, name: str, tier: int = 1) -> WorkRole:
    """Add a kind of work to the network's list."""
    judge_administrator(by)
    role = WorkRole(name=name, tier=tier)
    check(role)
    role.save()
    return role


@action
def assign_role(
    *,
    by: Member,
    member: Member,
    role: WorkRole,
    starts_on: date,
    center: Center | None = None,
    ends_on: date | None = None,
) -> Assignment:
    """Say what a member works as, where and from when; what they did before is ended that day and kept.

    Raises Invalid when it would end before it starts.
    """
    judge_administrator(by)
    if ends_on is not None and ends_on < starts_on:
        raise Invalid({"ends_on": _("This is before the start. Choose a later day.")})
    earlier = Assignment.objects.filter(member=member, ends_on__isnull=True, starts_on__lte=starts_on)
    earlier.update(ends_on=starts_on)
    return Assignment.objects.create(member=member, role=role, center=center, starts_on=starts_on, ends_on=ends_on)
