"""Accepted answers of an archive: they resolve their threads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from community.actions.importing import Archive, lock_archive
from community.events import action
from threads.actions.importing.lookups import Place, known_posts, known_threads
from threads.models import Resolution, Thread
from threads.rules.imported import ImportedReply, ImportedSolution

Solved = tuple[list[int], datetime]


def threads_resolved(site: str, ids: Iterable[str]) -> set[str]:
    """Those of the ids that are threads from `site` which were resolved once."""
    keys = known_threads(site, ids)
    there = set(Resolution.objects.filter(thread__in=keys.values()).values_list("thread_id", flat=True))
    return {key for key, pk in keys.items() if pk in there}


@action
def import_resolutions(*, solutions: Sequence[tuple[ImportedReply, Place]]) -> int:
    """Resolve, by the askers, the threads that never were resolved; how many.

    A thread that somebody reopened here keeps its own history.
    """
    return _resolve({place.thread: ([place.post], _resolved_at(row)) for row, place in solutions})


@action
def import_solutions(*, archive: Archive, solutions: Sequence[ImportedSolution]) -> int:
    """The same with all replies that solved a thread at once; those that are not there count for nothing."""
    lock_archive(archive)
    places = known_posts(archive.site, (key for solution in solutions for key in solution.posts))
    threads = known_threads(archive.site, (solution.thread for solution in solutions))
    solved: dict[int, Solved] = {}
    for solution in solutions:
        thread = threads.get(solution.thread)
        posts = [places[key].post for key in solution.posts if key in places and places[key].thread == thread]
        if thread is not None and posts:
            solved[thread] = (posts, solution.at)
    return _resolve(solved)


def _resolve(solved: Mapping[int, Solved]) -> int:
    there = set(Resolution.objects.filter(thread__in=solved).values_list("thread_id", flat=True))
    threads = Thread.objects.select_for_update().order_by("pk").in_bulk([pk for pk in solved if pk not in there])
    made = Resolution.objects.bulk_create(
        Resolution(thread=thread, has_solution=True, resolved_by_id=thread.author_id, resolved_at=solved[pk][1])
        for pk, thread in threads.items()
    )
    through = Resolution.posts.through
    through.objects.bulk_create(
        through(resolution_id=resolution.pk, post_id=post)
        for resolution in made
        for post in solved[resolution.thread_id][0]
    )
    Thread.objects.filter(pk__in=threads).update(status=Thread.Status.RESOLVED)
    return len(made)


def _resolved_at(row: ImportedReply) -> datetime:
    """When the asker accepted; dumps give the day only, so never before the answer itself."""
    return max(row.accepted_at or row.post.created_at, row.post.created_at)
