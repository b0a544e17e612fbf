"""What waits for the worker."""

from dataclasses import dataclass

from django.db.models import Count, Min

from community.models import Outbox
from community.rules import clock


@dataclass(frozen=True)
class Waiting:
    """How many notices wait, and how long the oldest has."""

    rows: int
    seconds: float


def waiting() -> Waiting:
    """What is in the outbox now."""
    found = Outbox.objects.aggregate(rows=Count("pk"), oldest=Min("created_at"))
    seconds = (clock.now() - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    return Waiting(found["rows"], max(0.0, seconds))
