"""The spaces a member may see."""

from django.db.models import Q, QuerySet

from community.models import Grant, Member, Space
from community.queries.prepared import Prepared


def spaces_visible_to(member: Member) -> QuerySet[Space]:
    """Spaces open to the network, to the member's organization, to them by name, or in which they have a role."""
    if not member.is_active:
        return Space.objects.none()
    if member.is_superuser:
        return Space.objects.all()
    named = Space.organizations.through.objects.filter(organization_id=member.organization_id).values("space_id")
    invited = Space.members.through.objects.filter(member_id=member.pk).values("space_id")
    granted = Grant.objects.filter(member=member, space__isnull=False).values("space_id")
    return Space.objects.filter(
        Q(audience=Space.Audience.NETWORK)
        | Q(audience=Space.Audience.ORGANIZATIONS, pk__in=named)
        | Q(audience=Space.Audience.MEMBERS, pk__in=invited)
        | Q(pk__in=granted)
    )


_by_slug = Prepared(lambda viewer, slug: spaces_visible_to(viewer).filter(slug=slug))


def space_visible_to(member: Member, slug: str) -> Space | None:
    """The space with that slug, when the member may see it."""
    return _by_slug(member, slug=slug).first()


def spaces_listed_for(member: Member, *, after: str = "", limit: int = 50) -> list[Space]:
    """The spaces the member may see by slug, from after the slug `after`."""
    return list(spaces_visible_to(member).filter(slug__gt=after).order_by("slug")[:limit])
