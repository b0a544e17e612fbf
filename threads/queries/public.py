"""Practices that strangers may read: the only door without a viewer. It serves `public_text` and `public_html` only."""

from django.db.models import F, Q, QuerySet

from threads.models import UNRESOLVED, Practice, PracticeAudience

# Whether pages outside show them. Where they do not nobody is offered to make a practice public.
SERVED = True


def published_practices() -> QuerySet[Practice]:
    """The practices that are public now, while they can be trusted.

    Left out is what nobody should rely on: what is not validated (any more), was merged or retired, somebody warns of,
    or whose problem is open again. They come back by themselves; but a text that is older
    than the one people have tried stays inside until that one is published.
    """
    found = Practice.objects.filter(audience=PracticeAudience.PUBLIC, confidence=Practice.Confidence.VALIDATED)
    found = found.filter(merged_into__isnull=True, warned_at__isnull=True, published_version__gt=0)
    found = found.filter(published_version__gte=F("judged_from"))
    return found.filter(Q(thread__isnull=True) | ~Q(thread__status__in=UNRESOLVED))
