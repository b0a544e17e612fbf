"""What everybody in a thread sees, as conditions for querysets.

Its other face is `policies.audience.everybody_sees`.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from community.models import Space
from threads.models import BEYOND_THE_SPACE, Audience, Guest, Thread
from threads.models.audience import Audienced

_INSIDE_ONE = (Audience.CENTER, Audience.ORGANIZATION)
_ALL = Q(pk__isnull=False)
_FOR_THE_NETWORK = Q(audience__in=BEYOND_THE_SPACE) | Q(audience=Audience.SPACE, space__audience=Space.Audience.NETWORK)


def seen_by_all_in(thread: Thread, model: type[Audienced]) -> Q:
    """Those things of a kind that everybody sees who sees the thread. One query, for guests."""
    if Guest.objects.filter(thread=thread, until__isnull=True).exists():
        return _FOR_THE_NETWORK
    near = Q(audience=Audience.SPACE)
    if thread.audience in _INSIDE_ONE:
        through: Any = model.audience_organizations.through
        named = through.objects.filter(organization_id=thread.organization_id)
        both = (Audience.ORGANIZATION, Audience.ORGANIZATIONS)
        near |= Q(audience__in=both, organization_id=thread.organization_id)
        near |= Q(audience=Audience.ORGANIZATIONS, pk__in=named.values(f"{model._meta.model_name}_id"))
    if thread.audience == Audience.CENTER:
        near |= Q(audience=Audience.CENTER, center_id=thread.center_id)
    return _FOR_THE_NETWORK | (Q(space_id=thread.space_id) & near)


def where_all_see(thing: Audienced) -> Q:
    """Those threads in which everybody sees a thing, whose space is loaded."""
    for_the_network = thing.audience == Audience.SPACE and thing.space.audience == Space.Audience.NETWORK
    if for_the_network or thing.audience in BEYOND_THE_SPACE:
        return _ALL
    guests = Guest.objects.filter(thread=OuterRef("pk"), until__isnull=True)
    there = Q(space_id=thing.space_id) & ~Q(Exists(guests))
    if thing.audience == Audience.SPACE:
        return there
    if thing.audience == Audience.CENTER:
        return there & Q(audience=Audience.CENTER, center_id=thing.center_id)
    organizations = Q(organization_id=thing.organization_id)
    if thing.audience == Audience.ORGANIZATIONS:
        organizations |= Q(organization__in=thing.audience_organizations.values("pk"))
    return there & Q(audience__in=_INSIDE_ONE) & organizations
