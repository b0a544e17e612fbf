"""Members as others see them."""

import hashlib
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from community.models import ApiToken, Assignment, Grant, Member
from community.queries.prepared import Prepared


def members_visible_to(member: Member) -> QuerySet[Member]:
    """Everybody of the network, former and imported members too, because their contributions are signed with their
    names."""
    if not member.is_active:
        return Member.objects.none()
    return Member.objects.select_related("organization", "center")


def people_listed_for(member: Member, *, text: str = "", after: str = "", limit: int = 50) -> list[Member]:
    """The directory by handle, from after the handle `after`: active members whose name or handle contains `text`.

    Authors that were imported are left out: nobody can be reached there.
    """
    people = members_visible_to(member).filter(is_active=True, source_site="").order_by("handle")
    if text:
        people = people.filter(name__icontains=text) | people.filter(handle__icontains=text)
    if after:
        people = people.filter(handle__gt=after)
    return list(people[:limit])


def members_by_handle(handles: Collection[str]) -> list[Member]:
    """The active members with these handles, in any order."""
    if not handles:
        return []
    return list(Member.objects.filter(handle__in=[handle.lower() for handle in handles], is_active=True))


def colleague_named(member: Member, handle: str) -> Member | None:
    """The active member of that handle in the same organization, who may be the member themselves."""
    colleagues = members_visible_to(member).filter(organization=member.organization_id, is_active=True, source_site="")
    return colleagues.filter(handle=handle.replace("\0", "").lower()).first()


def token_digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def member_by_token(token: str) -> Member | None:
    """The active member whose token this is, None when it is unknown, revoked, or theirs no more."""
    found = _by_digest(digest=token_digest(token)).first()
    if found is None:
        return None
    member: Member = found.member
    member.granted = found.member_granted
    return member


def members_by_digest(digests: Collection[str]) -> dict[str, Member]:
    """The active members whose tokens have these digests, of those that are good; their organizations are loaded."""
    return {row.digest: row.member for row in _good_tokens().filter(digest__in=digests)}


def _good_tokens() -> QuerySet[ApiToken]:
    tokens = ApiToken.objects.select_related("member__organization")
    return tokens.filter(revoked_at__isnull=True, member__is_active=True)


def _good_token(digest: str) -> QuerySet[Any]:
    granted = Exists(Grant.objects.filter(member_id=OuterRef("member_id")))
    return _good_tokens().filter(digest=digest).annotate(member_granted=granted)


_by_digest = Prepared(_good_token)


def members_present_without_name() -> set[int]:
    """The ids of those who want to be counted without their name where they are present."""
    return set(Member.objects.filter(present_without_name=True).values_list("pk", flat=True))


def active_member(member_id: int) -> Member | None:
    """The member with that id, None when they may not do anything any more."""
    return Member.objects.select_related("organization").filter(pk=member_id, is_active=True).first()


def grants_of(member: Member) -> list[Grant]:
    """The network roles a member has, each with its space or organization."""
    return list(Grant.objects.filter(member=member).select_related("space", "organization").order_by("role", "pk"))


def member_visible_to(viewer: Member, handle: str) -> Member | None:
    """The member with that handle, when the viewer may see them."""
    return members_visible_to(viewer).filter(handle=handle.lower()).first()


def member_with_handle(handle: str) -> Member | None:
    """The member with that handle, for the site's own commands, which look with nobody's eyes."""
    return Member.objects.filter(handle=handle).first()


def assignments_of(member: Member) -> list[Assignment]:
    """The member's working roles, newest first."""
    return list(member.assignments.select_related("role", "center")[:20])
