"""What coaches see of their people, and how administrators of an organization name them."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from community.api.people import Person, person
from community.errors import Forbidden, Invalid, NotThere
from community.models import Member
from community.queries.members import colleague_named
from reputation.actions.coaching import end_coaching, name_coach
from reputation.models import Coaching
from reputation.policies.evaluations import may_name_coaches
from reputation.queries.evaluations import coached_by, coaching_with, coachings_in, notes_to_coach
from threads.api.evaluations import LineOut, line_out
from threads.api.names import id_or_404
from threads.queries.evaluating import lines_met

router = Router(tags=["evaluations"])


class CoachedOut(BaseModel):
    """Somebody whom you coach."""

    member: Person
    since: datetime = Field(description="Notes for their coach are yours to read from then on.")


class CoachedListOut(BaseModel):
    """Whom you coach, by name."""

    items: list[CoachedOut]


class CoachNoteOut(BaseModel):
    """A note about them for their coach; nothing in it tells who wrote it."""

    text: str
    shown_from: date


class CoachedEvaluationsOut(BaseModel):
    """What others say of somebody whom you coach, from five raters on, as they read it themselves."""

    member: Person
    lines: list[LineOut]
    notes: list[CoachNoteOut]


class CoachingOut(BaseModel):
    """Who coaches whom."""

    id: int
    coach: Person
    member: Person
    named_by: Person
    since: datetime


class CoachingsOut(BaseModel):
    """Who coaches whom in your organization, by the coach's name."""

    items: list[CoachingOut]


class CoachingIn(BaseModel):
    """Two different members of your organization, by handle."""

    coach: Text = Field(max_length=60)
    member: Text = Field(max_length=60)


@router.get("/coaching", response=CoachedListOut, operation_id="coached", summary="Whom you coach")
def get_coached(request: ApiRequest) -> CoachedListOut:
    """Empty for who coaches nobody."""
    items = [CoachedOut(member=person(row.member), since=row.since) for row in coached_by(request.auth)]
    return CoachedListOut(items=items)


@router.get(
    "/coaching/{handle}",
    response=CoachedEvaluationsOut,
    operation_id="coached_evaluations",
    summary="What is said of one",
)
def get_coached_member(request: ApiRequest, handle: str) -> CoachedEvaluationsOut:
    """The numbers about somebody whom you coach, and the notes for their coach."""
    coach = request.auth
    member = next((row.member for row in coached_by(coach) if row.member.handle == handle.lower()), None)
    if member is None:
        raise NotThere("not_there")
    notes = [CoachNoteOut(text=note.text, shown_from=note.shown_from.date()) for note in notes_to_coach(coach, member)]
    lines = [line_out(line) for line in lines_met(coach, member)]
    return CoachedEvaluationsOut(member=person(member), lines=lines, notes=notes)


@router.get("/organization/coaches", response=CoachingsOut, operation_id="coaches", summary="Who coaches whom")
def get_coaches(request: ApiRequest) -> CoachingsOut:
    """For administrators of the organization. Empty for others."""
    by = request.auth
    rows = coachings_in(by.organization_id) if may_name_coaches(by) else []
    return CoachingsOut(items=[_coaching(row) for row in rows])


@router.put("/organization/coaches", response=CoachingOut, operation_id="name_coach", summary="Name a coach")
def put_coach(request: ApiRequest, data: CoachingIn) -> CoachingOut:
    """Name somebody coach of a colleague, in place of whoever was. The same again changes nothing."""
    by = _administrator(request)
    coach, member = (_colleague(by, name, typed) for name, typed in data.model_dump().items())
    return _coaching(name_coach(by=by, coach=coach, member=member))


@router.delete(
    "/organization/coaches/{id}", response={204: None}, operation_id="end_coaching", summary="End a coaching"
)
def delete_coach(request: ApiRequest, id: int) -> None:
    """They see nothing of it any more."""
    by = _administrator(request)
    found = coaching_with(by.organization_id, id_or_404(id))
    if found is None:
        raise NotThere("not_there")
    end_coaching(by=by, coaching=found)


def _administrator(request: ApiRequest) -> Member:
    if not may_name_coaches(request.auth):
        raise Forbidden("only_organization_admins")
    return request.auth


def _colleague(by: Member, name: str, typed: str) -> Member:
    found = colleague_named(by, typed.strip().removeprefix("@"))
    if found is None:
        raise Invalid({name: _("Nobody of your organization has this handle.")})
    return found


def _coaching(row: Coaching) -> CoachingOut:
    return CoachingOut(
        id=row.pk, coach=person(row.coach), member=person(row.member), named_by=person(row.named_by), since=row.since
    )
