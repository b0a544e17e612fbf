"""What the worker finds due in swarms, a few at a time, longest waiting first."""

from datetime import timedelta

from django.db.models import Q

from community.models import InboxItem
from community.rules import clock
from threads.facts.swarm import NEXT_OVERDUE
from threads.models import ANSWERABLE, UNRESOLVED, Asked, Guest, HandOver, Helper, HelpRequest, Thread

_AT_ONCE = 50
# Steps that were late long ago are not told of any more: whoever begins to use this is not flooded.
_LATELY = timedelta(days=7)


def asked_and_late() -> list[int]:
    """Whoever was asked and let their time pass."""
    late = Asked.objects.filter(answer="", answer_by__lte=clock.now(), request__state=HelpRequest.State.OPEN)
    return list(late.order_by("answer_by").values_list("pk", flat=True)[:_AT_ONCE])


def requests_to_try() -> list[int]:
    """Open requests that may be able to ask somebody now."""
    open_now = HelpRequest.objects.filter(state=HelpRequest.State.OPEN, next_try_at__lte=clock.now())
    return list(open_now.order_by("next_try_at").values_list("pk", flat=True)[:_AT_ONCE])


def requests_late() -> list[int]:
    """Open requests whose time has come, of which nobody was told yet."""
    open_now = HelpRequest.objects.filter(state=HelpRequest.State.OPEN, overdue_told=False)
    return list(open_now.filter(due_at__lte=clock.now()).order_by("due_at").values_list("pk", flat=True)[:_AT_ONCE])


def next_actions_late() -> list[int]:
    """Unresolved threads whose next step should have been done in the last days, and nobody was told since."""
    now = clock.now()
    late = Thread.objects.filter(next_action_due__lte=now, next_action_due__gt=now - _LATELY, status__in=UNRESOLVED)
    rows = list(late.exclude(next_action="").order_by("next_action_due").values_list("pk", "next_action_due")[:500])
    told = set(
        InboxItem.objects.filter(
            subject__in=[f"thread:{pk}" for pk, _due in rows], kind=NEXT_OVERDUE.name, at__gt=now - _LATELY
        ).values_list("key", flat=True)
    )
    return [pk for pk, due in rows if due and next_key(pk, due.isoformat()) not in told][:_AT_ONCE]


def next_key(thread_id: int, due: str) -> str:
    """What makes a notice about a late step be told once for each time that was set."""
    return f"{NEXT_OVERDUE.name}:{thread_id}:{due}"


def left_behind() -> list[tuple[int, int]]:
    """Threads and the members who have something on them there although they left the network."""
    found: set[tuple[int, int]] = set()
    owned = Thread.objects.filter(owner__is_active=False, status__in=UNRESOLVED)
    found |= set(owned.values_list("pk", "owner_id")[:_AT_ONCE])
    gone = {"member__is_active": False}
    for rows in (Helper.objects.filter(until__isnull=True, **gone), Guest.objects.filter(until__isnull=True, **gone)):
        found |= set(rows.order_by().values_list("thread_id", "member_id")[:_AT_ONCE])
    asked = Asked.objects.filter(answer__in=ANSWERABLE, request__state=HelpRequest.State.OPEN, **gone)
    found |= set(asked.order_by().values_list("request__thread_id", "member_id")[:_AT_ONCE])
    offered = HandOver.objects.filter(Q(to__is_active=False), state=HandOver.State.OFFERED)
    found |= {(thread, to) for thread, to in offered.order_by().values_list("thread_id", "to_id")[:_AT_ONCE] if to}
    return sorted(found)
