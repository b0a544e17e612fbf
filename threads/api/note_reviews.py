"""Notes of which their readers asked for a review, for the moderators of the space."""

from datetime import datetime
from typing import Literal

from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from community.api.people import Person, person
from community.errors import NotThere
from reputation.models import NoteAnswer
from reputation.rules.evaluations import ANSWER_LENGTH
from threads.actions.note_reviews import decide_about_note, look_who_wrote
from threads.api.names import id_or_404
from threads.queries.evaluating import review_visible_to, reviews_waiting

router = Router(tags=["moderation"])


class NoteReviewOut(BaseModel):
    """A note about somebody, of whom it is, and why they asked for a review."""

    id: int
    member: Person = Field(description="Whom the note is about, who asked.")
    thread: int
    note: str
    words: str = Field(description="What they say of it.")
    at: datetime
    outcome: str = Field(description="kept or set_aside; empty while it waits.")
    outcome_words: str


class NoteLookOut(BaseModel):
    """That somebody looked who wrote it."""

    by: Person
    at: datetime


class NoteReviewWhole(NoteReviewOut):
    """One of them, with who wrote it for those who looked."""

    rater: Person | None = Field(description="null until you POST to `look`.")
    looks: list[NoteLookOut]
    decided_by: Person | None
    decided_at: datetime | None


class NoteReviewsOut(BaseModel):
    """Those that wait for you, the oldest first, at most 50."""

    items: list[NoteReviewOut]


class NoteDecisionIn(BaseModel):
    """What becomes of a note."""

    outcome: Literal["kept", "set_aside"]
    words: Text = Field(max_length=ANSWER_LENGTH, description="Both of them read it. Do not say who wrote the note.")


@router.get("/note-reviews", response=NoteReviewsOut, operation_id="note_reviews", summary="Notes under review")
def get_note_reviews(request: ApiRequest) -> NoteReviewsOut:
    """Of the spaces you moderate, but for your own notes and those about you. Empty for others."""
    return NoteReviewsOut(items=[_told(row) for row in reviews_waiting(request.auth)])


@router.get("/note-reviews/{id}", response=NoteReviewWhole, operation_id="note_review", summary="One note under review")
def get_note_review(request: ApiRequest, id: int) -> NoteReviewWhole:
    """Decided or not."""
    return _whole(request, id)


@router.post("/note-reviews/{id}/look", response=NoteReviewWhole, operation_id="look_who_wrote", summary="Who wrote it")
def post_note_look(request: ApiRequest, id: int) -> NoteReviewWhole:
    """Look only if you must: that you looked is kept, and both of them read it."""
    look_who_wrote(by=request.auth, answer=_review(request, id))
    return _whole(request, id)


@router.post(
    "/note-reviews/{id}/decision", response=NoteReviewWhole, operation_id="decide_note", summary="Decide about a note"
)
def post_note_decision(request: ApiRequest, id: int, data: NoteDecisionIn) -> NoteReviewWhole:
    """It stands, or is set aside. 409 when that was decided already."""
    decide_about_note(by=request.auth, answer=_review(request, id), **data.model_dump())
    return _whole(request, id)


def _review(request: ApiRequest, pk: int) -> NoteAnswer:
    found = review_visible_to(request.auth, id_or_404(pk))
    if found is None:
        raise NotThere("not_there")
    return found


def _whole(request: ApiRequest, pk: int) -> NoteReviewWhole:
    row = _review(request, pk)
    looks = list(row.looks.all())
    looked = any(look.by_id == request.auth.pk for look in looks)
    return NoteReviewWhole(
        **_told(row).model_dump(), rater=person(row.evaluation.rater) if looked else None,
        looks=[NoteLookOut(by=person(look.by), at=look.at) for look in looks],
        decided_by=person(row.decided_by) if row.decided_by else None, decided_at=row.decided_at,
    )  # fmt: skip


def _told(row: NoteAnswer) -> NoteReviewOut:
    note = row.evaluation
    return NoteReviewOut(
        id=row.pk, member=person(note.rated), thread=note.thread_id, note=note.note, words=row.words, at=row.at,
        outcome=row.outcome, outcome_words=row.outcome_words,
    )  # fmt: skip
