"""The names that an organization watches for. They are its own secret: always asked for one organization."""

from community.models import Member
from threads.models import WatchedName


def names_watched_for(member: Member) -> list[str]:
    """The names to look for in what this member writes: those of their own organization."""
    return names_watched_by(member.organization_id)


def names_watched_by(organization_id: int) -> list[str]:
    """The names that an organization watches for in what is its own, whoever handles it."""
    return list(WatchedName.objects.filter(organization_id=organization_id).values_list("name", flat=True))


def watched_names(member: Member) -> list[WatchedName]:
    """The names that the member's organization watches for, with who added each."""
    rows = WatchedName.objects.filter(organization_id=member.organization_id)
    return list(rows.select_related("added_by").order_by("folded"))


def watched_name(member: Member, pk: int) -> WatchedName | None:
    """One of them; None for another organization's as for what is not there."""
    return WatchedName.objects.filter(pk=pk, organization_id=member.organization_id).first()
