"""Who could help with a thread, best first, and why."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import nlargest
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from community.events.reactors import people_here
from community.models import InboxSetting, Member
from community.queries.reach import reach_of
from community.rules import clock
from community.rules.reach import Reachable, reach
from reputation.models import Standing
from threads.facts.swarm import ASKED
from threads.models import ANSWERABLE, UNRESOLVED, Asked, Helper, HelpRequest, Named, Severity, Thread
from threads.queries.audience import viewers_of
from threads.queries.evidence import NOTHING, Evidence, Gathered, evidence_for
from threads.queries.last_posts import last_posts
from threads.rules.matching import Facts, Reason, promise, scored, shown

LOOKED_AT, LOOKED_AT_BEYOND = 60, 12
_MOST_PROMISING, _AT_FIRST = 900, 150
_DAY = timedelta(hours=24)


class Among(NamedTuple):
    """Whom to choose from: of an organization, of a center, of those known in a scope (`tag:dns`), these members.

    With `beyond` also people who do not see the thread yet; they are marked (`Candidate.lets_in`) and come after all
    who do.
    """

    organization: int | None = None
    center: int | None = None
    scope: str = ""
    members: frozenset[int] = frozenset()
    beyond: bool = False

    @property
    def is_place(self) -> bool:
        """Whether people are named, or where they work: then also those of whom nothing else is known."""
        return bool(self.organization or self.center or self.members)

    def of(self, people: QuerySet[Member]) -> QuerySet[Member]:
        """Those of `people` that are meant; what is known of a scope is no matter of this."""
        if self.organization:
            people = people.filter(organization=self.organization)
        if self.center:
            people = people.filter(center=self.center)
        return people.filter(pk__in=self.members) if self.members else people


ANYBODY = Among()


@dataclass(frozen=True)
class Candidate:
    """Somebody who could help: why, whether they can be asked now, what they have to do already.

    `firsts` is how often they were asked first in the last 24 hours. `lets_in` says that asking them lets them in.
    """

    member: Member
    score: float
    reasons: tuple[Reason, ...]
    reachable: Reachable
    load: int = 0
    firsts: int = 0
    lets_in: bool = False


def candidates_for(
    viewer: Member,
    thread: Thread,
    *,
    among: Among = ANYBODY,
    limit: int = 10,
    skip: Collection[int] = (),
    severity: Severity | int | None = None,
) -> list[Candidate]:
    """Members who could help with a thread, best first; everything is looked at with the viewer's eyes.

    Nobody who may not see the thread, unless `among.beyond`; nobody of `skip` (ids), no asker, owner or helper, nobody
    who was removed or is asked already, who declined to be asked or is asked as often a day as they want. None for a
    viewer who may not see the thread.
    """
    gathered = evidence_for(viewer, thread, scope=among.scope)
    if gathered is None:
        return []
    askable = among.of(_askable(thread, {viewer.pk, thread.author_id, thread.owner_id, *skip}))
    inside = _people(viewers_of(thread, askable), gathered, among, LOOKED_AT)
    outside: list[int] = []
    if among.beyond:
        seeing = viewers_of(thread, Member.objects.order_by()).values("pk")
        outside = _people(askable.exclude(pk__in=seeing), gathered, among, LOOKED_AT_BEYOND)
    severity = thread.severity if severity is None else severity
    return _ranked(viewer, [*inside, *outside], gathered, severity, set(outside))[:limit]


def _askable(thread: Thread, skip: set[int | None]) -> QuerySet[Member]:
    """Everybody who may be asked for help with the thread, whether they see it or not."""
    me = OuterRef("pk")
    part = Helper.objects.filter(Q(until__isnull=True) | Q(removed=True), member=me, thread=thread)
    waiting = _waiting(me).filter(request__thread=thread)
    named = Named.objects.filter(member=me, request__thread=thread, request__state=HelpRequest.State.OPEN)
    declined = InboxSetting.objects.filter(member=me, kind=ASKED.name, wanted=False)
    people = Member.objects.filter(source_site="", is_active=True).exclude(pk__in=[pk for pk in skip if pk])
    return people.filter(~Exists(part), ~Exists(waiting), ~Exists(named), ~Exists(declined))


def _waiting(member: OuterRef) -> QuerySet[Asked]:
    return Asked.objects.filter(member=member, answer__in=ANSWERABLE, request__state=HelpRequest.State.OPEN)


def _people(askable: QuerySet[Member], gathered: Gathered, among: Among, most: int) -> list[int]:
    """The ids of the most promising, best first; of a place also others, whoever has earned most first."""
    promising = _promising(gathered, among)
    people: list[int] = []
    for some in (promising[:_AT_FIRST], promising[_AT_FIRST:]):
        found = set(askable.filter(pk__in=some).values_list("pk", flat=True)) if len(people) < most else set()
        people += [pk for pk in some if pk in found]
    people = people[:most]
    if among.is_place and not among.scope and len(people) < most:
        earned = Standing.objects.filter(member=OuterRef("pk"), scope="").values("points")[:1]
        others = askable.exclude(pk__in=people).annotate(earned=Coalesce(Subquery(earned), 0))
        people += others.order_by("-earned", "pk").values_list("pk", flat=True)[: most - len(people)]
    return people


def _promising(gathered: Gathered, among: Among) -> list[int]:
    now = clock.now()
    known = {
        pk: promise(_facts(evidence, gathered, now))
        for pk, evidence in gathered.people.items()
        if not among.scope or evidence.knows(among.scope)
    }
    return nlargest(_MOST_PROMISING, known, key=lambda pk: (known[pk], -pk))


def _facts(evidence: Evidence, gathered: Gathered, now: datetime) -> Facts:
    return Facts(
        now=now,
        subjects=gathered.subjects,
        alike=evidence.alike,
        topics=evidence.topics,
        proven=evidence.proven,
        standing=evidence.standing,
        declared=evidence.declared,
        certified=evidence.certified,
    )


class _Busy(NamedTuple):
    """What somebody has to do: open threads owned and helped, requests to answer; how often they were asked today."""

    load: int
    asked: int
    firsts: int


def _busy(ids: Collection[int], now: datetime) -> dict[int, _Busy]:
    me = OuterRef("pk")
    owned = Thread.objects.filter(owner=me, status__in=UNRESOLVED)
    helped = Helper.objects.filter(member=me, until__isnull=True, thread__status__in=UNRESOLVED)
    today = Asked.objects.filter(member=me, asked_at__gt=now - _DAY)
    counts = [_count(rows) for rows in (owned, helped, _waiting(me), today, today.filter(first=True))]
    rows = Member.objects.filter(pk__in=ids).values_list("pk", *counts)
    return {pk: _Busy(own + help_ + waits, asked, firsts) for pk, own, help_, waits, asked, firsts in rows}


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows there are for each member, 0 for none."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def _ranked(
    viewer: Member, ids: Collection[int], gathered: Gathered, severity: int | None, outside: Collection[int]
) -> list[Candidate]:
    """The candidates, best first, those of `outside` after all others."""
    now = clock.now()
    people = Member.objects.filter(pk__in=ids).select_related("organization", "center")
    busy, reaches, written = _busy(ids, now), reach_of([*ids, viewer.pk]), last_posts(viewer, ids)
    mine, here = reaches[viewer.pk].languages, people_here(ids)
    found = []
    for person in people:
        row, has = reaches[person.pk], busy[person.pk]
        if row.most_a_day is not None and has.asked >= row.most_a_day:
            continue
        common = [code for code in row.languages if code in mine]
        reachable = reach(row, row.hours, now, severity)
        facts = replace(
            _facts(gathered.people.get(person.pk, NOTHING), gathered, now),
            written=written.get(person.pk, ()),
            load=has.load,
            here=person.pk in here,
            askable=reachable.now,
            language=common[0] if common else "",
            strangers=bool(mine and row.languages and not common),
        )
        score, reasons = scored(facts)
        lets_in = person.pk in outside
        found.append(Candidate(person, score, shown(reasons), reachable, has.load, has.firsts, lets_in))
    return sorted(found, key=lambda row: (row.lets_in, -row.score, row.member.pk))
