"""Titles and addresses of requests for help and of hand-overs, for those who see their threads."""

from django.urls import reverse

from community.events.reactors import Label
from community.models import Member
from threads.models import HandOver, HelpRequest
from threads.queries.threads import threads_visible_to


def describe_requests(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of the requests in threads the viewer may see; the title is the thread's."""
    rows = HelpRequest.objects.filter(pk__in=ids, thread__in=threads_visible_to(viewer).values("pk"))
    return {pk: Label(title, reverse("request", args=[pk])) for pk, title in rows.values_list("pk", "thread__title")}


def seen_requests(viewer: Member, ids: list[int]) -> set[int]:
    """Those of the requests whose threads the viewer may see."""
    rows = HelpRequest.objects.filter(pk__in=ids, thread__in=threads_visible_to(viewer).values("pk"))
    return set(rows.values_list("pk", flat=True))


def describe_hand_overs(viewer: Member, ids: set[int]) -> dict[int, Label]:
    """Labels of the hand-overs of threads the viewer may see; they are answered on the thread's page."""
    rows = HandOver.objects.filter(pk__in=ids, thread__in=threads_visible_to(viewer).values("pk"))
    found = rows.values_list("pk", "thread_id", "thread__title")
    return {pk: Label(title, f"{reverse('thread', args=[thread])}#hand-over") for pk, thread, title in found}


def seen_hand_overs(viewer: Member, ids: list[int]) -> set[int]:
    """Those of the hand-overs whose threads the viewer may see."""
    rows = HandOver.objects.filter(pk__in=ids, thread__in=threads_visible_to(viewer).values("pk"))
    return set(rows.values_list("pk", flat=True))
