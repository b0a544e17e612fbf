"""What a member is in a thread, found out once for many questions about it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from community.models import Grant, Member
from community.queries.prepared import Prepared
from threads.models import Helper, Thread
from threads.models.audience import Audienced
from threads.policies.audience import guest_right, is_in_audience


@dataclass(frozen=True)
class Rights:
    """Whether the member sees the thread (or practice), and which roles they have in its space.

    A `guest` sees it only because they were let in by name, and has no roles there; with `reads_only` they do not write
    either. `removed` says that they helped and somebody ended it, `administers` that they administer the thread's
    organization; None when nobody has looked.
    """

    sees: bool
    moderates: bool
    curates: bool
    guest: bool = False
    reads_only: bool = False
    removed: bool | None = None
    administers: bool | None = None


_NONE = Rights(sees=False, moderates=False, curates=False)


def _granted(member: int, space: int) -> QuerySet[Grant, tuple[str]]:
    return Grant.objects.filter(member_id=member, space_id=space).values_list("role")


def _removals(member: int, thread: int) -> QuerySet[Helper, tuple[int]]:
    return Helper.objects.filter(member_id=member, thread_id=thread, removed=True).values_list("pk")


_roles, _removed = Prepared(_granted), Prepared(_removals)


def rights_in(member: Member, thing: Audienced) -> Rights:
    """The member's rights; none for whom the thing is not there. At most four queries."""
    if not is_in_audience(member, thing):
        writes = guest_right(member, thing)
        return _NONE if writes is None else Rights(True, False, False, guest=True, reads_only=not writes)
    if member.is_superuser:
        return Rights(sees=True, moderates=True, curates=True)
    if member.granted is False:
        return Rights(sees=True, moderates=False, curates=False)
    roles = {role for (role,) in _roles(member=member.pk, space=thing.space_id).rows}
    return Rights(sees=True, moderates=Grant.Role.MODERATOR in roles, curates=Grant.Role.CURATOR in roles)


def is_removed(member: Member, thread: Thread, rights: Rights | None = None) -> bool:
    """Whether the member helped with the thread and was removed, and not invited again."""
    if rights is not None and rights.removed is not None:
        return rights.removed
    return bool(_removed(member=member.pk, thread=thread.pk).rows)
