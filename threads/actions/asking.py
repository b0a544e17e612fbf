"""Asking the next people of a request. Whoever does it looks who there is first, and asks under locks then.

A request whose `next_try_at` has come is due for it, so that nothing is lost when somebody is cut short between.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from community.actions.inbox import notify
from community.errors import NotThere
from community.events import action
from community.facts.inbox import NoticeKind
from community.metrics.instruments import PEOPLE_ASKED
from community.models import Member, Reach
from community.rendering.people import named
from community.rules import clock
from threads.actions.ending import end_request
from threads.actions.helpers import welcome_back
from threads.actions.locking import lock_thread
from threads.actions.telling import note_in_timeline, tell
from threads.facts.swarm import ASKED, EXHAUSTED, HELP_ASKED, OVERDUE
from threads.models import Asked, Helper, HelpRequest
from threads.policies.swarm import may_remove_helper
from threads.policies.threads import may_see
from threads.queries.asking import Choice, Possible, asked_today, choice_for, still_askable
from threads.rules.fairness import Ranked, is_first_too_often, order_to_ask
from threads.rules.patience import answer_by

# Whoever was first often enough is looked at again after this, when nobody else was named.
_LATER = timedelta(minutes=15)
_SOONEST = timedelta(minutes=1)
_WHEN_LATE = 2


def try_again(*, request_id: int) -> int:
    """Ask the next ones of an open request, as many as may be asked now; how many those were."""
    found = HelpRequest.objects.select_related("thread__space", "by").filter(pk=request_id).first()
    if found is None or not found.is_open:
        return 0
    asked = _ask_next(request_id=request_id, choice=choice_for(found))
    PEOPLE_ASKED.inc(asked)
    return asked


def lock_request(request_id: int) -> HelpRequest:
    """The request as it is now, its thread locked first."""
    thread_id = HelpRequest.objects.filter(pk=request_id).values_list("thread_id", flat=True).first()
    if thread_id is None:
        raise NotThere("no_request")
    thread = lock_thread(thread_id)
    rows = HelpRequest.objects.select_for_update(of=("self",), no_key=True).select_related("by__organization")
    found = rows.get(pk=request_id)
    found.thread = thread
    return found


@action
def _ask_next(*, request_id: int, choice: Choice) -> int:
    request, now = lock_request(request_id), clock.now()
    thread = request.thread
    if not request.is_open:
        return 0
    if not thread.is_unresolved:
        end_request(request, HelpRequest.State.CLOSED, by=None)
        return 0
    asked = list(Asked.objects.filter(request=request).order_by("place"))
    waiting = [each for each in asked if _is_waiting(each, now)]
    places = max(request.at_once, _WHEN_LATE) if request.due_at <= now else request.at_once
    people = _still(request, choice, {each.member_id for each in asked})
    order = _in_order(people, choice, first=not asked)
    free = [each for each in order if each.now][: max(0, places - len(waiting))]
    if free:
        _ask(request, [people[each.member] for each in free], place=len(asked), now=now)
    room = places - len(waiting) - len(free)
    _plan_next(request, order[len(free) :] if room > 0 else [], waiting, is_asking=bool(free or waiting), now=now)
    return len(free)


def _is_waiting(asked: Asked, now: datetime) -> bool:
    """Whether it is still worth while to wait for somebody, before another is asked as well."""
    if asked.answer == Asked.Answer.NONE:
        return True
    return asked.answer == Asked.Answer.MORE_INFORMATION and asked.answer_by > now


def _still(request: HelpRequest, choice: Choice, asked: set[int]) -> dict[int, Possible]:
    """Those of the choice who may be asked now that everything is locked, in rank."""
    ids = [each.member for each in choice.possible if each.member not in asked]
    invited = request.target == HelpRequest.Target.MEMBERS and may_remove_helper(request.by, request.thread)
    there = still_askable(request.thread, ids, removed_too=invited) if ids else set()
    return {each.member: each for each in choice.possible if each.member in there and each.member not in asked}


def _in_order(people: dict[int, Possible], choice: Choice, *, first: bool) -> list[Ranked]:
    """In which order to ask them. Members are locked, all at once and by id, so that no two ask one a fourth time."""
    ids = sorted(pk for pk, each in people.items() if each.now)
    rows = Member.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids, is_active=True)
    locked = set(rows.order_by("pk").values_list("pk", flat=True)) if ids else set()
    today = asked_today(list(people))
    bounds = Reach.objects.filter(member__in=ids, most_a_day__isnull=False).values_list("member_id", "most_a_day")
    most = {pk: bound or 0 for pk, bound in bounds}
    later = clock.now() + _LATER
    ranked = []
    for pk, each in people.items():
        firsts, every = today[pk]
        if (each.now and pk not in locked) or every >= most.get(pk, every + 1):
            continue
        ranked.append(Ranked(pk, each.now, firsts, each.at))
    if first and choice.others:
        ranked = [
            Ranked(each.member, now=False, firsts=each.firsts, at=later)
            if each.now and is_first_too_often(each, [*ranked, *choice.others])
            else each
            for each in ranked
        ]
    return order_to_ask(ranked)


def _ask(request: HelpRequest, people: list[Possible], *, place: int, now: datetime) -> None:
    thread = request.thread
    members = Member.objects.in_bulk([each.member for each in people])
    rows = [
        Asked(
            request=request,
            member=members[each.member],
            place=place + number,
            first=place == 0,
            reasons=list(each.reasons),
            asked_at=now,
            answer_by=answer_by(now=now, severity=thread.severity, due=request.due_at, shift_ends=each.shift_ends),
        )
        for number, each in enumerate(people, start=1)
    ]
    Asked.objects.bulk_create(rows)
    welcome_back(thread, members)
    data = asking_data(request, rows)
    note_in_timeline(thread, HELP_ASKED, by=request.by, data=data)
    tell(thread, HELP_ASKED, by=request.by, data=data)
    for row in rows:
        notify(
            recipients=[row.member_id],
            kind=ASKED,
            subject=f"thread:{thread.pk}",
            target=f"request:{request.pk}",
            actor=request.by,
            key=f"{ASKED.name}:{request.pk}:{row.place}",
        )


def asking_data(request: HelpRequest, asked: Sequence[Asked]) -> dict[str, Any]:
    """What is told when members are asked."""
    return {
        "request": request.pk,
        "by": named(request.by),
        "what": request.what,
        "due": request.due_at.isoformat(),
        "members": [named(row.member) for row in asked],
        "answer_by": min(row.answer_by for row in asked).isoformat(),
    }


def _plan_next(
    request: HelpRequest, left: list[Ranked], waiting: list[Asked], *, is_asking: bool, now: datetime
) -> None:
    """Say when to look again: when one of those `left` can be asked, or somebody has waited for an answer long enough.

    Nobody left and nobody thinking about it ends the request.
    """
    moments = [each.at for each in left if each.at is not None]
    moments += [each.answer_by for each in waiting if each.answer == Asked.Answer.MORE_INFORMATION]
    if not (moments or is_asking):
        end_request(request, HelpRequest.State.EXHAUSTED, by=None)
        tell_about(request, EXHAUSTED)
        return
    next_try = max(min(moments), now + _SOONEST) if moments else None
    if next_try != request.next_try_at:
        request.next_try_at = next_try
        request.save(update_fields=["next_try_at"])


def tell_about(request: HelpRequest, kind: NoticeKind) -> None:
    """Tell the requester, the owner and (when it is late) the helpers how a request stands."""
    thread = request.thread
    recipients = {request.by_id, *([thread.owner_id] if thread.owner_id else [])}
    if kind is OVERDUE:
        helpers = Helper.objects.filter(thread=thread, until__isnull=True)
        recipients |= set(helpers.values_list("member_id", flat=True))
    if not may_see(request.by, thread):
        recipients.discard(request.by_id)
    notify(
        recipients=recipients,
        kind=kind,
        subject=f"thread:{thread.pk}",
        target=f"request:{request.pk}",
        actor=None,
        key=f"{kind.name}:{request.pk}",
    )
