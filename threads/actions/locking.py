"""The first beat of every action here: lock the rows it will change, in one order, thread before posts.

The record of a thread is locked after the thread, when both are; writing it live locks only records, by id.

The locks leave keys free (`no_key`): what others write beside a row and only refers to it need not wait, and so cannot
wait in a circle.
"""

from collections.abc import Collection

from django.db.models import QuerySet

from community.errors import NotThere
from community.queries.prepared import Prepared
from threads.models import Post, Practice, Thread, WorkingRecord


def _thread(pk: int) -> QuerySet[Thread]:
    rows = Thread.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("space", "product").filter(pk=pk)


def _post(pk: int, thread: int) -> QuerySet[Post]:
    rows = Post.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("author__organization", "organization").filter(pk=pk, thread_id=thread)


def _records(pks: list[int]) -> "QuerySet[WorkingRecord, tuple[int, int]]":
    rows = WorkingRecord.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    return rows.filter(pk__in=pks).values_list("pk", "version")


_locked_thread, _locked_post, _locked_records = Prepared(_thread), Prepared(_post), Prepared(_records)


def lock_thread(thread: Thread | int) -> Thread:
    """The thread as it is now, locked until the transaction ends, with what policies ask of it."""
    locked = _locked_thread(pk=thread if isinstance(thread, int) else thread.pk).first()
    if locked is None:
        raise NotThere("no_thread")
    return locked


def lock_post(post: Post) -> Post:
    """The post as it is now, its thread locked first."""
    locked = lock_post_in(lock_thread(post.thread_id), post)
    if locked is None:
        raise NotThere("no_post")
    return locked


def lock_post_in(thread: Thread, post: Post) -> Post | None:
    """The post as it is now, of a thread that is locked; None when it is no post of that thread."""
    locked = _locked_post(pk=post.pk, thread=thread.pk).first()
    if locked is not None:
        locked.thread = thread
    return locked


def lock_practice(practice: Practice) -> Practice:
    """The practice as it is now, locked."""
    rows = Practice.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("space", "product", "organization").filter(pk=practice.pk).first()
    if locked is None:
        raise NotThere("no_practice")
    return locked


def lock_record(thread: Thread) -> WorkingRecord:
    """The record of a thread as it is now, locked; made when there is none."""
    WorkingRecord.objects.get_or_create(thread=thread)
    rows = WorkingRecord.objects.select_for_update(of=("self",), no_key=True)
    record = rows.select_related("updated_by").get(pk=thread.pk)
    record.thread = thread
    return record


def lock_records(thread_ids: Collection[int]) -> dict[int, int]:
    """Lock the records of these threads; the number that each has come to, by thread."""
    return dict(_locked_records(pks=list(thread_ids)).things())
