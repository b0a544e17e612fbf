"""Helping with a thread: joining, leaving, and being removed by its owner. Again changes nothing and tells nothing."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, NotThere, TooMuch
from community.events import action
from community.events.reactors import DOORS_CHANGED, react
from community.models import Member
from community.rendering.people import named
from community.rules import clock
from threads.actions.ending import withdraw_offers
from threads.actions.locking import lock_thread
from threads.actions.telling import follow_unless_declined, tell, tell_audience, tell_swarm
from threads.facts.swarm import HELP_ANSWERED
from threads.models import ANSWERABLE, Asked, Guest, Helper, HelpRequest, Thread
from threads.policies.rights import is_removed
from threads.policies.swarm import may_join, may_remove_helper
from threads.policies.threads import may_see
from threads.rules.limits import MOST_HELPERS


@action
def join(*, by: Member, thread: Thread) -> Thread:
    """Help with a thread."""
    thread = lock_thread(thread)
    if not may_see(by, thread):
        raise NotThere("no_thread")
    if not may_join(by, thread):
        raise Forbidden("removed_from_swarm" if is_removed(by, thread) else "may_not_join")
    if thread.owner_id != by.pk:
        add_helper(thread, by, by=by)
    return thread


def add_helper(thread: Thread, member: Member, *, by: Member | None, invited_by: Member | None = None) -> bool:
    """Make somebody a helper of a locked thread; false when they are one already. Raises TooMuch when it is full."""
    welcome_back(thread, [member.pk])
    if Helper.objects.filter(thread=thread, member=member, until__isnull=True).exists():
        return False
    if Helper.objects.filter(thread=thread, until__isnull=True).count() >= MOST_HELPERS:
        message = _("%(most)d people help with this thread already. Somebody has to leave first; follow it meanwhile.")
        raise TooMuch("too_many_helpers", message % {"most": MOST_HELPERS})
    Helper.objects.create(thread=thread, member=member, since=clock.now(), invited_by=invited_by)
    follow_unless_declined(thread, [member.pk])
    tell_swarm(thread, by=by, changed="joined", member=member)
    return True


def welcome_back(thread: Thread, members: Collection[int]) -> None:
    """Invite those of the members again who were removed from a locked thread's swarm: they get their pen back."""
    removed = Helper.objects.filter(thread=thread, member__in=members, removed=True)
    again = list(removed.values_list("member_id", flat=True).order_by("member_id"))
    if again:
        removed.update(removed=False)
        react(DOORS_CHANGED, member_ids=again, thread_ids=[thread.pk])


@action
def leave_swarm(*, by: Member, thread: Thread) -> Thread:
    """Stop helping with a thread."""
    thread = lock_thread(thread)
    if not may_see(by, thread):
        raise NotThere("no_thread")
    if _end(thread, by, by=by):
        tell_swarm(thread, by=by, changed="left", member=by)
    return thread


@action
def remove_helper(*, by: Member, thread: Thread, member: Member) -> Thread:
    """End somebody's helping, with what they were asked here and their right as a guest. Their pen goes with it."""
    thread = lock_thread(thread)
    if not may_see(by, thread):
        raise NotThere("no_thread")
    if by.pk == member.pk:
        return leave_swarm(by=by, thread=thread)
    if not may_remove_helper(by, thread):
        raise Forbidden("only_owner_removes")
    if member.pk == thread.owner_id:
        raise Conflict("owner_is_no_helper")
    if not _end(thread, member, by=by, removed=True):
        raise Conflict("not_a_helper")
    stop_asking(thread, member)
    withdraw_offers(thread, member, by=by)
    tell_swarm(thread, by=by, changed="removed", member=member)
    guests = Guest.objects.filter(thread=thread, member=member, until__isnull=True)
    if guests.update(until=clock.now(), ended_by=by):
        tell_audience(thread, by=by, change="ended", member=member)
    react(DOORS_CHANGED, member_ids=[member.pk], thread_ids=[thread.pk])
    return thread


def _end(thread: Thread, member: Member, *, by: Member | None, removed: bool = False) -> bool:
    helping = Helper.objects.filter(thread=thread, member=member, until__isnull=True)
    return bool(helping.update(until=clock.now(), ended_by=by, removed=removed))


def stop_asking(thread: Thread, member: Member) -> None:
    """Take back what a member is asked in a locked thread; the worker asks the next ones."""
    now = clock.now()
    waiting = Asked.objects.filter(member=member, answer__in=ANSWERABLE, request__state=HelpRequest.State.OPEN)
    rows = list(waiting.filter(request__thread=thread).order_by("request_id").values_list("pk", "request_id"))
    if not rows:
        return
    HelpRequest.objects.filter(pk__in=[request for _asked, request in rows]).update(next_try_at=now)
    Asked.objects.filter(pk__in=[pk for pk, _request in rows]).update(answer=Asked.Answer.WITHDRAWN, answered_at=now)
    for _pk, request in rows:
        data = {"request": request, "member": named(member), "answer": str(Asked.Answer.WITHDRAWN)}
        tell(thread, HELP_ANSWERED, by=None, data=data)
