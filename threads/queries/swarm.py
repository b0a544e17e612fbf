"""Who has a part in a thread now."""

from collections.abc import Collection

from threads.models import HandOver, Helper, Thread


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


def offered_hand_over(thread: Thread) -> HandOver | None:
    """What is offered now, and waits for an answer."""
    rows = HandOver.objects.filter(thread=thread, state=HandOver.State.OFFERED)
    return rows.select_related("by__organization", "to__organization").first()
