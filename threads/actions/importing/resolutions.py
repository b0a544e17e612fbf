"""Accepted answers of an archive: they resolve their threads."""

from collections.abc import Sequence
from datetime import datetime

from community.events import action
from threads.actions.importing.lookups import Place
from threads.models import Resolution, Thread
from threads.rules.imported import ImportedReply


@action
def import_resolutions(*, solutions: Sequence[tuple[ImportedReply, Place]]) -> int:
    """Resolve, by the askers, the threads that never were resolved; how many.

    A thread that somebody reopened here keeps its own history.
    """
    places = {place.thread: (row, place) for row, place in solutions}
    for pk in Resolution.objects.filter(thread__in=places).values_list("thread_id", flat=True):
        places.pop(pk, None)
    threads = Thread.objects.select_for_update().order_by("pk").in_bulk(places)
    made = Resolution.objects.bulk_create(
        Resolution(
            thread=thread, has_solution=True, resolved_by_id=thread.author_id, resolved_at=_resolved_at(places[pk][0])
        )
        for pk, thread in threads.items()
    )
    through = Resolution.posts.through
    through.objects.bulk_create(
        through(resolution_id=resolution.pk, post_id=places[resolution.thread_id][1].post) for resolution in made
    )
    Thread.objects.filter(pk__in=threads).update(status=Thread.Status.RESOLVED)
    return len(made)


def _resolved_at(row: ImportedReply) -> datetime:
    """When the asker accepted; dumps give the day only, so never before the answer itself."""
    return max(row.accepted_at or row.post.created_at, row.post.created_at)
