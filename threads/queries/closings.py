"""Threads that were closed as duplicates."""

from django.urls import reverse

from community.events.reactors import Label, describe_with
from community.models import Member
from threads.models import DuplicateClosing, Thread
from threads.queries.threads import threads_visible_to


def closing_of(thread: Thread) -> DuplicateClosing | None:
    """How a thread that the viewer sees was closed as a duplicate, if it is."""
    rows = DuplicateClosing.objects.filter(thread=thread, undone_at__isnull=True).select_related("by__organization")
    found = rows.first()
    if found is not None:
        found.thread = thread
    return found


def describe_closings(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """What an inbox calls closings of threads that the viewer sees: the other thread, if they see that as well."""
    seen = threads_visible_to(viewer)
    rows = DuplicateClosing.objects.filter(pk__in=ids, thread__in=seen.values("pk"))
    titles = dict(seen.filter(pk__in=rows.values("other_id")).values_list("pk", "title"))
    found = rows.values_list("pk", "thread_id", "thread__title", "other_id")
    return {
        pk: Label(titles[other], reverse("thread", args=[other]))
        if other in titles
        else Label(title, reverse("thread", args=[thread]))
        for pk, thread, title, other in found
    }


def seen_closings(viewer: Member, ids: list[int]) -> set[int]:
    """Those of the closings whose threads the viewer sees."""
    rows = DuplicateClosing.objects.filter(pk__in=ids, thread__in=threads_visible_to(viewer).values("pk"))
    return set(rows.values_list("pk", flat=True))


def register() -> None:
    """Say who knows the closings that an inbox names."""
    describe_with("duplicate", describe_closings, seen_closings)
