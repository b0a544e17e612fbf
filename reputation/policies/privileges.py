"""Who may do what by what they earned in a subject.

Looked up whenever it is asked, and kept nowhere, so that a privilege is gone with the standing it came from. No role is
given by standing: curators, moderators and administrators are appointed.
"""

from collections.abc import Collection

from community.models import Member
from reputation.models import Standing
from reputation.rules.points import THRESHOLDS
from reputation.rules.privileges import Privilege, is_subject


def earned_in(member: Member, scopes: Collection[str]) -> dict[str, int]:
    """The member's points in each of these subjects; nothing for who has no access, or never had."""
    subjects = [scope for scope in scopes if is_subject(scope)]
    if not subjects or not member.is_active or member.source_site:
        return {}
    rows = Standing.objects.filter(member=member, scope__in=subjects, points__gt=0)
    return dict(rows.values_list("scope", "points"))


def suffices(earned: dict[str, int], privilege: Privilege) -> bool:
    """Whether what somebody earned in subjects gives them the privilege there: enough in one of them."""
    return max(earned.values(), default=0) >= THRESHOLDS[privilege]


def has(member: Member, privilege: Privilege, scopes: Collection[str]) -> bool:
    """Whether the member has a privilege in what is about these subjects."""
    return suffices(earned_in(member, scopes), privilege)
