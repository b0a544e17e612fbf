"""Samples of what is resolved and recorded: drawn at random, and scored against the content standard."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text, Whole
from community.api.people import Person, address, person
from community.api.spaces import space_or_404
from community.errors import NotThere
from community.models import Member
from community.rules import clock
from threads.actions.sampling import draw_sample, score_sample
from threads.api import schemas
from threads.api.names import MOST
from threads.models import Sample, SamplingRound
from threads.policies.desk import may_score
from threads.queries.sampling import (
    results_of,
    rounds_listed_for,
    rounds_visible_to,
    sample_visible_to,
    samples_of,
)
from threads.rules.sampling import MOST_DRAWN, criteria

router = Router(tags=["desk"])

Said = Literal["yes", "no", "na"]
Kind = Literal["", "practices", "threads"]


class ListedSample(BaseModel):
    """A practice or a resolved thread that was drawn."""

    id: int
    url: str
    round: int
    practice: int | None
    thread: int | None
    title: str
    score: int | None = Field(description="Of a hundred; null before it is scored, and when no question applies.")
    scored_at: datetime | None


class SampleOut(ListedSample):
    """The same with how it was scored: `asked` are the questions, `scores` the answers to them."""

    asked: list[str]
    scores: dict[str, Said]
    comment: str
    scorer: Person | None
    can: list[str] = Field(description="`score` when you may score it.")


class RoundOut(BaseModel):
    """A draw: how much of it you see, and how much of that is scored."""

    id: int
    space: schemas.SpaceName
    by: Person
    at: datetime
    kind: Kind = Field(description="Only practices or threads; both when it is empty.")
    seed: str = Field(description="Which draw it was: the same seed draws the same.")
    since: datetime | None
    drawn: int
    scored: int


class DrawnOut(RoundOut):
    """A draw with what was drawn, as far as you see it."""

    samples: list[ListedSample]


class CountedOut(BaseModel):
    """How often a question was answered with yes, of those times that it applied."""

    question: str
    month: str = Field(description="As 2026-11.")
    yes: int
    of: int


class ResultOut(BaseModel):
    """What the scores of a space add up to; never by person."""

    space: schemas.SpaceName
    counts: list[CountedOut]


class SamplesOut(BaseModel):
    """The draws in spaces that you curate, the newest first, and what came of them."""

    rounds: list[RoundOut]
    results: list[ResultOut]


class DrawIn(BaseModel):
    """What to draw."""

    space: Text = Field(description="A space that you curate, by its slug.")
    size: Whole = Field(10, ge=1, le=MOST_DRAWN)
    days: Whole = Field(30, ge=1, le=3_650, description="Of what was resolved and recorded in the last days.")
    kind: Kind = ""


class ScoreIn(BaseModel):
    """An answer to each question that is asked, and a word with it."""

    scores: Annotated[dict[Text, Said], Field(max_length=20)]
    comment: Text = Field("", description="Only who wrote it reads this, and the curators of the space.")


def _facts(row: Sample) -> dict[str, Any]:
    thing = row.practice or row.thread
    return {
        "id": row.pk, "url": address(thing) if thing else "", "round": row.round_id, "practice": row.practice_id,
        "thread": row.thread_id, "title": thing.title if thing else "", "score": row.score, "scored_at": row.scored_at,
    }  # fmt: skip


def _sample(viewer: Member, row: Sample) -> SampleOut:
    more = {
        "asked": list(criteria(of_thread=row.thread_id is not None)), "scores": row.scores, "comment": row.comment,
        "scorer": person(row.scorer) if row.scorer else None,
        "can": ["score"] if row.scored_at is None and may_score(viewer, row) else [],
    }  # fmt: skip
    return SampleOut.model_validate(_facts(row) | more)


def _round(row: SamplingRound, *, drawn: int, scored: int) -> RoundOut:
    facts = {
        "id": row.pk, "space": {"slug": row.space.slug, "name": row.space.name}, "by": person(row.by), "at": row.at,
        "kind": row.kind, "seed": str(row.seed), "since": row.since, "drawn": drawn, "scored": scored,
    }  # fmt: skip
    return RoundOut.model_validate(facts)


def _drawn(viewer: Member, pk: int) -> DrawnOut:
    rows = rounds_visible_to(viewer).select_related("space", "by__organization")
    found = rows.filter(pk=pk).first() if 0 < pk < MOST else None
    if found is None:
        raise NotThere("not_there")
    samples = samples_of(viewer, found)
    told = _round(found, drawn=len(samples), scored=sum(each.scored_at is not None for each in samples))
    return DrawnOut(**told.model_dump(), samples=[ListedSample(**_facts(each)) for each in samples])


def _sample_or_404(viewer: Member, pk: int) -> Sample:
    found = sample_visible_to(viewer, pk) if 0 < pk < MOST else None
    if found is None:
        raise NotThere("not_there")
    return found


@router.get("/desk/samples", response=SamplesOut, operation_id="samples", summary="Samples that were drawn")
def get_samples(request: ApiRequest) -> SamplesOut:
    """The newest draws in the spaces that you curate, and what their scores add up to by month; nothing for others."""
    results = [
        ResultOut(
            space=schemas.SpaceName(slug=each.space.slug, name=each.space.name),
            counts=[
                CountedOut(question=row.criterion, month=month, yes=yes, of=of)
                for row in each.rows
                for month, (yes, of) in row.by_month.items()
            ],
        )
        for each in results_of(request.auth)
    ]
    rounds = [_round(each.round, drawn=each.seen, scored=each.scored) for each in rounds_listed_for(request.auth)]
    return SamplesOut(rounds=rounds, results=results)


@router.post("/desk/samples", response={201: DrawnOut}, operation_id="draw_sample", summary="Draw a sample")
def post_samples(request: ApiRequest, data: DrawIn, response: HttpResponse) -> DrawnOut:
    """Draw at random from what was resolved and recorded in a space that you curate."""
    space = space_or_404(request.auth, data.space)
    since = clock.now() - timedelta(days=data.days)
    made = draw_sample(by=request.auth, space=space, size=data.size, since=since, kind=data.kind)
    response["Location"] = f"{request.path.removesuffix('/')}/{made.pk}"
    return _drawn(request.auth, made.pk)


@router.get("/desk/samples/{id}", response=DrawnOut, operation_id="sampling_round", summary="Read a draw")
def get_round(request: ApiRequest, id: int) -> DrawnOut:
    """What was drawn, and how it was scored."""
    return _drawn(request.auth, id)


@router.get("/samples/{id}", response=SampleOut, operation_id="sample", summary="Read something that was drawn")
def get_sample(request: ApiRequest, id: int) -> SampleOut:
    """For curators of its space who see it, and, once it is scored, for who wrote it."""
    return _sample(request.auth, _sample_or_404(request.auth, id))


@router.put("/samples/{id}/score", response=SampleOut, operation_id="score_sample", summary="Score a sample")
def put_score(request: ApiRequest, id: int, data: ScoreIn) -> SampleOut:
    """Answer every question, once; who wrote it is told. Not for who had a part in it."""
    found = _sample_or_404(request.auth, id)
    score_sample(by=request.auth, sample=found, scores=data.scores, comment=data.comment)
    return _sample(request.auth, _sample_or_404(request.auth, id))
