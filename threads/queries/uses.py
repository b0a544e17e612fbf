"""Uses of practices in threads, as far as the viewer sees both ends."""

from django.db.models import Exists, OuterRef, QuerySet

from community.models import Member
from threads.models import Reuse
from threads.queries.archive import practices_visible_to
from threads.queries.threads import threads_visible_to


def reuses_visible_to(viewer: Member) -> QuerySet[Reuse]:
    """Every use that stands, of a practice and in a thread that the viewer sees."""
    return uses_seen_by(viewer).filter(Exists(practices_visible_to(viewer).filter(pk=OuterRef("practice_id"))))


def uses_seen_by(viewer: Member) -> QuerySet[Reuse]:
    """The same of practices that the viewer sees anyhow: each thread is looked at by itself, so a few cost little."""
    seen = threads_visible_to(viewer).filter(pk=OuterRef("thread_id"))
    return Reuse.objects.filter(Exists(seen), until__isnull=True)
