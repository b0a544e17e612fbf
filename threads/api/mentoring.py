"""Mentors and learners."""

from datetime import datetime
from typing import Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import MOST, Page, Text
from community.api.people import Person, person
from community.errors import NotThere
from community.models import Member
from community.queries.members import member_visible_to
from reputation.actions.mentoring import (
    answer_learner,
    end_mentoring,
    offer_mentoring,
    say_it_helped,
    take_back_helped,
)
from reputation.models import Mentoring, MentoringHelped
from reputation.policies.mentoring import may_answer, may_end, may_take_back, may_withdraw
from reputation.queries.mentoring import (
    asks_left,
    can_be_said,
    helped_last,
    mentoring_with,
    mentorings_of,
    offers_mentoring,
)
from reputation.rules.mentoring import LONGEST, MOST_MENTEES
from threads.actions.mentoring import ask_to_be_mentored
from threads.api.names import id_or_404
from threads.queries.mentoring import mentors_seen_by

router = Router(tags=["people"])

Kind = Literal["tag", "product"]


class Subject(BaseModel):
    """In which subject mentors are looked for."""

    kind: Kind = Field(description="tag or product.")
    slug: Text = Field(max_length=60)


class MentorsOut(BaseModel):
    """Who can be asked, those with most standing in it first."""

    mentors: list[Person]


class OfferIn(BaseModel):
    """Whether you would mentor."""

    offers: bool


class OfferOut(BaseModel):
    """Whether you would mentor, how many at most, and how many mentors you may still ask this week."""

    offers: bool
    most: int
    asks_left: int


class MentoringIn(BaseModel):
    """Whom you ask to teach you what."""

    mentor: Text = Field(max_length=40, description="A handle.")
    kind: Kind
    slug: Text = Field(max_length=60)
    what: Text = Field(max_length=LONGEST, description="Only the two of you read it.")


class MentoringOut(BaseModel):
    """A mentoring of yours."""

    id: int
    learner: Person
    mentor: Person
    kind: str = Field(description="tag or product.")
    slug: str
    state: str = Field(description="asked, running, declined, withdrawn, ended.")
    what: str
    note: str = Field(description="What the mentor answered.")
    asked_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    helped_at: datetime | None = Field(description="When the learner said last that it helped.")
    can: list[str] = Field(description="What you may do: answer, end, say_helped, take_back.")


class LearnerAnswerIn(BaseModel):
    """Whether you mentor them."""

    accept: bool
    note: Text = Field("", max_length=LONGEST, description="Needed when you decline.")


class MentoringPaging(BaseModel):
    """Where a page of mentorings starts."""

    after: int = Field(0, ge=0, lt=2**63, description="The `next` of the page before.")
    limit: int = Field(30, ge=1, le=MOST, description="How many items at most.")


@router.get("/mentors", response=MentorsOut, operation_id="mentors", summary="List who mentors in a subject")
def mentors(request: ApiRequest, subject: Query[Subject]) -> MentorsOut:
    """Who has earned enough in it and offers to teach; at most 30."""
    return MentorsOut(mentors=[person(each) for each in mentors_seen_by(request.auth, _scope(subject))])


@router.get("/me/mentoring", response=OfferOut, operation_id="mentoring_offer", summary="Whether you mentor")
def offer(request: ApiRequest) -> OfferOut:
    """Your own switch, and what is left of your asking."""
    return _offer(request.auth)


@router.put("/me/mentoring", response=OfferOut, operation_id="offer_mentoring", summary="Say whether you mentor")
def put_offer(request: ApiRequest, data: OfferIn) -> OfferOut:
    """It shows in the subjects in which you have the privilege `mentor`. What runs goes on."""
    offer_mentoring(by=request.auth, offers=data.offers)
    return _offer(request.auth)


@router.get("/mentorings", response=Page[MentoringOut], operation_id="mentorings", summary="List your mentorings")
def mentorings(request: ApiRequest, paging: Query[MentoringPaging]) -> Page[MentoringOut]:
    """Those in which you learn or teach, the newest first."""
    found = mentorings_of(request.auth, before=paging.after or None, limit=paging.limit + 1)
    rows = found[: paging.limit]
    return Page(items=_outs(request.auth, rows), next=str(rows[-1].pk) if len(found) > len(rows) else None)


@router.post("/mentorings", response={201: MentoringOut}, operation_id="ask_mentor", summary="Ask for a mentor")
def post_mentoring(request: ApiRequest, data: MentoringIn) -> MentoringOut:
    """You have to declare that you want to learn it. 429 beyond three a week, or when they have enough learners."""
    mentor = member_visible_to(request.auth, data.mentor)
    if mentor is None:
        raise NotThere("no_mentor")
    made = ask_to_be_mentored(by=request.auth, mentor=mentor, scope=_scope(data), what=data.what)
    return _out(request.auth, made)


@router.post(
    "/mentorings/{id}/answer", response=MentoringOut, operation_id="answer_learner", summary="Answer who asked you"
)
def post_answer(request: ApiRequest, id: int, data: LearnerAnswerIn) -> MentoringOut:
    """Mentor them, or decline and say why."""
    found = _mentoring_or_404(request.auth, id)
    return _out(request.auth, answer_learner(by=request.auth, mentoring=found, accept=data.accept, note=data.note))


@router.post("/mentorings/{id}/end", response=MentoringOut, operation_id="end_mentoring", summary="End a mentoring")
def post_end(request: ApiRequest, id: int) -> MentoringOut:
    """Either of the two ends it; the learner takes back what is not answered yet."""
    return _out(request.auth, end_mentoring(by=request.auth, mentoring=_mentoring_or_404(request.auth, id)))


@router.put("/mentorings/{id}/helped", response=MentoringOut, operation_id="say_it_helped", summary="Say it helped")
def put_helped(request: ApiRequest, id: int) -> MentoringOut:
    """For the learner, once in 30 days: the mentor earns standing in the subject."""
    found = _mentoring_or_404(request.auth, id)
    say_it_helped(by=request.auth, mentoring=found)
    return _out(request.auth, found)


@router.delete(
    "/mentorings/{id}/helped", response=MentoringOut, operation_id="take_back_helped", summary="Take that back"
)
def delete_helped(request: ApiRequest, id: int) -> MentoringOut:
    """Within a day; what it earned is taken back as well."""
    found = _mentoring_or_404(request.auth, id)
    take_back_helped(by=request.auth, mentoring=found)
    return _out(request.auth, found)


def _offer(member: Member) -> OfferOut:
    return OfferOut(offers=offers_mentoring(member), most=MOST_MENTEES, asks_left=asks_left(member))


def _scope(subject: Subject | MentoringIn) -> str:
    return f"{subject.kind}:{subject.slug.strip().lower()}"


def _mentoring_or_404(viewer: Member, number: int) -> Mentoring:
    found = mentoring_with(viewer, id_or_404(number))
    if found is None:
        raise NotThere("not_there")
    return found


def _out(viewer: Member, row: Mentoring) -> MentoringOut:
    return _outs(viewer, [row])[0]


def _outs(viewer: Member, rows: list[Mentoring]) -> list[MentoringOut]:
    last, sayable = helped_last(rows), can_be_said(viewer, rows)
    return [_shown(viewer, row, last.get(row.pk), sayable=row.pk in sayable) for row in rows]


def _shown(viewer: Member, row: Mentoring, helped: MentoringHelped | None, *, sayable: bool) -> MentoringOut:
    kind, _colon, slug = row.scope.partition(":")
    can = {
        "answer": may_answer(viewer, row),
        "end": may_end(viewer, row) or may_withdraw(viewer, row),
        "say_helped": sayable,
        "take_back": helped is not None and may_take_back(viewer, helped),
    }
    return MentoringOut(
        id=row.pk, learner=person(row.learner), mentor=person(row.mentor), kind=kind, slug=slug, state=row.state,
        what=row.what, note=row.note, asked_at=row.asked_at, answered_at=row.answered_at, ended_at=row.ended_at,
        helped_at=helped.at if helped else None, can=[name for name, holds in can.items() if holds],
    )  # fmt: skip
