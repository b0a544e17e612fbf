"""Who has a part in a thread now."""

from collections.abc import Collection

from django.db.models import F, Q

from community.models import Member
from threads.models import UNRESOLVED, Asked, Guest, HandOver, Helper, Thread
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


def works_with(viewer: Member, member: Member) -> bool:
    """Whether both ask, own or help with the same unresolved thread that the viewer sees.

    Everybody may join or take an open thread. So the viewer counts where they ask, or where its asker, the member or
    somebody of the member's organization brought them in.
    """
    together = threads_visible_to(viewer).filter(status__in=UNRESOLVED).filter(_with(viewer)).filter(_with(member))
    return together.filter(Q(author=viewer) | _brought_in(viewer, member)).exists()


def _with(member: Member) -> Q:
    helped = Helper.objects.filter(member=member, until__isnull=True).values("thread")
    return Q(author=member) | Q(owner=member) | Q(pk__in=helped)


def _brought_in(viewer: Member, member: Member) -> Q:
    """Where the viewer was asked and said yes, let in, handed the thread, or invited, by somebody who may do that."""

    def by(name: str, thread: str) -> Q:
        """Whether that person asks the thread, or is of the member's organization."""
        return Q(**{name: F(f"{thread}__author")}) | Q(**{f"{name}__organization": member.organization_id})

    helping = Helper.objects.filter(by("invited_by", "thread"), member=viewer, until__isnull=True)
    guests = Guest.objects.filter(by("invited_by", "thread"), member=viewer, until__isnull=True)
    agreed = Asked.objects.filter(by("request__by", "request__thread"), member=viewer, answer=Asked.Answer.ACCEPTED)
    handed = HandOver.objects.filter(by("by", "thread"), to=viewer, state=HandOver.State.ACCEPTED)
    several = (helping.values("thread"), guests.values("thread"), handed.values("thread"))
    found = Q(pk__in=agreed.values("request__thread"))
    for threads in several:
        found |= Q(pk__in=threads)
    return found


def contact_for(viewer: Member, member: Member, contact: str) -> str:
    """How the member is to be reached when it is urgent, for their organization and who solves a thread with them."""
    shown = contact and (viewer.organization_id == member.organization_id or works_with(viewer, member))
    return contact if shown else ""


def offered_hand_over(thread: Thread) -> HandOver | None:
    """What is offered now, and waits for an answer."""
    rows = HandOver.objects.filter(thread=thread, state=HandOver.State.OFFERED)
    return rows.select_related("by__organization", "to__organization").first()
