"""What strangers said of a practice, for who deals with it."""

from threads.models import Practice, PublicReport

MOST = 20


def waiting_reports(practice: Practice) -> list[PublicReport]:
    """Reports that nobody has dealt with, the newest first."""
    waiting = PublicReport.objects.filter(practice=practice, handled_at__isnull=True)
    return list(waiting.order_by("-pk")[:MOST])
