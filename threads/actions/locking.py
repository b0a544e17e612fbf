"""The first beat of every action here: lock the rows it will change, in one order, thread before posts.

The locks leave keys free (`no_key`): what others write beside a row and only refers to it need not wait, and so cannot
wait in a circle.
"""

from community.errors import NotThere
from threads.models import Post, Practice, Thread


def lock_thread(thread: Thread) -> Thread:
    """The thread as it is now, locked until the transaction ends, with what policies ask of it."""
    locked = (
        Thread.objects.select_for_update(of=("self",), no_key=True)
        .select_related("space", "product")
        .filter(pk=thread.pk)
        .first()
    )
    if locked is None:
        raise NotThere("no_thread")
    return locked


def lock_post(post: Post) -> Post:
    """The post as it is now, its thread locked first."""
    thread = lock_thread(post.thread)
    rows = Post.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("author", "organization").get(pk=post.pk)
    locked.thread = thread
    return locked


def lock_practice(practice: Practice) -> Practice:
    """The practice as it is now, locked."""
    rows = Practice.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("space", "product", "organization").filter(pk=practice.pk).first()
    if locked is None:
        raise NotThere("no_practice")
    return locked
