"""When and how a member may be asked for help."""

from datetime import datetime, time
from typing import Annotated, Any, Literal, cast

from ninja import Router
from pydantic import AwareDatetime, BaseModel, Field

from community.actions.reach import MOST_A_DAY, MOST_LANGUAGES, Said, change_reach
from community.api.auth import ApiRequest
from community.api.paging import Text, Whole
from community.models import Member
from community.queries.reach import reach_of
from community.rules import clock
from community.rules.reach import ReachRow, reach, state_at

router = Router(tags=["people"])

LocalTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="Like 08:00.")]


class HoursIn(BaseModel):
    """Working hours, in the member's own zone. One that closes no later than it opens does so on the next day."""

    opens: LocalTime
    closes: LocalTime
    days: list[Whole] = Field(max_length=7, description="From 1, Monday, to 7, Sunday.")


class HoursOut(BaseModel):
    """Working hours, in the zone in which they are kept."""

    zone: str
    opens: str
    closes: str
    days: list[int]


class ReachableOut(BaseModel):
    """Whether somebody can be asked now about something that is neither critical nor high."""

    now: bool
    why: str = Field(description="now: available, open, allows; else: away, busy, closed.")
    at: datetime | None = Field(description="From when on; null when nobody knows.")


class ReachOut(BaseModel):
    """When somebody may be asked, and in which languages."""

    state: str = Field(description="hours, available, busy or away.")
    until: datetime | None = Field(description="When the state ends and that of the hours holds again.")
    hours: HoursOut = Field(description="Their own, else their center's, else the usual ones.")
    reachable: ReachableOut
    languages: list[str] = Field(description="Two-letter codes, best first.")


class OwnReachOut(ReachOut):
    """The same with what only the member and those who work with them see."""

    outside: str = Field(description="Whether they are asked outside their hours: never, severe, always.")
    most_a_day: int | None
    contact: str


class ReachIn(BaseModel):
    """What is left out stays as it was."""

    state: Literal["hours", "available", "busy", "away"] = "hours"
    until: AwareDatetime | None = Field(None, description="Needed for available and away. Only with `state`.")
    hours: HoursIn | None = Field(None, description="null is as the center.")
    outside: Literal["never", "severe", "always"] = "never"
    most_a_day: Whole | None = Field(None, ge=1, le=MOST_A_DAY)
    languages: list[Text] = Field(default_factory=list, max_length=MOST_LANGUAGES)
    contact: Text = Field("", max_length=200)


@router.get("/me/reach", response=OwnReachOut, operation_id="my_reach", summary="Read when you may be asked")
def my_reach(request: ApiRequest) -> OwnReachOut:
    """When and how you may be asked for help."""
    return own_reach_out(request.auth)


@router.patch("/me/reach", response=OwnReachOut, operation_id="change_my_reach", summary="Say when you may be asked")
def change_my_reach(request: ApiRequest, data: ReachIn) -> OwnReachOut:
    """Say whether you can be asked now, when you work, and in which languages."""
    given = data.model_dump(exclude_unset=True)
    state = (given["state"], given.get("until")) if "state" in given else None
    change_reach(by=request.auth, state=state, said=_said(given))
    return own_reach_out(request.auth)


def own_reach_out(member: Member) -> OwnReachOut:
    """What the member themselves read of it."""
    row = reach_of([member.pk])[member.pk]
    return OwnReachOut(**_facts(row), outside=row.outside, most_a_day=row.most_a_day, contact=row.contact)


def reach_out(member: Member) -> ReachOut:
    """What everybody reads of it."""
    return ReachOut(**_facts(reach_of([member.pk])[member.pk]))


def _facts(row: ReachRow) -> dict[str, Any]:
    now, hours = clock.now(), row.hours
    state, found = state_at(row, now), reach(row, hours, now, None)
    return {
        "state": state,
        "until": None if state == "hours" else row.until,
        "hours": HoursOut(
            zone=hours.zone, opens=f"{hours.opens:%H:%M}", closes=f"{hours.closes:%H:%M}", days=list(hours.days)
        ),
        "reachable": ReachableOut(now=found.now, why=found.why, at=found.at),
        "languages": list(row.languages),
    }


def _said(given: dict[str, Any]) -> Said:
    said = cast("Said", {name: given[name] for name in Said.__annotations__ if name in given})
    if "hours" in given:
        hours = given["hours"]
        said["opens_at"] = time.fromisoformat(hours["opens"]) if hours else None
        said["closes_at"] = time.fromisoformat(hours["closes"]) if hours else None
        said["working_days"] = hours["days"] if hours else None
    return said
