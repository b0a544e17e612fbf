"""Who can be asked next by a request for help, and how often people were asked today."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from community.models import InboxSetting, Member
from community.queries.reach import reach_of
from community.rules import clock
from community.rules.hours import closing
from community.rules.reach import ReachRow, reach
from threads.facts.swarm import ASKED
from threads.models import Asked, Helper, HelpRequest, Thread
from threads.queries.audience import viewers_of
from threads.queries.matching import ANYBODY, LOOKED_AT, Among, Candidate, candidates_for
from threads.rules.fairness import CONSIDERED, DAY, MOST_FIRSTS, Ranked, order_to_ask
from threads.rules.matching import Reason


@dataclass(frozen=True)
class Possible:
    """Somebody whom a request may ask: whether `now` or from when on, why them, and until when they are there."""

    member: int
    now: bool
    at: datetime | None
    shift_ends: datetime | None = None
    reasons: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Choice:
    """The people a request may ask, best first, and who else could help, when those named were first too often."""

    possible: list[Possible]
    others: list[Ranked] = field(default_factory=list)


@dataclass(frozen=True)
class Foreseen:
    """Whom a request would ask if it were made now, in that order, and who is `beyond` the audience."""

    people: list[Candidate]
    beyond: list[Candidate]


def firsts_today(member_ids: Collection[int]) -> dict[int, int]:
    """How often each of the members was asked first in the last 24 hours."""
    return {member: firsts for member, (firsts, _all) in asked_today(member_ids).items()}


def asked_today(member_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """How often each of the members was asked first, and at all, in the last 24 hours."""
    rows = Asked.objects.filter(member__in=member_ids, asked_at__gt=clock.now() - DAY).order_by()
    counted = rows.values_list("member").annotate(firsts=Count("pk", filter=Q(first=True)), all=Count("pk"))
    found = {member: (firsts, every) for member, firsts, every in counted}
    return {member: found.get(member, (0, 0)) for member in member_ids}


def choice_for(request: HelpRequest) -> Choice:
    """Whom the request may ask, with its requester's eyes. Ten in all at most, of those who were not asked yet."""
    asked = list(Asked.objects.filter(request=request).values_list("member_id", flat=True))
    if request.target == HelpRequest.Target.MEMBERS:
        named = [row.member_id for row in request.named_in_order.order_by("place") if row.member_id not in asked]
        return Choice(possible_among(request.thread, named), _others(request, named) if not asked else [])
    left = CONSIDERED - len(asked)
    if left <= 0 or not request.by.is_active:
        return Choice([])
    found = candidates_for(request.by, request.thread, among=_among(request), limit=left, skip=asked)
    now, reaches = clock.now(), reach_of([each.member.pk for each in found])
    return Choice([_of(each, reaches[each.member.pk], now) for each in found])


def foreseen(
    viewer: Member, thread: Thread, *, among: Among = ANYBODY, in_order: Sequence[int] = (), beyond: int = 0
) -> Foreseen:
    """Whom the viewer's request would ask, of the best ten; of those named those `in_order` who can be asked at all.

    With `beyond` also so many who do not see the thread: no request asks them unless they are let in.
    """
    wanted = among._replace(members=frozenset(in_order), beyond=beyond > 0)
    found = candidates_for(viewer, thread, among=wanted, limit=2 * LOOKED_AT)
    inside = [each for each in found if not each.lets_in][: None if in_order else CONSIDERED]
    if in_order:
        inside = _as_named(thread, in_order, inside)
    by_id = {each.member.pk: each for each in inside}
    ranked = [Ranked(pk, each.reachable.now, each.firsts, each.reachable.at) for pk, each in by_id.items()]
    outside = [each for each in found if each.lets_in][:beyond]
    return Foreseen([by_id[each.member] for each in order_to_ask(ranked)], outside)


def _as_named(thread: Thread, in_order: Sequence[int], known: Collection[Candidate]) -> list[Candidate]:
    """Those named who can be asked, in this order; nothing but their name speaks for those who are not `known`."""
    found = {each.member.pk: each for each in known}
    others = still_askable(thread, [pk for pk in in_order if pk not in found])
    people = Member.objects.select_related("organization", "center").in_bulk(others)
    now, reaches, firsts = clock.now(), reach_of(others), firsts_today(others)
    for pk, member in people.items():
        reachable = reach(reaches[pk], reaches[pk].hours, now, thread.severity)
        found[pk] = Candidate(member, 0.0, (Reason("named"),), reachable, firsts=firsts[pk])
    return [found[pk] for pk in dict.fromkeys(in_order) if pk in found]


def _among(request: HelpRequest) -> Among:
    return Among(organization=request.organization_id, center=request.center_id, scope=request.scope)


def possible_among(thread: Thread, members: Collection[int]) -> list[Possible]:
    """The members in this order, with whether they can be asked now about something as severe as the thread."""
    now, reaches = clock.now(), reach_of(members)
    return [_named(pk, reaches[pk], now, thread.severity) for pk in members if pk in reaches]


def _named(member: int, row: ReachRow, now: datetime, severity: int) -> Possible:
    reachable = reach(row, row.hours, now, severity)
    ends = closing(row.hours, now) if reachable.why == "open" else None
    return Possible(member, reachable.now, reachable.at, ends, ({"kind": "named"},))


def _others(request: HelpRequest, named: Collection[int]) -> list[Ranked]:
    """Who else could help, only when somebody named was asked first often enough."""
    if not any(firsts >= MOST_FIRSTS for firsts in firsts_today(named).values()) or not request.by.is_active:
        return []
    return [ranked for ranked, _member in free_instead(request.by, request.thread, named)]


def free_instead(viewer: Member, thread: Thread, named: Collection[int]) -> list[tuple[Ranked, Member]]:
    """Of the thread's first ten those who can be asked now and were not asked first too often, besides those named."""
    found = candidates_for(viewer, thread, limit=CONSIDERED)
    return [
        (Ranked(each.member.pk, now=True, firsts=each.firsts), each.member)
        for each in found
        if each.reachable.now and each.firsts < MOST_FIRSTS and each.member.pk not in named
    ]


def _of(candidate: Candidate, row: ReachRow, now: datetime) -> Possible:
    reachable = candidate.reachable
    ends = closing(row.hours, now) if reachable.why == "open" else None
    reasons = tuple(
        {
            "kind": reason.kind, "about": reason.about, "count": reason.count, "thread": reason.thread,
            "at": reason.at.isoformat() if reason.at else None,
        }
        for reason in candidate.reasons
    )  # fmt: skip
    return Possible(candidate.member.pk, reachable.now, reachable.at, ends, reasons)


def still_askable(thread: Thread, member_ids: Collection[int], *, removed_too: bool = False) -> set[int]:
    """Those of the members who see the thread, are active, and are in its swarm neither now nor were removed from it.

    Whoever wants no notice of being asked would not hear of it, and is not asked.

    `removed_too` looks away from that: they are invited again.
    """
    members = Member.objects.filter(pk__in=member_ids, source_site="")
    seeing = set(viewers_of(thread, members).values_list("pk", flat=True))
    part = Q(until__isnull=True) if removed_too else Q(until__isnull=True) | Q(removed=True)
    there = Helper.objects.filter(part, thread=thread, member__in=seeing)
    seeing -= set(there.values_list("member_id", flat=True)) | {thread.author_id, thread.owner_id}
    return seeing - who_want_no_asking(seeing) if seeing else seeing


def who_want_no_asking(member_ids: Collection[int]) -> set[int]:
    """Those of the members who said that they want no notice when they are asked for help."""
    unwanted = InboxSetting.objects.filter(kind=ASKED.name, wanted=False, member__in=member_ids)
    return set(unwanted.values_list("member_id", flat=True))
