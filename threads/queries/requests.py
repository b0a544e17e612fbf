"""Requests for help as pages and the API show them, and what a member is asked."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from community.models import Member
from community.queries.prepared import Prepared
from threads.models import ANSWERABLE, Asked, HandOver, Helper, HelpRequest, Thread
from threads.policies.rights import Rights, rights_in
from threads.policies.swarm import is_helping, may_answer, may_withdraw
from threads.queries.threads import threads_visible_to

MOST = 100
_MOST_ASKED = 12
_NOW = Q(until__isnull=True)


@dataclass(frozen=True)
class RequestDetails:
    """A request as one viewer sees it: who was asked, what the viewer was, and what they may do.

    Notes are for the swarm: `is_inside` says whether the viewer reads them.
    """

    request: HelpRequest
    asked: list[Asked]
    mine: Asked | None
    can: tuple[str, ...]
    is_inside: bool


def request_visible_to(viewer: Member, pk: int) -> HelpRequest | None:
    """The request, when the viewer may see its thread."""
    return _visible_to(viewer).filter(pk=pk).first()


def _visible_to(viewer: Member) -> QuerySet[HelpRequest]:
    rows = HelpRequest.objects.filter(thread__in=threads_visible_to(viewer).values("pk"))
    related = ("by__organization", "organization", "center", "thread__space", "thread__author", "thread__owner")
    return rows.select_related(*related)


def first_asked(request: HelpRequest) -> Asked | None:
    """Whoever was asked first, if anybody was."""
    return Asked.objects.filter(request=request).select_related("member").order_by("place").first()


def hand_over_visible_to(viewer: Member, pk: int) -> HandOver | None:
    """The hand-over, when the viewer may see its thread."""
    rows = HandOver.objects.filter(pk=pk, thread__in=threads_visible_to(viewer).values("pk"))
    return rows.select_related("by__organization", "to__organization", "thread__space").first()


def requests_of(
    viewer: Member, thread: Thread, *, everything: bool = False, after: int = 0, limit: int = MOST
) -> list[RequestDetails]:
    """The open requests of a thread that the viewer sees, or all that there ever were, the newest last.

    The first `limit` of them after the one with the id `after`.
    """
    rows = HelpRequest.objects.filter(thread=thread, pk__gt=after)
    rows = rows if everything else rows.filter(state=HelpRequest.State.OPEN)
    found = list(rows.select_related("by__organization", "organization", "center").order_by("pk")[:limit])
    return details_of_requests(viewer, thread, found)


def requests_waiting_for(viewer: Member) -> list[RequestDetails]:
    """The open requests that the viewer is asked by and has neither accepted nor declined, most pressing first."""
    asked = Asked.objects.filter(member=viewer, answer__in=ANSWERABLE, request__state=HelpRequest.State.OPEN)
    ids = list(asked.order_by("answer_by").values_list("request_id", flat=True)[:_MOST_ASKED])
    found = _visible_to(viewer).in_bulk(ids)
    people = _asked_by(found.values())
    threads = {request.thread_id: request.thread for request in found.values()}
    rights = {pk: rights_in(viewer, thread) for pk, thread in threads.items()}
    helped = set(Helper.objects.filter(_NOW, thread__in=threads, member=viewer).values_list("thread_id", flat=True))
    return [
        _details(
            viewer,
            request,
            people.get(pk, []),
            rights[request.thread_id],
            is_inside=request.thread_id in helped or _has_part(viewer, request.thread, rights[request.thread_id]),
        )
        for pk in ids
        if (request := found.get(pk)) is not None
    ]


def details_of_requests(viewer: Member, thread: Thread, found: Collection[HelpRequest]) -> list[RequestDetails]:
    """The details of some requests of a thread."""
    rights = rights_in(viewer, thread)
    inside = _has_part(viewer, thread, rights) or (rights.sees and is_helping(viewer, thread))
    asked = _asked_by(found)
    for request in found:
        request.thread = thread
    return [_details(viewer, request, asked.get(request.pk, []), rights, is_inside=inside) for request in found]


def _asked_by(found: Collection[HelpRequest]) -> dict[int, list[Asked]]:
    rows = Asked.objects.filter(request__in=found).select_related("member__organization", "member__center")
    asked: dict[int, list[Asked]] = {}
    for row in rows.order_by("request", "place"):
        asked.setdefault(row.request_id, []).append(row)
    return asked


def _details(
    viewer: Member, request: HelpRequest, asked: list[Asked], rights: Rights, *, is_inside: bool
) -> RequestDetails:
    for row in asked:
        row.request = request
    mine = next((row for row in asked if row.member_id == viewer.pk), None)
    can = {
        "answer": mine is not None and may_answer(viewer, mine, rights),
        "withdraw": request.is_open and may_withdraw(viewer, request, rights),
        "inform": request.is_open and may_withdraw(viewer, request, rights),
    }
    names = tuple(name for name, holds in can.items() if holds)
    return RequestDetails(request, asked, mine, names, is_inside or request.by_id == viewer.pk)


def _has_part(viewer: Member, thread: Thread, rights: Rights) -> bool:
    """Whether the viewer is in the swarm otherwise than as a helper: asks, owns or moderates."""
    return rights.sees and (viewer.pk in (thread.author_id, thread.owner_id) or rights.moderates)


def _asked_of(viewer: Member) -> "QuerySet[Any, Any]":
    waiting = Asked.objects.filter(
        member=viewer, answer__in=ANSWERABLE, request__state=HelpRequest.State.OPEN,
        request__thread__in=threads_visible_to(viewer).values("pk"),
    )  # fmt: skip
    rows = waiting.order_by("answer_by").values_list(
        "request_id", "answer_by", "request__what", "request__by__name", "request__thread_id", "request__thread__title"
    )
    return rows[:_MOST_ASKED]


def _offered_to(viewer: Member) -> "QuerySet[Any, Any]":
    rows = HandOver.objects.filter(
        to=viewer, state=HandOver.State.OFFERED, thread__in=threads_visible_to(viewer).values("pk")
    )
    return rows.order_by("pk").values_list("pk", "offered_at", "by__name", "thread_id", "thread__title")[:_MOST_ASKED]


# What waits for the member's answer: requests for help, the most pressing first, and hand-overs.
asked_of: Prepared[Any] = Prepared(_asked_of)
offered_to: Prepared[Any] = Prepared(_offered_to)
