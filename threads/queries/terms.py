"""Terms of curators: those that somebody plans or sees, and those whose time has come."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from community.events.reactors import Label
from community.models import Member
from community.rules import clock
from threads.models import CuratorTerm
from threads.policies.desk import may_plan_terms
from threads.queries.curated import spaces_curated_by

_AT_ONCE = 50
_SHOWN = 200


def terms_visible_to(viewer: Member) -> QuerySet[CuratorTerm]:
    """Who plans them sees all, curators those of their spaces, everybody their own."""
    if may_plan_terms(viewer):
        return CuratorTerm.objects.all()
    return CuratorTerm.objects.filter(Q(space__in=spaces_curated_by(viewer).values("pk")) | Q(member=viewer))


def terms_listed_for(viewer: Member) -> list[CuratorTerm]:
    """Those that run or are to come, by space and beginning."""
    found = terms_visible_to(viewer).filter(ended_at__isnull=True)
    found = found.select_related("space", "member__organization", "by__organization")
    return list(found.order_by("space__name", "starts_at", "pk")[:_SHOWN])


def own_terms(viewer: Member) -> list[CuratorTerm]:
    """The viewer's own terms that run now, the one that ends first first."""
    running = CuratorTerm.objects.filter(member=viewer, began_at__isnull=False, ended_at__isnull=True)
    return list(running.select_related("space").order_by("ends_at")[:3])


def terms_to_begin(besides: Collection[Any] = ()) -> list[int]:
    """Terms whose beginning has come, but for some."""
    due = CuratorTerm.objects.filter(ended_at__isnull=True, began_at__isnull=True, starts_at__lte=clock.now())
    due = due.exclude(pk__in=list(besides))
    return list(due.order_by("starts_at").values_list("pk", flat=True)[:_AT_ONCE])


def terms_to_end(besides: Collection[Any] = ()) -> list[int]:
    """Terms whose end has come, but for some."""
    due = CuratorTerm.objects.filter(ended_at__isnull=True, began_at__isnull=False, ends_at__lte=clock.now())
    due = due.exclude(pk__in=list(besides))
    return list(due.order_by("ends_at").values_list("pk", flat=True)[:_AT_ONCE])


def describe_terms(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """What an inbox calls the terms that the viewer may see."""
    found = terms_visible_to(viewer).filter(pk__in=ids).values_list("pk", "space__name")
    return {pk: Label(_("Curator of %(space)s") % {"space": name}, reverse("terms")) for pk, name in found}


def seen_terms(viewer: Member, ids: list[int]) -> set[int]:
    """Those of the terms that the viewer may see."""
    return set(terms_visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))
