"""What a member is in a thread, found out once for many questions about it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from community.models import Grant, Member
from community.queries.prepared import Prepared
from threads.models import Practice, Thread
from threads.policies.audience import may_see


@dataclass(frozen=True)
class Rights:
    """Whether the member sees the thread (or practice), and which roles they have in its space."""

    sees: bool
    moderates: bool
    curates: bool


def _granted(member: int, space: int) -> QuerySet[Grant, tuple[str]]:
    return Grant.objects.filter(member_id=member, space_id=space).values_list("role")


_roles = Prepared(_granted)


def rights_in(member: Member, thing: Thread | Practice) -> Rights:
    """The member's rights; none for whom the thing is not there. At most three queries."""
    if not may_see(member, thing):
        return Rights(sees=False, moderates=False, curates=False)
    if member.is_superuser:
        return Rights(sees=True, moderates=True, curates=True)
    if member.granted is False:
        return Rights(sees=True, moderates=False, curates=False)
    roles = {role for (role,) in _roles(member=member.pk, space=thing.space_id).rows}
    return Rights(sees=True, moderates=Grant.Role.MODERATOR in roles, curates=Grant.Role.CURATOR in roles)
