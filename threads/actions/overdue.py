"""Telling those concerned that something in a thread is past its time; each once."""

from community.actions.inbox import notify
from community.events import action
from community.rules import clock
from threads.actions.asking import lock_request, tell_about
from threads.actions.locking import lock_thread
from threads.audience import seen_by
from threads.facts.swarm import NEXT_OVERDUE, OVERDUE
from threads.models import HelpRequest
from threads.queries.due import next_key


@action
def tell_overdue(*, request_id: int) -> bool:
    """Tell the requester, the owner and the helpers that nobody helps yet; from then on two are asked at once."""
    request, now = lock_request(request_id), clock.now()
    if not request.is_open or request.overdue_told or request.due_at > now:
        return False
    HelpRequest.objects.filter(pk=request.pk).update(overdue_told=True, next_try_at=now)
    tell_about(request, OVERDUE)
    return True


@action
def tell_next_overdue(*, thread_id: int) -> bool:
    """Tell whoever takes the next step, and the owner, that its time has come."""
    thread = lock_thread(thread_id)
    due = thread.next_action_due
    if due is None or due > clock.now() or not thread.next_action or not thread.is_unresolved:
        return False
    concerned = {pk for pk in (thread.next_action_by_id, thread.owner_id) if pk is not None}
    recipients = seen_by(thread.pk, concerned) if concerned else set()
    subject = f"thread:{thread.pk}"
    key = next_key(thread.pk, due.isoformat())
    notify(recipients=recipients, kind=NEXT_OVERDUE, subject=subject, target=subject, actor=None, key=key)
    return bool(recipients)
