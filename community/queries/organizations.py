"""Organizations."""

from collections.abc import Collection

from django.db.models import QuerySet

from community.models import Organization, Space


def member_organizations() -> QuerySet[Organization]:
    """Every organization that people belong to; imported archives are none."""
    return Organization.objects.exclude(kind=Organization.Kind.IMPORTED)


def organizations_in(space: Space) -> QuerySet[Organization]:
    """The organizations whose members may enter a space as such."""
    if space.audience == Space.Audience.ORGANIZATIONS:
        return space.organizations.exclude(kind=Organization.Kind.IMPORTED)
    return member_organizations()


def organizations_named(slugs: Collection[str]) -> list[Organization]:
    """The organizations with these slugs; unknown ones are left out."""
    return list(member_organizations().filter(slug__in=slugs))
