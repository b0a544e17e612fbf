"""Patterns in giving, for moderators, and who looked at them."""

from datetime import datetime
from typing import Literal

from django.conf import settings
from django.urls import reverse
from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Page, Paging, Text, Whole, broken_cursor
from community.api.people import Person, person
from community.errors import NotThere
from community.rules.numbers import whole
from reputation.actions.flagging import look_at
from reputation.models import Flag, FlagLook
from reputation.queries.flags import flag_visible_to, flags_listed, has_looked, looks_at, looks_audited_by
from reputation.rules.patterns import REASON_LENGTH
from threads.actions.patterns import decide_about_pattern
from threads.api.names import id_or_404
from threads.queries.pattern_evidence import Evidence, NamedAward, evidence_of

router = Router(tags=["moderation"])


class PatternOut(BaseModel):
    """A pattern, without whom it is about."""

    id: int
    kind: str = Field(description="reciprocal, ring, serial or new.")
    state: str = Field(description="open, dismissed or acted.")
    gifts: int = Field(description="How many awards show it.")
    people: int = Field(description="How many members it is about.")
    found_at: datetime
    newest_at: datetime
    version: int = Field(description="To decide: the one you read.")
    reason: str
    decided_by: Person | None
    decided_at: datetime | None
    url: str


class ShareOut(BaseModel):
    """One of those it is about."""

    member: Person
    gave: int = Field(description="Awards they gave within it.")
    got: int = Field(description="Awards they got within it.")
    received: int = Field(description="All awards that somebody gave them in those 30 days.")
    new: bool = Field(description="Whether their account was new.")


class AwardOut(BaseModel):
    """An award that shows it."""

    id: int
    giver: Person | None
    receiver: Person
    rule: str
    points: int
    at: datetime
    taken_back: str | None = Field(description="Why it does not stand any more; null while it does.")
    title: str = Field(description="What it was for, where you see that.")
    url: str


class EvidenceOut(BaseModel):
    """What it rests on."""

    members: list[ShareOut]
    awards: list[AwardOut] = Field(description="The newest first; those that a decision withdraws.")
    days: dict[str, int] = Field(description="How many on each day, such as 2026-11-23.")
    minutes: int | None = Field(description="Within how many minutes the quickest of them came.")


class LookOut(BaseModel):
    """That somebody looked at the evidence, within some hour."""

    id: int
    pattern: int
    kind: str
    by: Person
    at: datetime


class PatternWithEvidence(PatternOut):
    """A pattern with its evidence, for who looked at it within this hour."""

    evidence: EvidenceOut | None = Field(description="null until you POST to `look`.")
    looks: list[LookOut] = Field(description="Who looked last.")


class PatternsPaging(Paging):
    """Where a page starts, and which."""

    state: Literal["", "open", "dismissed", "acted"] = Field("", description="Only those of this state.")


class PatternDecision(BaseModel):
    """What becomes of a pattern."""

    state: Literal["dismissed", "acted"] = Field(
        description="acted withdraws the awards it names; dismissed undoes it."
    )
    reason: Text = Field(max_length=REASON_LENGTH, description="Other moderators read it.")
    version: Whole = Field(ge=1, lt=2**31, description="The one you read.")


@router.get("/patterns", response=Page[PatternOut], operation_id="patterns", summary="List patterns in giving")
def get_patterns(request: ApiRequest, paging: Query[PatternsPaging]) -> Page[PatternOut]:
    """The newest first, for moderators; without those that are about yourself. Empty for others."""
    rows = flags_listed(request.auth, state=paging.state, before=_before(paging), limit=paging.limit + 1)
    following = str(rows[paging.limit - 1].pk) if len(rows) > paging.limit else None
    return Page(items=[_pattern(row) for row in rows[: paging.limit]], next=following)


@router.get("/patterns/looks", response=Page[LookOut], operation_id="pattern_looks", summary="Who looked at evidence")
def get_looks(request: ApiRequest, paging: Query[Paging]) -> Page[LookOut]:
    """Everybody who opened the evidence, the newest first, for network administrators. Empty for others."""
    rows = looks_audited_by(request.auth, before=_before(paging), limit=paging.limit + 1)
    following = str(rows[paging.limit - 1].pk) if len(rows) > paging.limit else None
    return Page(items=[_look(row) for row in rows[: paging.limit]], next=following)


@router.get("/patterns/{id}", response=PatternWithEvidence, operation_id="pattern", summary="One pattern")
def get_pattern(request: ApiRequest, id: int) -> PatternWithEvidence:
    """With its evidence when you looked at it within this hour."""
    return _with_evidence(request, _flag(request, id))


@router.post("/patterns/{id}/look", response=PatternWithEvidence, operation_id="look", summary="Look at the evidence")
def post_look(request: ApiRequest, id: int) -> PatternWithEvidence:
    """That you looked is kept, and other moderators read it."""
    flag = _flag(request, id)
    look_at(by=request.auth, flag=flag)
    return _with_evidence(request, flag)


@router.post("/patterns/{id}/decision", response=PatternOut, operation_id="decide_pattern", summary="Decide about one")
def post_decision(request: ApiRequest, id: int, data: PatternDecision) -> PatternOut:
    """Dismiss it, or withdraw the awards it names. 409 before you looked, and when it changed since `version`."""
    decide_about_pattern(by=request.auth, flag=_flag(request, id), **data.model_dump())
    return _pattern(_flag(request, id))


def _before(paging: Paging) -> int:
    before = whole(paging.after, most_digits=18) if paging.after else 0
    if before is None:
        raise broken_cursor()
    return before


def _flag(request: ApiRequest, pk: int) -> Flag:
    found = flag_visible_to(request.auth, id_or_404(pk))
    if found is None:
        raise NotThere("not_there")
    return found


def _pattern(flag: Flag) -> PatternOut:
    return PatternOut(
        id=flag.pk, kind=flag.kind, state=flag.state, gifts=flag.gifts, people=len(flag.numbers.get("members", {})),
        found_at=flag.found_at, newest_at=flag.newest_at, version=flag.version, reason=flag.reason,
        decided_by=person(flag.decided_by) if flag.decided_by else None, decided_at=flag.decided_at,
        url=f"{settings.SITE_URL}{reverse('pattern', args=[flag.pk])}",
    )  # fmt: skip


def _with_evidence(request: ApiRequest, flag: Flag) -> PatternWithEvidence:
    evidence = _evidence(evidence_of(request.auth, flag)) if has_looked(request.auth, flag) else None
    looks = [_look(look) for look in looks_at(flag)]
    return PatternWithEvidence(**_pattern(flag).model_dump(), evidence=evidence, looks=looks)


def _evidence(found: Evidence) -> EvidenceOut:
    members = [
        ShareOut(member=person(each.member), gave=each.gave, got=each.got, received=each.received, new=each.is_new)
        for each in found.people
    ]
    days = {f"{day}": count for day, count in found.days if count}
    return EvidenceOut(
        members=members, awards=[_award(each) for each in found.awards], days=days, minutes=found.minutes
    )


def _award(named: NamedAward) -> AwardOut:
    award = named.row.award
    reversal = getattr(award, "reversal", None)
    return AwardOut(
        id=award.pk, giver=person(award.giver) if award.giver else None, receiver=person(award.member),
        rule=award.rule, points=award.points, at=award.at, taken_back=reversal.why if reversal else None,
        title=named.title, url=named.url,
    )  # fmt: skip


def _look(look: FlagLook) -> LookOut:
    return LookOut(id=look.pk, pattern=look.flag_id, kind=look.flag.kind, by=person(look.by), at=look.at)
