"""The rungs of an audience, and guests, as conditions for querysets.

Of things and of members. Its other face is `policies.audience`.
"""

from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from community.models import Grant, Member, Space
from community.queries.spaces import spaces_visible_to
from threads.models import BEYOND_THE_SPACE, Guest, Thread
from threads.models.audience import Audience, Audienced

T = TypeVar("T", bound=Audienced)

# An empty Q would vanish from an OR, and everybody with it.
_EVERYBODY = Q(pk__isnull=False)


def visible_to(member: Member, things: QuerySet[T], *, guests: bool = True) -> QuerySet[T]:
    """Those of `things` that the member may see; without `guests` not what they were let into by name."""
    if not member.is_active:
        return things.none()
    if member.is_superuser:
        return things
    seen = Q(space__in=spaces_visible_to(member).values("pk")) & _rungs(member, things.model)
    if things.model is Thread:
        if not guests:
            return things.filter(seen)
        seen |= Q(pk__in=_let_in(member=member).values("thread_id"))
    else:
        seen |= Q(audience__in=BEYOND_THE_SPACE)
    return things.filter(seen)


def _let_in(**whom: Member | Thread) -> QuerySet[Guest]:
    return Guest.objects.filter(**whom, until__isnull=True).order_by()


def _rungs(member: Member, model: type[Audienced]) -> Q:
    through: Any = model.audience_organizations.through
    named = through.objects.filter(organization_id=member.organization_id)
    named_ids = named.values(f"{model._meta.model_name}_id")
    seen = Q(audience=Audience.SPACE)
    seen |= Q(audience__in=[Audience.ORGANIZATION, Audience.ORGANIZATIONS], organization_id=member.organization_id)
    seen |= Q(audience=Audience.ORGANIZATIONS, pk__in=named_ids)
    if member.center_id is not None:
        seen |= Q(audience=Audience.CENTER, center_id=member.center_id)
    return seen


def viewers_of(thing: Audienced, members: QuerySet[Member]) -> QuerySet[Member]:
    """Those of `members` who may see the thing: the same rule, asked for many members at once."""
    if thing.audience in BEYOND_THE_SPACE:
        return members.filter(is_active=True)
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


def _on_rung(thing: Audienced) -> Q:
    if thing.audience == Audience.SPACE:
        return _EVERYBODY
    if thing.audience == Audience.CENTER:
        return Q(center_id=thing.center_id)
    own = Q(organization_id=thing.organization_id)
    if thing.audience == Audience.ORGANIZATIONS:
        return own | Q(organization__in=thing.audience_organizations.values("pk"))
    return own
