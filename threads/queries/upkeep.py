"""Practices that the worker does something about."""

from datetime import timedelta

from django.db.models import CharField, Exists, OuterRef, Value
from django.db.models.functions import Cast, Concat

from community.models import InboxItem
from community.rules import clock
from threads.models import Practice

_MOST_DUE = 50
_MOST_JUDGED = 100
# What was due longer ago was told, or somebody does not want to be told.
_LATELY = timedelta(days=1)


def due_untold(kind: str) -> list[int]:
    """Practices that came due for review, whose owners were not told so by this kind of notice."""
    now = clock.now()
    subject = Concat(Value("practice:"), Cast("pk", CharField()))
    told = InboxItem.objects.filter(
        member=OuterRef("owner"), kind=kind, subject=OuterRef("subject"), at__gte=OuterRef("due_at")
    )
    due = Practice.objects.filter(due_at__lte=now, due_at__gt=now - _LATELY, owner__is_active=True)
    due = due.exclude(confidence=Practice.Confidence.ARCHIVED).annotate(subject=subject)
    return list(due.exclude(Exists(told)).order_by("due_at").values_list("pk", flat=True)[:_MOST_DUE])


def to_rejudge() -> list[int]:
    """Practices that are to be judged anew."""
    return list(Practice.objects.filter(rejudge=True).order_by("pk").values_list("pk", flat=True)[:_MOST_JUDGED])
