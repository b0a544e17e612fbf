"""Who may see a space, and who has a role in it."""

from community.models import Grant, Member, Space


def may_see_space(member: Member, space: Space) -> bool:
    """The predicate that agrees with `queries.spaces_visible_to`.

    The space's audience, and whoever has a role in it.
    """
    if not member.is_active:
        return False
    if member.is_superuser or space.audience == Space.Audience.NETWORK:
        return True
    if member.granted is not False and Grant.objects.filter(member=member, space=space).exists():
        return True
    if space.audience == Space.Audience.ORGANIZATIONS:
        return space.organizations.filter(pk=member.organization_id).exists()
    return space.members.filter(pk=member.pk).exists()


def is_curator(member: Member, space: Space) -> bool:
    """Whether the member looks after the practices of this space."""
    curating = Grant.objects.filter(member=member, role=Grant.Role.CURATOR, space=space)
    return member.is_active and (member.is_superuser or curating.exists())
