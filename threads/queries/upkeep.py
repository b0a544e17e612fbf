"""Practices that the worker does something about."""

from collections.abc import Collection
from typing import Any

from django.db.models import F, QuerySet

from community.rules import clock
from threads.models import Practice
from threads.queries.verdicts import organizations_needed
from threads.rules.confidence import NEEDED, NEEDED_AMONG_FEW

_MOST_DUE = 50
_MOST_JUDGED = 100
_MOST_MASKED = 100


def due_untold(besides: Collection[Any] = ()) -> list[int]:
    """Practices that came due for review, however long ago, whose owners were not told so; but for some."""
    due = Practice.objects.filter(due_at__lte=clock.now(), owner__is_active=True).exclude(due_told=F("due_at"))
    due = due.exclude(confidence=Practice.Confidence.ARCHIVED).exclude(pk__in=list(besides))
    return list(due.order_by("due_at").values_list("pk", flat=True)[:_MOST_DUE])


def to_rejudge(besides: Collection[Any] = ()) -> list[int]:
    """Practices that are to be judged anew, but for some: those marked, and those judged while another number of
    organizations had to say that they work."""
    others = {NEEDED, NEEDED_AMONG_FEW} - {organizations_needed()}
    marked, stale = Practice.objects.filter(rejudge=True), Practice.objects.filter(needed__in=others, rejudge=False)
    found = _first(marked, besides, _MOST_JUDGED)
    return found + _first(stale, besides, _MOST_JUDGED - len(found))


def to_mask(besides: Collection[Any] = ()) -> list[int]:
    """Practices whose text is to be looked through for details once more, but for some."""
    return _first(Practice.objects.filter(mask_anew=True), besides, _MOST_MASKED)


def _first(practices: QuerySet[Practice], besides: Collection[Any], most: int) -> list[int]:
    return list(practices.exclude(pk__in=list(besides)).order_by("pk").values_list("pk", flat=True)[:most])
