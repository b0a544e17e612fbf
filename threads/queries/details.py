"""What is told of threads besides their rows: resolution, practice, following; at a fixed cost."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from community.events import thread_stream
from community.events.reading import newest_numbers
from community.models import Member
from community.queries.prepared import Prepared
from threads.models import Following, Post, Practice, Resolution, Thread
from threads.queries.archive import practices_visible_to
from threads.queries.swarm import helpers_by_thread
from threads.queries.threads import threads_visible_to, with_row_parts


@dataclass(frozen=True)
class ThreadDetails:
    """A thread as one viewer sees it. `practice` only when they may see it; `seq` is where its live stream stands."""

    thread: Thread
    following: bool
    seq: int
    resolution: Resolution | None
    practice: Practice | None
    helpers: list[Member]


def details_of(viewer: Member, threads: Iterable[Thread]) -> list[ThreadDetails]:
    """The details of threads that the viewer has been found to see, in order; in nine queries at most."""
    threads = list(threads)
    ids = [thread.pk for thread in threads]
    keys = {thread.pk: thread_stream(thread.pk) for thread in threads}
    seqs = newest_numbers(keys.values())
    followed = Following.objects.filter(member=viewer, thread_id__in=ids, wanted=True)
    following = set(followed.values_list("thread_id", flat=True))
    standing = Resolution.objects.filter(thread_id__in=ids, reopened_at__isnull=True)
    solving = Prefetch("posts", Post.objects.only("pk").order_by("number"))
    resolutions = {row.thread_id: row for row in standing.select_related("resolved_by").prefetch_related(solving)}
    practices = practices_visible_to(viewer).filter(thread_id__in=ids).only("pk", "thread_id")
    recorded = {row.thread_id: row for row in practices}
    helpers = helpers_by_thread(ids)
    prefetch_related_objects(threads, "product_version", "next_action_by")
    return [
        ThreadDetails(
            thread=thread,
            following=thread.pk in following,
            seq=seqs.get(keys[thread.pk], 0),
            resolution=resolutions.get(thread.pk),
            practice=recorded.get(thread.pk),
            helpers=[helper.member for helper in helpers.get(thread.pk, [])],
        )
        for thread in threads
    ]


def thread_visible_to(viewer: Member, thread_id: int) -> Thread | None:
    """The thread with that id and what a row shows of it, when the viewer may see it."""
    return with_row_parts(threads_visible_to(viewer)).filter(pk=thread_id).first()


def threads_seen_among(viewer: Member, thread_ids: Collection[int]) -> set[int]:
    """Those of the threads that the viewer may see."""
    return {pk for (pk,) in _seen(viewer, ids=sorted(thread_ids)).rows}


def _those_seen(viewer: Member, ids: list[int]) -> QuerySet[Any, tuple[int]]:
    return threads_visible_to(viewer).filter(pk__in=ids).order_by().values_list("pk")


_seen = Prepared(_those_seen)


def _marked(posts: list[int]) -> QuerySet[Any, tuple[int]]:
    marks = Resolution.posts.through.objects.filter(post_id__in=posts, resolution__reopened_at__isnull=True)
    return marks.values_list("post_id")


_solutions = Prepared(_marked)


def solutions_among(post_ids: Collection[int]) -> set[int]:
    """Those of the posts that a standing resolution names."""
    return {post for (post,) in _solutions(posts=list(post_ids)).rows}
