"""The rungs of an audience, and guests, as conditions for querysets.

Of things and of members. Its other face is `policies.audience`.
"""

from typing import TypeVar

from django.db.models import Q, QuerySet

from community.models import Grant, Member, Space
from community.queries.spaces import spaces_visible_to
from threads.models import Guest, Practice, Thread
from threads.models.audience import Audience

T = TypeVar("T", Thread, Practice)

# An empty Q would vanish from an OR, and everybody with it.
_EVERYBODY = Q(pk__isnull=False)


def visible_to(member: Member, things: QuerySet[T]) -> QuerySet[T]:
    """Those of `things` that the member may see."""
    if not member.is_active:
        return things.none()
    if member.is_superuser:
        return things
    seen = Q(space__in=spaces_visible_to(member).values("pk")) & _rungs(member, things.model)
    if things.model is Thread:
        seen |= Q(pk__in=_let_in(member=member).values("thread_id"))
    return things.filter(seen)


def _let_in(**whom: Member | Thread) -> QuerySet[Guest]:
    return Guest.objects.filter(**whom, until__isnull=True).order_by()


def _rungs(member: Member, model: type[Thread] | type[Practice]) -> Q:
    named = model.audience_organizations.through.objects.filter(organization_id=member.organization_id)
    named_ids = named.values("thread_id" if model is Thread else "practice_id")
    seen = Q(audience=Audience.SPACE)
    seen |= Q(audience__in=[Audience.ORGANIZATION, Audience.ORGANIZATIONS], organization_id=member.organization_id)
    seen |= Q(audience=Audience.ORGANIZATIONS, pk__in=named_ids)
    if member.center_id is not None:
        seen |= Q(audience=Audience.CENTER, center_id=member.center_id)
    return seen


def viewers_of(thing: Thread | Practice, members: QuerySet[Member]) -> QuerySet[Member]:
    """Those of `members` who may see the thing: the same rule, asked for many members at once."""
    seeing = Q(is_superuser=True) | (_in_space(thing.space) & _on_rung(thing))
    if isinstance(thing, Thread):
        seeing |= Q(pk__in=_let_in(thread=thing).values("member_id"))
    return members.filter(is_active=True).filter(seeing)


def _in_space(space: Space) -> Q:
    if space.audience == Space.Audience.NETWORK:
        return _EVERYBODY
    granted = Q(pk__in=Grant.objects.filter(space=space).values("member_id"))
    if space.audience == Space.Audience.ORGANIZATIONS:
        return granted | Q(organization__in=space.organizations.values("pk"))
    return granted | Q(pk__in=space.members.values("pk"))


def _on_rung(thing: Thread | Practice) -> Q:
    if thing.audience == Audience.SPACE:
        return _EVERYBODY
    if thing.audience == Audience.CENTER:
        return Q(center_id=thing.center_id)
    own = Q(organization_id=thing.organization_id)
    if thing.audience == Audience.ORGANIZATIONS:
        return own | Q(organization__in=thing.audience_organizations.values("pk"))
    return own
