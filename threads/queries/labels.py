"""Titles and addresses of threads, posts and practices, for those who may see them."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from community.events.reactors import Label
from community.models import Member
from community.queries.prepared import Prepared
from community.rules.ready import Statement
from community.rules.viewers import Somebody
from threads.queries.archive import practices_visible_to
from threads.queries.posts import posts_visible_to
from threads.queries.suggestions import suggestion_visible_to
from threads.queries.threads import threads_visible_to

_threads: Prepared[Any] = Prepared(
    lambda viewer, ids: threads_visible_to(viewer).filter(pk__in=ids).values_list("pk", "title")
)
_posts = Prepared(
    lambda viewer, ids: posts_visible_to(viewer).filter(pk__in=ids).select_related("thread").only("thread__title")
)
_practices = Prepared(lambda viewer, ids: practices_visible_to(viewer).filter(pk__in=ids).only("title"))


@lru_cache(maxsize=10_000)
def _address(thread_id: int) -> str:
    return reverse("thread", args=[thread_id])


def describe_threads(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of the threads the viewer may see."""
    return {pk: Label(title, _address(pk)) for pk, title in _threads(viewer, ids=sorted(ids)).rows}


def describe_posts(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of the posts in threads the viewer may see; the title is the thread's."""
    posts = _posts(viewer, ids=sorted(ids)).things()
    return {row.pk: Label(row.thread.title, row.get_absolute_url()) for row in posts}


def describe_practices(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of the practices the viewer may see."""
    return {row.pk: Label(row.title, row.get_absolute_url()) for row in _practices(viewer, ids=sorted(ids)).things()}


def describe_suggestions(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of the suggested edits the viewer may see; the title is the practice's."""
    found = (suggestion_visible_to(viewer, pk) for pk in sorted(ids))
    return {row.pk: Label(row.practice.title, reverse("suggestion", args=[row.pk])) for row in found if row}


def seen_suggestions(viewer: Member, ids: list[int]) -> set[int]:
    """Those of some suggested edits that the viewer may see."""
    return {pk for pk in ids if suggestion_visible_to(viewer, pk)}


class _Seen:
    """Those of some ids whose things the viewer may see."""

    def __init__(self, things: Callable[[Member], QuerySet[Any]]) -> None:
        self._among: Prepared[Any] = Prepared(lambda viewer, ids: things(viewer).filter(pk__in=ids).values_list("pk"))

    def __call__(self, viewer: Member, ids: list[int]) -> set[int]:
        return {pk for (pk,) in self._among(viewer, ids=ids).rows}

    def statement(self, viewer: Somebody, ids: list[int]) -> Statement | None:
        """What will be asked."""
        return self._among.statement(viewer, ids=ids)


seen_threads = _Seen(threads_visible_to)
seen_posts = _Seen(posts_visible_to)
seen_practices = _Seen(practices_visible_to)
