"""Titles and addresses of threads, posts and practices, for those who may see them."""

from community.events.reactors import Label
from community.models import Member
from threads.queries.archive import practices_visible_to
from threads.queries.posts import posts_visible_to
from threads.queries.threads import threads_visible_to


def describe_threads(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of the threads the viewer may see."""
    return {row.pk: Label(row.title, row.get_absolute_url()) for row in threads_visible_to(viewer).filter(pk__in=ids)}


def describe_posts(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of the posts in threads the viewer may see; the title is the thread's."""
    posts = posts_visible_to(viewer).filter(pk__in=ids).select_related("thread")
    return {row.pk: Label(row.thread.title, row.get_absolute_url()) for row in posts}


def describe_practices(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of the practices the viewer may see."""
    return {row.pk: Label(row.title, row.get_absolute_url()) for row in practices_visible_to(viewer).filter(pk__in=ids)}
