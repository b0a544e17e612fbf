"""Titles and addresses of threads, posts and practices, for those who may see them."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from community.events.reactors import Label
from community.models import Member
from community.queries.prepared import Prepared
from threads.queries.archive import practices_visible_to
from threads.queries.bulletins import bulletins_visible_to
from threads.queries.playbooks import playbooks_visible_to, runs_visible_to, steps_visible_to
from threads.queries.posts import posts_visible_to
from threads.queries.reuse import labels_of
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


def describe_playbooks(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of the playbooks the viewer may see."""
    rows = playbooks_visible_to(viewer).filter(pk__in=ids).only("title")
    return {row.pk: Label(row.title, row.get_absolute_url()) for row in rows}


def describe_runs(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of runs in threads the viewer may see; the title is the thread's."""
    rows = runs_visible_to(viewer).filter(pk__in=ids).select_related("thread").only("thread__title")
    return {row.pk: Label(row.thread.title, row.get_absolute_url()) for row in rows}


def describe_steps(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of steps of runs in threads the viewer may see: where they are in their checklist."""
    rows = steps_visible_to(viewer).filter(pk__in=ids).select_related("run__thread")
    return {row.pk: Label(row.run.thread.title, f"{row.run.get_absolute_url()}#step-{row.key}") for row in rows}


def seen_suggestions(viewer: Member, ids: list[int]) -> set[int]:
    """Those of some suggested edits that the viewer may see."""
    return {pk for pk in ids if suggestion_visible_to(viewer, pk)}


def describe_bulletins(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of the bulletins the viewer may see."""
    rows = bulletins_visible_to(viewer).filter(pk__in=ids).values_list("pk", "title")
    return {pk: Label(title, reverse("bulletin", args=[pk])) for pk, title in rows}


def describe_reuses(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of uses of practices the viewer may see: the practice's; nothing is said of the thread."""
    rows = labels_of(viewer, ids)
    return {pk: Label(title, reverse("practice", args=[practice])) for pk, practice, title in rows}


def seen_reuses(viewer: Member, ids: list[int]) -> set[int]:
    """Those of some uses whose practice the viewer may see."""
    return {pk for pk, _practice, _title in labels_of(viewer, set(ids))}


class _Seen:
    """Those of some ids whose things the viewer may see; `by_marks` when all that decides that raises the marks."""

    def __init__(self, things: Callable[[Member], QuerySet[Any]], *, by_marks: bool = False) -> None:
        self.by_marks = by_marks
        self._among: Prepared[Any] = Prepared(lambda viewer, ids: things(viewer).filter(pk__in=ids).values_list("pk"))

    def __call__(self, viewer: Member, ids: list[int]) -> set[int]:
        return {pk for (pk,) in self._among(viewer, ids=ids).rows}


seen_threads = _Seen(threads_visible_to, by_marks=True)
seen_posts = _Seen(posts_visible_to, by_marks=True)
seen_practices = _Seen(practices_visible_to, by_marks=True)
seen_playbooks = _Seen(playbooks_visible_to)
seen_runs = _Seen(runs_visible_to)
seen_steps = _Seen(steps_visible_to)
seen_bulletins = _Seen(bulletins_visible_to)
