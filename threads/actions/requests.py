"""Asking for help: a request, and what the people whom it asks answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from community.actions.inbox import notify
from community.errors import Conflict, Forbidden, Invalid, NotThere, TooMuch
from community.events import action
from community.facts.inbox import NoticeKind
from community.metrics.instruments import REQUESTS_ANSWERED, REQUESTS_PASSED_ON
from community.models import Center, Member, Organization
from community.rendering.markdown import render
from community.rendering.people import named
from community.rules import clock
from threads.actions.asking import asking_data, lock_request, try_again
from threads.actions.ending import end_request
from threads.actions.guests import show_out
from threads.actions.helpers import add_helper
from threads.actions.locking import lock_thread
from threads.actions.sending import made_once, sent_by
from threads.actions.telling import note_in_timeline, tell
from threads.facts.swarm import ANSWERED, HELP_ANSWERED, HELP_ASKED, INFORMED
from threads.models import ANSWERABLE, Asked, Guest, Helper, HelpRequest, Named, Thread
from threads.policies.swarm import may_ask, may_remove_helper, may_withdraw
from threads.policies.threads import may_reply, may_see
from threads.queries.asking import firsts_today, free_instead, possible_among, still_askable, who_want_no_asking
from threads.rules.fairness import MOST_FIRSTS
from threads.rules.limits import (
    ASKING_LENGTH,
    MOST_NAMED,
    MOST_OPEN_REQUESTS,
    MOST_REQUESTS_A_DAY,
    MOST_WANTED,
    NOTE_LENGTH,
)
from threads.rules.patience import answer_by, twice
from threads.rules.texts import cleaned

SOONEST, LATEST = timedelta(minutes=5), timedelta(days=60)
_DAY = timedelta(hours=24)


def ask_for_help(  # noqa: PLR0913  (a request has many parts, each with its own name)
    *,
    by: Member,
    thread: Thread,
    what: str,
    due_at: datetime,
    target: str = HelpRequest.Target.MATCHED,
    members: Sequence[Member] = (),
    organization: Organization | None = None,
    center: Center | None = None,
    scope: str = "",
    wanted: int = 1,
    at_once: int = 1,
    client_id: str | None = None,
) -> HelpRequest:
    """Ask others to help with a thread: what is needed, by when, and whom: those who fit best, these members, the
    people of an organization or center, or those who know a topic (`tag:dns`).

    They are asked one after another, `at_once` at a time, until `wanted` have accepted. The first are asked here;
    should that be cut short the worker does it. The same `client_id` again returns the same request.
    """
    request = _open(
        by=by,
        thread=thread,
        what=what,
        due_at=due_at,
        target=target,
        members=members,
        place=(organization, center, scope),
        numbers=(wanted, at_once),
        client_id=client_id,
    )
    try_again(request_id=request.pk)
    request.refresh_from_db()
    return request


@made_once(lambda sent: sent, sent_by("by", HelpRequest.objects.all()))
@action
def _open(  # noqa: PLR0913  (as above)
    *,
    by: Member,
    thread: Thread,
    what: str,
    due_at: datetime,
    target: str,
    members: Sequence[Member],
    place: tuple[Organization | None, Center | None, str],
    numbers: tuple[int, int],
    client_id: str | None,
) -> HelpRequest:
    thread = lock_thread(thread)
    if not may_see(by, thread):
        raise NotThere("no_thread")
    if not thread.is_unresolved:
        raise Conflict("already_resolved", _("This thread is resolved already."))
    if not may_ask(by, thread):
        raise Forbidden("may_not_ask")
    now = clock.now()
    what = cleaned("what", what, most=ASKING_LENGTH, needed=True)
    if not now + SOONEST <= due_at <= now + LATEST:
        raise Invalid({"due_at": _("Choose a time at least five minutes and at most 60 days from now.")})
    if not all(1 <= number <= MOST_WANTED for number in numbers):
        raise Invalid({"wanted": _("Ask for at least one and at most %(most)d people.") % {"most": MOST_WANTED}})
    _check_number(by, thread, now)
    organization, center, scope = _place(target, *place)
    members = _members(by, thread, target, members)
    request = HelpRequest.objects.create(
        thread=thread, by=by, what=what, html=render(what), due_at=due_at, target=target, organization=organization,
        center=center, scope=scope, wanted=numbers[0], at_once=numbers[1], opened_at=now, next_try_at=now,
        client_id=client_id or None,
    )  # fmt: skip
    Named.objects.bulk_create(
        [Named(request=request, member=member, place=place) for place, member in enumerate(members, start=1)]
    )
    return request


def _check_number(by: Member, thread: Thread, now: datetime) -> None:
    if HelpRequest.objects.filter(thread=thread, state=HelpRequest.State.OPEN).count() >= MOST_OPEN_REQUESTS:
        message = _("%(most)d requests are open in this thread already. Withdraw one, or wait for its answer.")
        raise TooMuch("too_many_requests", message % {"most": MOST_OPEN_REQUESTS})
    if HelpRequest.objects.filter(by=by, opened_at__gt=now - _DAY).count() >= MOST_REQUESTS_A_DAY:
        message = _("You asked for help %(most)d times in the last 24 hours. Ask in the thread instead.")
        raise TooMuch("too_many_requests", message % {"most": MOST_REQUESTS_A_DAY})


def _place(
    target: str, organization: Organization | None, center: Center | None, scope: str
) -> tuple[Organization | None, Center | None, str]:
    """Of the places given the one that the target asks for."""
    kinds = HelpRequest.Target
    if target not in kinds.values:
        raise Invalid({"target": _("Choose from the list whom to ask.")})
    if target == kinds.ORGANIZATION and organization is None:
        raise Invalid({"organization": _("Choose the organization.")})
    if target == kinds.CENTER and center is None:
        raise Invalid({"center": _("Choose the center.")})
    if target == kinds.TAG and not scope:
        raise Invalid({"tag": _("Name the topic: a tag.")})
    return (
        organization if target == kinds.ORGANIZATION else None,
        center if target == kinds.CENTER else None,
        scope if target == kinds.TAG else "",
    )


def _members(by: Member, thread: Thread, target: str, members: Sequence[Member]) -> list[Member]:
    """The members named, each once, who can be asked; refused as if not there when they do not see the thread."""
    if target != HelpRequest.Target.MEMBERS:
        return []
    members = list(dict.fromkeys(members))
    if not members:
        raise Invalid({"members": _("Name at least one member.")})
    if len(members) > MOST_NAMED:
        raise Invalid({"members": _("Name at most %(most)d members.") % {"most": MOST_NAMED}})
    if by in members:
        raise Invalid({"members": _("You cannot ask yourself. Join the swarm instead.")})
    seeing = still_askable(thread, [member.pk for member in members], removed_too=may_remove_helper(by, thread))
    for member in members:
        if member.pk not in seeing:
            raise Invalid({"members": _not_askable(thread, member)})
    waiting = Asked.objects.filter(request__thread=thread, request__state=HelpRequest.State.OPEN, member__in=members)
    if (asked := waiting.filter(answer__in=ANSWERABLE).select_related("member").first()) is not None:
        raise Conflict("asked_already", _("%(name)s is asked already.") % {"name": asked.member.name})
    _check_fair(by, thread, members)
    return members


def _not_askable(thread: Thread, member: Member) -> str:
    if not may_see(member, thread):
        return _("Nobody of this handle sees the thread. Choose somebody who does, or let them in first.")
    if who_want_no_asking([member.pk]):
        message = _("%(name)s wants no requests for help in the inbox. Mention them in the thread, or choose another.")
        return message % {"name": member.name}
    return _("%(name)s is in the swarm already, or was removed from it by the owner.") % {"name": member.name}


def _check_fair(by: Member, thread: Thread, members: Sequence[Member]) -> None:
    """Refuse to ask somebody first a fourth time in 24 hours while others of the first ten are free."""
    ids = [member.pk for member in members]
    firsts = firsts_today(ids)
    free = [each for each in possible_among(thread, ids) if each.now and firsts[each.member] < MOST_FIRSTS]
    tired = [member for member in members if firsts[member.pk] >= MOST_FIRSTS]
    if free or not tired:
        return
    instead = free_instead(by, thread, ids)
    if instead:
        message = _("%(names)s was asked first three times today. Others can help now: %(others)s.")
        names, others = ", ".join(each.name for each in tired), ", ".join(each.name for _rank, each in instead[:3])
        raise Conflict("asked_enough", message % {"names": names, "others": others})


def answer(*, by: Member, asked: Asked, answer: str, note: str = "") -> Asked:
    """Say whether one helps: accepted, declined, or more_information with the question as `note`."""
    answered = _answer(by=by, asked=asked, answer=answer, note=note)
    REQUESTS_ANSWERED.labels(str(answered.answer)).inc()
    if answered.answer != Asked.Answer.ACCEPTED or answered.request.is_open:
        try_again(request_id=answered.request_id)
    return answered


@action
def _answer(*, by: Member, asked: Asked, answer: str, note: str) -> Asked:
    found = _lock_asked(asked.pk)
    request, thread = found.request, found.request.thread
    if not may_see(by, thread):
        raise NotThere("no_thread")
    if found.member_id != by.pk:
        raise Forbidden("not_asked")
    if not request.is_open or found.answer not in ANSWERABLE:
        raise Conflict("no_longer_needed")
    if answer not in _ANSWERS:
        raise Invalid({"answer": _("Choose one of the three answers.")})
    if answer == found.answer:
        raise Conflict("asked_back_already", _("You asked that already. Wait for what they say, or answer yes or no."))
    note = cleaned("note", note, most=NOTE_LENGTH, needed=answer != Asked.Answer.ACCEPTED)
    now = clock.now()
    found.answer, found.note, found.answered_at = answer, note, now
    request.next_try_at = now
    if answer == Asked.Answer.MORE_INFORMATION:
        found.answer_by = request.next_try_at = now + twice(found.asked_at, found.answer_by)
    found.save(update_fields=["answer", "note", "answered_at", "answer_by"])
    request.save(update_fields=["next_try_at"])
    tell_answer(found, by=by)
    if answer == Asked.Answer.ACCEPTED:
        _accept(found)
    elif answer == Asked.Answer.DECLINED:
        let_go(found)
    _tell_requester(found)
    return found


_ANSWERS = (Asked.Answer.ACCEPTED, Asked.Answer.DECLINED, Asked.Answer.MORE_INFORMATION)


def _accept(found: Asked) -> None:
    request = found.request
    if not may_reply(found.member, request.thread):
        raise Forbidden("may_not_join")
    if request.thread.owner_id != found.member_id:
        add_helper(request.thread, found.member, by=found.member, invited_by=request.by)
    accepted = Asked.objects.filter(request=request, answer=Asked.Answer.ACCEPTED).count()
    if accepted >= request.wanted:
        end_request(request, HelpRequest.State.ANSWERED, by=found.member)


def tell_answer(found: Asked, *, by: Member | None) -> None:
    """Tell the thread what somebody answered, without what they wrote with it: that is for the swarm."""
    thread = found.request.thread
    data = {"request": found.request_id, "member": named(found.member), "answer": str(found.answer)}
    note_in_timeline(thread, HELP_ANSWERED, by=by, data=data)
    tell(thread, HELP_ANSWERED, by=by, data=data)


def let_go(found: Asked) -> None:
    """End the guest right that somebody was given to be asked, unless they help meanwhile."""
    thread, request = found.request.thread, found.request
    if Helper.objects.filter(thread=thread, member=found.member, until__isnull=True).exists():
        return
    given = Guest.objects.filter(thread=thread, member=found.member, until__isnull=True, since__gte=found.asked_at)
    for guest in given.filter(invited_by=request.by):
        guest.thread, guest.member = thread, found.member
        show_out(guest, by=None)


def _tell_requester(found: Asked) -> None:
    request = found.request
    _notify(request, ANSWERED, [request.by_id], by=found.member, key=f"{found.pk}:{found.answer}:{found.answered_at}")


@action
def inform(*, by: Member, asked: Asked, text: str) -> Asked:
    """Tell somebody what they wanted to know before they answer; their clock starts anew."""
    found = _lock_asked(asked.pk)
    request = found.request
    if not may_see(by, request.thread):
        raise NotThere("no_thread")
    if not may_withdraw(by, request):
        raise Forbidden("not_your_request")
    if not request.is_open or found.answer != Asked.Answer.MORE_INFORMATION:
        raise Conflict("not_open_request")
    text, now = cleaned("text", text, most=NOTE_LENGTH, needed=True), clock.now()
    found.information = f"{found.information}\n\n{text}".strip()
    found.answer, found.answered_at = Asked.Answer.NONE, None
    found.answer_by = answer_by(now=now, severity=request.thread.severity, due=request.due_at)
    found.save(update_fields=["information", "answer", "answered_at", "answer_by"])
    tell(request.thread, HELP_ASKED, by=by, data=asking_data(request, [found]))
    _notify(request, INFORMED, [found.member_id], by=by, key=f"{found.pk}:{now.isoformat()}")
    return found


@action
def withdraw_request(*, by: Member, request: HelpRequest) -> HelpRequest:
    """Take a request back."""
    found = lock_request(request.pk)
    if not may_see(by, found.thread):
        raise NotThere("no_thread")
    if not may_withdraw(by, found):
        raise Forbidden("not_your_request")
    if not found.is_open:
        raise Conflict("not_open_request")
    end_request(found, HelpRequest.State.WITHDRAWN, by=by)
    return found


def pass_on(*, asked_id: int) -> bool:
    """Ask the next one when somebody did not answer in time; false when they did, or somebody was quicker."""
    request_id = _expire(asked_id=asked_id)
    if request_id is None:
        return False
    REQUESTS_PASSED_ON.inc()
    try_again(request_id=request_id)
    return True


@action
def _expire(*, asked_id: int) -> int | None:
    found = _lock_asked(asked_id)
    now = clock.now()
    if not found.request.is_open or found.answer != Asked.Answer.NONE or found.answer_by > now:
        return None
    found.answer, found.answered_at = Asked.Answer.EXPIRED, now
    found.save(update_fields=["answer", "answered_at"])
    HelpRequest.objects.filter(pk=found.request_id).update(next_try_at=now)
    tell_answer(found, by=None)
    let_go(found)
    return found.request_id


def _lock_asked(asked_id: int) -> Asked:
    request_id = Asked.objects.filter(pk=asked_id).values_list("request_id", flat=True).first()
    if request_id is None:
        raise NotThere("no_request")
    request = lock_request(request_id)
    rows = Asked.objects.select_for_update(of=("self",), no_key=True).select_related("member__organization")
    found = rows.get(pk=asked_id)
    found.request = request
    return found


def _notify(request: HelpRequest, kind: NoticeKind, members: Sequence[int], *, by: Member, key: str) -> None:
    notify(
        recipients=members,
        kind=kind,
        subject=f"thread:{request.thread_id}",
        target=f"request:{request.pk}",
        actor=by,
        key=f"{kind.name}:{key}"[:120],
    )
