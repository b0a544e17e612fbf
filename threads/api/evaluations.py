"""Rating those with whom one worked, what others say of oneself, and answering their notes."""

from datetime import date
from typing import Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Identifier, Page, Paging, Text, Whole, broken_cursor
from community.api.people import Person, person
from community.errors import NotThere
from community.rules.numbers import whole
from reputation.actions.evaluations import Said, withdraw_evaluation
from reputation.models import Evaluation
from reputation.queries.evaluations import Line, given_by, given_with, lines_of, note_to, notes_to
from reputation.rules.evaluations import ANSWER_LENGTH, HIGHEST, LOWEST, NOTE_LENGTH
from threads.actions.evaluating import rate_part
from threads.actions.note_reviews import answer_note
from threads.api.names import id_or_404, thread_or_404
from threads.queries.evaluating import rateable_in, rateable_member, rateable_post

router = Router(tags=["evaluations"])


class ScoresIn(BaseModel):
    """What is rated, from 1 (poor) to 5 (excellent); any may be left out, at least one is given."""

    accuracy: Whole | None = Field(None, ge=LOWEST, le=HIGHEST)
    completeness: Whole | None = Field(None, ge=LOWEST, le=HIGHEST)
    clarity: Whole | None = Field(None, ge=LOWEST, le=HIGHEST)
    courtesy: Whole | None = Field(None, ge=LOWEST, le=HIGHEST)
    timeliness: Whole | None = Field(None, ge=LOWEST, le=HIGHEST)


class EvaluationIn(BaseModel):
    """What you say of a member's part in a thread, or of one of its posts; name the one or the other."""

    member: Text = Field("", max_length=60, description="The handle of whose part it is.")
    post: Identifier | None = Field(None, description="Or the id of a post.")
    scores: ScoresIn
    note: Text = Field("", max_length=NOTE_LENGTH)
    note_to: Literal["", "person", "coach"] = ""
    version: Whole | None = Field(None, ge=1, lt=2**31, description="To change what you said: the one you read.")


class EvaluationOut(BaseModel):
    """What you said."""

    id: int
    member: Person
    thread: int
    post: int | None
    scores: dict[str, int]
    note: str
    note_to: str
    version: int
    answer: str | None = Field(description="thanks, disagree or review; null before it is answered.")
    answer_words: str


class RateableOut(BaseModel):
    """Somebody whom you can rate, with their newest posts."""

    member: Person
    posts: list[int]
    rated: bool


class RateablesOut(BaseModel):
    """Whom you can rate in a thread; nobody when you took no part, or while it is not resolved."""

    items: list[RateableOut]


class NumberOut(BaseModel):
    """What raters say of one quality."""

    value: float = Field(description="1 to 5 in halves.")
    raters: int = Field(description="At least so many; told in fives.")


class LineOut(BaseModel):
    """What raters of one kind say on one subject; peers and requesters are never added up."""

    kind: str = Field(description="peer or requester.")
    scope: str = Field(description="Empty for all, or tag:<slug> or product:<slug>.")
    window: str = Field(description="Empty for all the time, or year.")
    month: str = Field(description="When the newest of the numbers was made.")
    numbers: dict[str, NumberOut]


class NoteOut(BaseModel):
    """A note to you; nothing in it tells who wrote it."""

    key: UUID
    text: str
    shown_from: date
    answer: str | None
    outcome: str = Field(description="What a moderator decided, when you asked for a review: kept or set_aside.")


class EvaluationsOut(BaseModel):
    """What others say of you, from five raters on."""

    lines: list[LineOut]
    notes: list[NoteOut]


class NoteAnswerIn(BaseModel):
    """Your answer to a note."""

    answer: Literal["thanks", "disagree", "review"]
    words: Text = Field("", max_length=ANSWER_LENGTH, description="Needed unless it is thanks.")


@router.get(
    "/threads/{id}/evaluations", response=RateablesOut, operation_id="whom_to_rate", summary="Whom you can rate"
)
def get_rateable(request: ApiRequest, id: int) -> RateablesOut:
    """Those who took part besides you, when you did and the thread is resolved."""
    found = rateable_in(request.auth, thread_or_404(request.auth, id))
    return RateablesOut(
        items=[
            RateableOut(
                member=person(each.member), posts=[post.pk for post, _given in each.posts], rated=each.given is not None
            )
            for each in found
        ]
    )


@router.put("/threads/{id}/evaluations", response=EvaluationOut, operation_id="rate", summary="Rate somebody's part")
def put_evaluation(request: ApiRequest, id: int, data: EvaluationIn) -> EvaluationOut:
    """Rate a member's part or a post. 409 when you said something already and gave not its `version`."""
    thread = thread_or_404(request.auth, id)
    post = rateable_post(request.auth, thread, data.post) if data.post else None
    member = post.author if post else rateable_member(request.auth, thread, data.member)
    if member is None or (data.post and post is None):
        raise NotThere("not_there")
    scores = {name: score for name, score in data.scores.model_dump().items() if score is not None}
    said = Said(scores, data.note, data.note_to)
    made = rate_part(by=request.auth, thread=thread, member=member, post=post, said=said, version=data.version)
    return _given(made)


@router.get("/me/evaluations", response=EvaluationsOut, operation_id="evaluations", summary="What others say of you")
def get_own(request: ApiRequest) -> EvaluationsOut:
    """The numbers about you, as they were made last, and the notes to you. Only your coach has the numbers too."""
    member = request.auth
    notes = [
        NoteOut(
            key=note.key, text=note.text, shown_from=note.shown_from.date(),
            answer=note.answer.answer if note.answer else None, outcome=note.answer.outcome if note.answer else "",
        )
        for note in notes_to(member)
    ]  # fmt: skip
    return EvaluationsOut(lines=[line_out(line) for line in lines_of(member, member)], notes=notes)


@router.get(
    "/me/evaluations/given", response=Page[EvaluationOut], operation_id="given", summary="What you said of others"
)
def get_given(request: ApiRequest, paging: Query[Paging]) -> Page[EvaluationOut]:
    """The newest first, with their answers."""
    before = whole(paging.after, most_digits=18) if paging.after else None
    if paging.after and before is None:
        raise broken_cursor()
    rows = given_by(request.auth, before=before, limit=paging.limit + 1)
    following = str(rows[paging.limit - 1].pk) if len(rows) > paging.limit else None
    return Page(items=[_given(row) for row in rows[: paging.limit]], next=following)


@router.delete(
    "/me/evaluations/given/{id}", response={204: None}, operation_id="withdraw_rating", summary="Take it back"
)
def delete_given(request: ApiRequest, id: int) -> None:
    """Take back what you said; numbers change when the next are made."""
    found = given_with(request.auth, id_or_404(id))
    if found is None:
        raise NotThere("not_there")
    withdraw_evaluation(by=request.auth, evaluation=found)


@router.post(
    "/me/evaluations/notes/{key}/answer", response={201: NoteOut}, operation_id="answer_note", summary="Answer a note"
)
def post_answer(request: ApiRequest, key: UUID, data: NoteAnswerIn) -> NoteOut:
    """Answer a note, once. Whoever wrote it reads it and stays unknown to you."""
    found = note_to(request.auth, key)
    if found is None or found.shown_from is None:
        raise NotThere("not_there")
    made = answer_note(by=request.auth, evaluation=found, **data.model_dump())
    shown = found.shown_from.date()
    return NoteOut(key=key, text=found.note, shown_from=shown, answer=made.answer, outcome=made.outcome)


def line_out(line: Line) -> LineOut:
    """A line of a table of numbers."""
    newest = max(number.at for number in line.numbers.values())
    numbers = {name: NumberOut(value=each.value, raters=each.raters) for name, each in line.numbers.items()}
    return LineOut(kind=line.kind, scope=line.scope, window=line.window, month=f"{newest:%Y-%m}", numbers=numbers)


def _given(row: Evaluation) -> EvaluationOut:
    answer = getattr(row, "answer", None)
    return EvaluationOut(
        id=row.pk, member=person(row.rated), thread=row.thread_id, post=row.post_id, scores=row.scores, note=row.note,
        note_to=row.note_to, version=row.version, answer=answer.answer if answer else None,
        answer_words=answer.words if answer else "",
    )  # fmt: skip
