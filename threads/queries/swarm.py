"""Who has a part in a thread now."""

from collections.abc import Collection

from django.db.models import Q

from community.models import Member
from threads.models import UNRESOLVED, HandOver, Helper, Thread
from threads.queries.threads import threads_visible_to


def helpers_of(thread: Thread) -> list[Helper]:
    """The helpers now, in the order in which they came."""
    return helpers_by_thread([thread.pk]).get(thread.pk, [])


def helpers_by_thread(thread_ids: Collection[int]) -> dict[int, list[Helper]]:
    """The same, for many threads."""
    rows = Helper.objects.filter(thread__in=thread_ids, until__isnull=True)
    found: dict[int, list[Helper]] = {}
    for row in rows.select_related("member__organization", "invited_by").order_by("since", "pk"):
        found.setdefault(row.thread_id, []).append(row)
    return found


def in_swarm(thread: Thread) -> set[int]:
    """The ids of the owner and the helpers."""
    helping = Helper.objects.filter(thread=thread, until__isnull=True).values_list("member_id", flat=True)
    return {*helping, *([thread.owner_id] if thread.owner_id else [])}


def works_with(viewer: Member, member: Member) -> bool:
    """Whether both ask, own or help with the same unresolved thread that the viewer sees."""
    together = threads_visible_to(viewer).filter(_with(viewer), status__in=UNRESOLVED)
    return together.filter(_with(member)).exists()


def _with(member: Member) -> Q:
    helped = Helper.objects.filter(member=member, until__isnull=True).values("thread")
    return Q(author=member) | Q(owner=member) | Q(pk__in=helped)


def contact_for(viewer: Member, member: Member, contact: str) -> str:
    """How the member is to be reached when it is urgent, for their organization and who solves a thread with them."""
    shown = contact and (viewer.organization_id == member.organization_id or works_with(viewer, member))
    return contact if shown else ""


def offered_hand_over(thread: Thread) -> HandOver | None:
    """What is offered now, and waits for an answer."""
    rows = HandOver.objects.filter(thread=thread, state=HandOver.State.OFFERED)
    return rows.select_related("by__organization", "to__organization").first()
