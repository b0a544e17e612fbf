"""Contribution profiles, the ledger's rows, who sees what of them, and an organization's leaderboard."""

from datetime import datetime
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import MOST, Page, Text
from community.api.people import Person, person
from community.errors import Invalid, NotThere
from community.models import Member
from community.queries.members import member_visible_to
from community.rules import clock
from reputation.actions.profile import choose_shown, switch_leaderboard
from reputation.models import ProfileChoice
from reputation.models.profile import Circle
from reputation.policies.profile import LEDGER, PARTS, Shown, leaderboard_of, shown_to
from reputation.queries.leaderboard import places_for
from reputation.queries.profile import evidence_of, shown_by
from reputation.rules.profile import ALL, LATELY, MOST_MONTHS, Period, axis_of, period_named
from threads.queries.contributions import titles_of_subjects
from threads.queries.profile import Total, figures_of, subjects_named
from threads.rendering.profile import month_name

router = Router(tags=["people"])

AxisName = Literal["solve", "share", "curate", "review", "help"]


class Asked(BaseModel):
    """Of what time and on what subject."""

    period: Text = Field(
        LATELY,
        max_length=20,
        description="`all`, `12-months`, a year (`2026`), a quarter (`2026-Q4`) or a month (`2026-11`).",
    )
    subject: Text = Field(
        "",
        max_length=80,
        description="`tag:<slug>` or `product:<slug>`; without it all. 404 for a tag that you do not meet.",
    )


class LedgerAsked(Asked):
    """Which rows, and where a page of them starts."""

    period: Text = Field(ALL, max_length=20, description="As of a profile; without it all.")
    axis: AxisName | None = Field(None, description="Only what counts there.")
    after: int = Field(0, ge=0, lt=2**63, description="The `next` of the page before.")
    limit: int = Field(30, ge=1, le=MOST, description="How many items at most.")


class TotalOut(BaseModel):
    """What was earned: points, and by how many awards that stand."""

    points: int
    awards: int


class MonthOut(BaseModel):
    """What was earned in one month."""

    month: str
    axes: dict[str, TotalOut]


class ProfileSubjectOut(BaseModel):
    """What was earned on one subject."""

    subject: str = Field(description="`tag:<slug>` or `product:<slug>`.")
    name: str
    points: int
    awards: int


class PeersOut(BaseModel):
    """What peers say, from five raters on: 1 to 5."""

    mean: float
    qualities: dict[str, float]
    month: str = Field(description="When the newest of the numbers was made.")


class ProfileOut(BaseModel):
    """A contribution profile, as far as the member shows it to you."""

    period: str
    subject: str
    axes: dict[str, TotalOut] | None = Field(
        description="By solve, share, curate, review, help. Null, like months and subjects, unless shown to you."
    )
    months: list[MonthOut] | None = Field(description=f"The last {MOST_MONTHS} months, the oldest first.")
    subjects: list[ProfileSubjectOut] | None = Field(
        description="Of the period, best first; tags that you meet yourself."
    )
    peers: PeersOut | None = Field(description="Null unless they show it to you, and there are numbers.")


class AboutOut(BaseModel):
    """What an award was given for."""

    title: str
    url: str


class LedgerRow(BaseModel):
    """An award, or the taking back of one."""

    id: int
    at: datetime
    month: str = Field(description="In which it counts: what is taken back, in that of what it takes back.")
    rule: str
    axis: str = Field(description="solve, share, curate, review or help.")
    points: int
    about: AboutOut | None = Field(description="What for, where you see that.")


class ShownOut(BaseModel):
    """To whom your profile is shown: me, organization or network."""

    contributions: Circle = Field(description="The sums by axis, month and subject.")
    ledger: Circle = Field(description="The single rows.")
    peers: Circle = Field(description="What peers say, in numbers.")
    off_leaderboards: bool = Field(description="Whether you are left out of your organization's leaderboard.")


class ShownIn(BaseModel):
    """What to change; the rest stays."""

    contributions: Circle | None = None
    ledger: Circle | None = None
    peers: Circle | None = None
    off_leaderboards: bool | None = None


class PlaceOut(BaseModel):
    """Somebody on a leaderboard; who earned alike share a place."""

    place: int
    member: Person
    points: int
    awards: int


class LeaderboardOut(BaseModel):
    """The first of your organization."""

    on: bool
    since: datetime | None = Field(description="When it was switched on.")
    period: str
    subject: str
    items: list[PlaceOut]


class LeaderboardIn(BaseModel):
    """Whether there is one."""

    on: bool


class LeaderboardState(BaseModel):
    """Whether your organization has a leaderboard."""

    on: bool


@router.get(
    "/members/{handle}/profile", response=ProfileOut, operation_id="profile", summary="Read a contribution profile"
)
def profile(request: ApiRequest, handle: Text, asked: Query[Asked]) -> ProfileOut:
    """What somebody contributed, by kind, month and subject. 404 where nothing of it is shown to you."""
    shown = _shown(request.auth, handle)
    period = _period(asked.period)
    _met(request.auth, asked.subject)
    found = figures_of(request.auth, shown, period, scope=asked.subject, months=MOST_MONTHS)
    return ProfileOut(
        period=period.name, subject=asked.subject, axes=_totals(found.axes),
        months=None if found.months is None else [
            MonthOut(month=month_name(row.month), axes=_totals(row.totals) or {}) for row in found.months
        ],
        subjects=None if found.subjects is None else [
            ProfileSubjectOut(subject=each.scope, name=each.label, points=each.points, awards=each.awards)
            for each in found.subjects
        ],
        peers=found.peers and PeersOut(
            mean=found.peers.mean, qualities=found.peers.qualities, month=f"{found.peers.made_at:%Y-%m}"
        ),
    )  # fmt: skip


@router.get(
    "/members/{handle}/ledger", response=Page[LedgerRow], operation_id="ledger", summary="Read the rows of the ledger"
)
def ledger(request: ApiRequest, handle: Text, asked: Query[LedgerAsked]) -> Page[LedgerRow]:
    """What somebody was given and what was taken back, the newest first. 404 where it is not shown to you."""
    shown = _shown(request.auth, handle)
    if LEDGER not in shown.parts:
        raise NotThere("not_there")
    period = _period(asked.period)
    _met(request.auth, asked.subject)
    found = evidence_of(
        shown, period, axis=asked.axis or "", scope=asked.subject, before=asked.after or None, limit=asked.limit + 1
    )
    rows = found[: asked.limit]
    titles = titles_of_subjects(request.auth, {row.subject for row in rows})
    items = [
        LedgerRow(
            id=row.pk, at=row.at, month=month_name(row.month), rule=row.rule, axis=axis_of(row.rule, row.cause),
            points=row.points, about=_about(titles.get(row.subject)),
        )
        for row in rows
    ]  # fmt: skip
    return Page(items=items, next=str(rows[-1].pk) if len(found) > len(rows) else None)


@router.get("/me/profile", response=ShownOut, operation_id="profile_shown", summary="Who sees your profile")
def get_shown(request: ApiRequest) -> ShownOut:
    """To whom you show it."""
    return _choice(shown_by(request.auth))


@router.patch("/me/profile", response=ShownOut, operation_id="show_profile", summary="Choose who sees your profile")
def patch_shown(request: ApiRequest, data: ShownIn) -> ShownOut:
    """Part by part, from now on, for what you earned before as well."""
    return _choice(choose_shown(by=request.auth, **data.model_dump(exclude_none=True)))


@router.get(
    "/organization/leaderboard", response=LeaderboardOut, operation_id="leaderboard", summary="Your leaderboard"
)
def get_leaderboard(request: ApiRequest, asked: Query[Asked]) -> LeaderboardOut:
    """Who of your organization earned most; nobody unless an administrator of yours switched it on."""
    board, period = leaderboard_of(request.auth), _period(asked.period)
    _met(request.auth, asked.subject)
    items = [
        PlaceOut(place=row.place, member=person(row.member), points=row.points, awards=row.awards)
        for row in places_for(request.auth, period, scope=asked.subject)
    ]
    since = board.since if board else None
    return LeaderboardOut(on=board is not None, since=since, period=period.name, subject=asked.subject, items=items)


@router.put(
    "/organization/leaderboard", response=LeaderboardState, operation_id="switch_leaderboard", summary="Switch it"
)
def put_leaderboard(request: ApiRequest, data: LeaderboardIn) -> LeaderboardState:
    """Switch your organization's leaderboard on or off. For its administrators."""
    return LeaderboardState(on=switch_leaderboard(by=request.auth, on=data.on) is not None)


def _shown(viewer: Member, handle: str) -> Shown:
    found = member_visible_to(viewer, handle)
    shown = shown_to(viewer, found) if found else None
    if shown is None or not shown.parts:
        raise NotThere("not_there")
    return shown


def _period(name: str) -> Period:
    found = period_named(name, clock.now().date())
    if found is None:
        raise Invalid({"period": _("This is no period. Give all, 12-months, 2026, 2026-Q4 or 2026-11.")})
    return found


def _met(viewer: Member, scope: str) -> None:
    if scope and not subjects_named(viewer, [scope]):
        raise Invalid({"subject": _("There is no such product, nor such a tag that you meet.")})


def _totals(totals: dict[str, Total] | None) -> dict[str, TotalOut] | None:
    if totals is None:
        return None
    return {axis: TotalOut(points=total.points, awards=total.awards) for axis, total in totals.items()}


def _about(title: dict[str, str] | None) -> AboutOut | None:
    return AboutOut(title=title["title"], url=f"{settings.SITE_URL}{title['url']}") if title else None


def _choice(row: ProfileChoice) -> ShownOut:
    parts = {part: Circle(getattr(row, part)) for part in PARTS}
    return ShownOut(**parts, off_leaderboards=row.off_leaderboards)
