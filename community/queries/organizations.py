"""Organizations and centers."""

from collections.abc import Collection

from django.db.models import QuerySet

from community.models import Center, Grant, Member, Organization, Space


def member_organizations() -> QuerySet[Organization]:
    """Every organization that people belong to; imported archives are none."""
    return Organization.objects.exclude(kind=Organization.Kind.IMPORTED)


def organizations_in(space: Space) -> QuerySet[Organization]:
    """The organizations whose members may enter a space as such."""
    if space.audience == Space.Audience.ORGANIZATIONS:
        return member_organizations().filter(spaces=space)
    if space.audience == Space.Audience.MEMBERS:
        return member_organizations().filter(pk__in=space.members.values("organization_id"))
    return member_organizations()


def invites_into(member: Member) -> QuerySet[Organization]:
    """The organizations the member may invite into; the other face of `policies.members.may_invite`."""
    if not member.is_active:
        return Organization.objects.none()
    if member.is_superuser:
        return member_organizations()
    granted = Grant.objects.filter(member=member, role=Grant.Role.ORGANIZATION_ADMIN).values("organization_id")
    return member_organizations().filter(pk__in=granted)


def organizations_named(slugs: Collection[str]) -> list[Organization]:
    """The organizations with these slugs; unknown ones are left out."""
    return list(member_organizations().filter(slug__in=slugs))


def centers_of(organizations: QuerySet[Organization]) -> QuerySet[Center]:
    """The centers of these organizations, by name."""
    return Center.objects.filter(organization__in=organizations)
