"""What stands beside a thread already: threads that it is linked with, practices that were applied in it."""

from collections.abc import Collection

from community.models import Member
from threads.models import Asked, HelpRequest, Relation, Reuse, Thread
from threads.queries.threads import threads_visible_to
from threads.rendering.reasons import Titled


def linked_from(thread: Thread) -> set[int]:
    """The ids of the threads that it is linked to; to be shown only beside those that the viewer sees anyway."""
    return set(Relation.objects.filter(thread=thread).values_list("other_id", flat=True))


def applied_in(thread: Thread) -> set[int]:
    """The ids of the practices that were used in it; to be shown only beside those that the viewer sees anyway."""
    return set(Reuse.objects.filter(thread=thread, until__isnull=True).values_list("practice_id", flat=True))


def has_asked(request: HelpRequest) -> bool:
    """Whether a request has asked somebody yet."""
    return Asked.objects.filter(request=request).exists()


def titled(viewer: Member, thread_ids: Collection[int]) -> dict[int, Titled]:
    """Those of the threads that the viewer may see, by id, as sentences name them."""
    rows = threads_visible_to(viewer).filter(pk__in=thread_ids).only("title") if thread_ids else []
    return {row.pk: Titled(row.title, row.get_absolute_url()) for row in rows}
