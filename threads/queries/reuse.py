"""Which practices were used in which threads, as far as the viewer sees both ends; what could be used."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from community.models import Member
from community.queries.prepared import Prepared
from threads.models import Practice, Reuse, Thread
from threads.policies.audience import everybody_sees
from threads.queries.archive import PracticeFilter, current, practices_visible_to
from threads.queries.evidence import text_of
from threads.queries.similar import similar
from threads.queries.threads import own_unresolved
from threads.queries.uses import reuses_visible_to

MOST_SHOWN = 20
MOST_COUNTED = 100
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~@&])")


def _in_thread(viewer: Member, thread: int) -> QuerySet[Reuse]:
    rows = reuses_visible_to(viewer).filter(thread_id=thread)
    return rows.select_related("practice", "by__organization", "solved_by").order_by("-pk")[:MOST_SHOWN]


def _by_practice(viewer: Member, practice: int, before: int, limit: int) -> QuerySet[Reuse]:
    rows = reuses_visible_to(viewer).filter(practice_id=practice, pk__lt=before)
    return rows.select_related("thread", "by__organization").order_by("-pk")[:limit]


def reuses_in(viewer: Member, thread: Thread) -> list[Reuse]:
    """What was used in a thread, the newest first: the practices that the viewer sees."""
    return list(_in_thread(viewer, thread.pk))


def uses_of(viewer: Member, practice: Practice, *, before: int = 2**63 - 1, limit: int = 5) -> list[Reuse]:
    """The newest uses of a practice, in threads that the viewer sees."""
    return list(_by_practice(viewer, practice.pk, before, limit))


def threads_using(viewer: Member, practice: Practice, *, limit: int = 5) -> tuple[list[Thread], int]:
    """The threads in which it was used lately, and in how many it was used: those that the viewer sees, up to 101."""
    shown = [use.thread for use in uses_of(viewer, practice, limit=limit)]
    if len(shown) < limit:
        return shown, len(shown)
    counted = reuses_visible_to(viewer).filter(practice=practice).order_by()[: MOST_COUNTED + 1]
    return shown, counted.count()


@dataclass(frozen=True)
class Usable:
    """A practice that may be used in a thread, and the link to it that a text in that thread may have.

    It names the practice only when everybody there sees it (`for_all`).
    """

    practice: Practice
    markdown: str
    for_all: bool


def usable_in(viewer: Member, thread: Thread | None, text: str, *, limit: int = 8) -> list[Usable]:
    """Practices that the viewer sees and could use: those with all the words, or those that are like the thread."""
    found = _with_words(viewer, thread, text, limit) if text.strip() else _like(viewer, thread, limit)
    return [as_usable(practice, thread) for practice in found]


def _with_words(viewer: Member, thread: Thread | None, text: str, limit: int) -> list[Practice]:
    rows = _in_use(viewer).filter(PracticeFilter(q=text[:100]).condition(viewer))
    if thread is not None:
        rows = rows.filter(Q(thread__isnull=True) | ~Q(thread=thread))
    return list(rows.order_by("-place", "-pk")[:limit])


def _like(viewer: Member, thread: Thread | None, limit: int) -> list[Practice]:
    if thread is None:
        return list(_in_use(viewer).order_by("-place", "-pk")[:limit])
    ids = [hit.id for hit in similar(viewer, text_of(thread), exclude=thread, kinds=("practice",), limit=limit)]
    found = _in_use(viewer).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _in_use(viewer: Member) -> QuerySet[Practice]:
    rows = current(practices_visible_to(viewer)).exclude(confidence=Practice.Confidence.ARCHIVED)
    return rows.filter(warned_at__isnull=True).select_related("space", "product")


def as_usable(practice: Practice, thread: Thread | None) -> Usable:
    """A practice, with the link to it for texts in a thread, or anywhere."""
    for_all = thread is not None and everybody_sees(practice, thread)
    words = _MARKDOWN.sub(r"\\\1", practice.title) if for_all else f"practice {practice.pk}"
    return Usable(practice, f"[{words}]({practice.get_absolute_url()})", for_all)


def own_open_threads(viewer: Member, practice: Practice, *, limit: int = 5) -> list[Thread]:
    """The first of those threads."""
    return list(threads_to_use_in(viewer, practice).select_related("space")[:limit])


def threads_to_use_in(viewer: Member, practice: Practice) -> QuerySet[Thread]:
    """The unresolved threads that the viewer asked, owns or helps with, where the practice may be what is missing."""
    used = Reuse.objects.filter(practice=practice, until__isnull=True).values("thread_id")
    return own_unresolved(viewer).exclude(pk=practice.thread_id or 0).exclude(pk__in=used)


def is_usable(practice: Practice) -> bool:
    """Whether it is said of a practice at once that it was used: not of one that is merged, retired or warned of."""
    retired = practice.confidence == Practice.Confidence.ARCHIVED
    return practice.is_current and not retired and practice.warned_at is None


_labelled: Prepared[Any] = Prepared(
    lambda viewer, ids: Reuse.objects.filter(
        pk__in=ids, practice__in=practices_visible_to(viewer).values("pk")
    ).values_list("pk", "practice_id", "practice__title")
)


def labels_of(viewer: Member, ids: set[int]) -> list[tuple[int, int, str]]:
    """Of some uses the practice and its title, where the viewer sees that; nothing of the threads."""
    return list(_labelled(viewer, ids=sorted(ids)).rows)
