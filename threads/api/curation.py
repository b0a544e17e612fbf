"""The curators' desk: queues, claims, reviews, retiring, merging, and who looks after a practice."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Identifier, Paging, Text, Whole, broken_cursor
from community.api.people import Person, address, person
from community.errors import Invalid, NotThere
from community.models import Member
from community.queries.members import members_by_handle
from threads.actions.claims import claim, give_back
from threads.actions.deciding import decide_review
from threads.actions.merging import merge_practices, unmerge
from threads.actions.practice_owners import disown, own_practice
from threads.actions.retiring import retire, unretire
from threads.actions.reviews import comment_on_review, settle_comment, start_review
from threads.api import schemas
from threads.api.names import MOST, practice_or_404
from threads.api.practice_schemas import Handled
from threads.api.shapes import practice_out
from threads.forms.swarm import NOBODY
from threads.models import DuplicatePair, Practice, Review, ReviewComment
from threads.policies.desk import outcomes_for
from threads.policies.practices import may_decide_review
from threads.queries.desk import DeskRow, Narrowed, desk_counts, desk_page
from threads.queries.reviews import comment_visible_to, comments_of, review_visible_to

router = Router(tags=["desk"])

Queue = Literal["challenged", "suggested", "new", "changed", "due", "unowned", "duplicates", "reused", "asked"]
Outcome = Literal["approved", "changes_asked", "retired", "revised", "kept", "rejected"]
FieldName = Literal["", "title", "problem", "environment", "cause", "resolution"]


class ClaimOut(BaseModel):
    """Who works on a practice, and until when."""

    by: Person
    until: datetime


class Waiting(BaseModel):
    """A practice that waits for a curator."""

    id: int
    url: str
    title: str
    space: schemas.SpaceName
    confidence: Literal["work_in_progress", "not_validated", "validated", "archived"]
    score: int
    version: int
    reviewed_version: int = Field(description="The last version that a curator looked at; 0 for none.")
    warned: bool
    uses: int = Field(description="In how many threads that you see it is used; 100 stands for 100 and more.")
    claim: ClaimOut | None
    review: int | None = Field(description="The open review that it waits in, in the queues of such.")
    others_decide: bool = Field(description="You wrote what waits, so somebody else decides.")
    same_as: int | None = Field(description="The practice that may say the same, among likely duplicates.")
    pair: int | None


class DeskOut(BaseModel):
    """A queue of the desk, and how many wait in each; 100 stands for 100 and more."""

    counts: dict[str, int]
    items: list[Waiting]
    next: str | None = Field(description="Give this back as `after` for the next page; null at the end.")


class DeskQuery(Paging):
    """Which queue, and what it is narrowed to."""

    queue: Queue = "new"
    product: Text = ""
    tag: Text = ""
    space: Text = ""
    mine: bool = Field(False, description="Only what you have claimed.")


class CommentOut(BaseModel):
    """What somebody says in a review."""

    id: int
    author: Person
    field: FieldName
    line: int | None = Field(description="Of the text as it was when this was said.")
    quote: str
    body: str = Field(description="Markdown.")
    at: datetime
    done: bool


class ReviewOut(BaseModel):
    """A review. `can` names what you may decide now."""

    id: int
    practice: int
    url: str
    kind: Literal["new", "changed", "challenged", "due", "suggested"]
    state: Literal["open", "changes_asked", "closed"]
    outcome: str
    base_version: int
    version: int = Field(description="The practice's present version: give it back with the decision.")
    opened_at: datetime
    decided_by: Person | None
    decided_at: datetime | None
    reason: str
    comments: list[CommentOut]
    can: list[str]


class CommentIn(BaseModel):
    """What you say of a review: of all of it, of a field, or of a line of the text as it is now."""

    body: Text
    field: FieldName = ""
    line: Whole | None = Field(None, ge=1, le=100_000)
    quote: Text = Field("", max_length=400, description="The line, so that it is found when the text moves on.")


class SettledIn(BaseModel):
    """Whether what a comment asks is done."""

    done: bool = True


class DecisionIn(BaseModel):
    """What comes of a review."""

    outcome: Outcome
    version: Whole = Field(ge=1, description="The version that you read.")
    reason: Text = Field("", description="Needed unless you approve.")
    answers: Annotated[list[Identifier], Field(max_length=1_000)] | None = Field(
        None, description="Ids of the verdicts that this deals with; all when not given."
    )


class ReasonIn(BaseModel):
    """Why."""

    reason: Text


class MergeIn(Handled):
    """Which practice the one in the address is merged into, and what that says from now on where it changes."""

    into: Identifier
    version: Whole = Field(ge=1, description="The version that you read of the one that stays.")
    reason: Text
    fields: schemas.RecordFields | None = None
    carry_verdicts: bool = Field(False, description="What was said of the one that goes counts for the one that stays.")


class OwnerIn(BaseModel):
    """Who looks after a practice."""

    member: Text = Field("", max_length=40, description="A handle; yourself when not given.")


def _waiting(row: DeskRow) -> Waiting:
    practice = row.practice
    facts = {
        "id": practice.pk, "url": address(practice), "title": practice.title,
        "space": {"slug": practice.space.slug, "name": practice.space.name}, "confidence": practice.confidence,
        "score": practice.score, "version": practice.version, "reviewed_version": practice.reviewed_version,
        "warned": practice.warned_at is not None, "uses": row.uses, "claim": claim_out(row.held) if row.held else None,
        "review": row.review, "others_decide": row.others_decide, "same_as": row.other.pk if row.other else None,
        "pair": row.pair.pk if row.pair else None,
    }  # fmt: skip
    return Waiting.model_validate(facts)


def claim_out(thing: Practice | DuplicatePair) -> ClaimOut | None:
    """Who works on a practice or pair, as it was last claimed."""
    if thing.claimed_by is None or thing.claimed_until is None:
        return None
    return ClaimOut(by=person(thing.claimed_by), until=thing.claimed_until)


def _review(viewer: Member, review: Review) -> ReviewOut:
    is_open = review.state != Review.State.CLOSED
    facts = {
        "id": review.pk, "practice": review.practice_id, "url": address(review), "kind": review.kind,
        "state": review.state, "outcome": review.outcome, "base_version": review.base_version,
        "version": review.practice.version if is_open else review.version, "opened_at": review.opened_at,
        "decided_by": person(review.decided_by) if review.decided_by else None, "decided_at": review.decided_at,
        "reason": review.reason, "comments": [_comment(row) for row in comments_of(review)],
        "can": list(outcomes_for(viewer, review)) if is_open and may_decide_review(viewer, review) else [],
    }  # fmt: skip
    return ReviewOut.model_validate(facts)


def _comment(row: ReviewComment) -> CommentOut:
    facts = {
        "id": row.pk, "author": person(row.author), "field": row.field, "line": row.line, "quote": row.quote,
        "body": row.body, "at": row.at, "done": row.done_at is not None,
    }  # fmt: skip
    return CommentOut.model_validate(facts)


def _review_or_404(viewer: Member, pk: int) -> Review:
    found = review_visible_to(viewer, pk) if 0 < pk < MOST else None
    if found is None:
        raise NotThere("not_there")
    return found


@router.get("/desk", response=DeskOut, operation_id="desk", summary="The curators' desk")
def desk(request: ApiRequest, wanted: Query[DeskQuery]) -> DeskOut:
    """What waits for a curator in the spaces that you curate, and where you are responsible; nothing for others."""
    narrowed = Narrowed(product=wanted.product, tag=wanted.tag, space=wanted.space, mine=wanted.mine)
    try:
        page = desk_page(request.auth, wanted.queue, narrowed, after=wanted.after, limit=wanted.limit)
    except ValueError as error:
        raise broken_cursor() from error
    return DeskOut(counts=desk_counts(request.auth), items=[_waiting(row) for row in page.rows], next=page.next)


@router.put("/practices/{id}/claim", response=ClaimOut, operation_id="claim", summary="Claim a practice")
def put_claim(request: ApiRequest, id: int) -> ClaimOut:
    """Take a practice to work on for four hours; again begins them anew."""
    claimed = claim_out(claim(by=request.auth, practice=practice_or_404(request.auth, id)))
    if claimed is None:
        raise NotThere("not_there")
    return claimed


@router.delete(
    "/practices/{id}/claim", response={204: None}, operation_id="release", summary="Give a practice back"
)  # fmt: skip
def delete_claim(request: ApiRequest, id: int) -> None:
    """Let others work on it."""
    give_back(by=request.auth, practice=practice_or_404(request.auth, id))


@router.post(
    "/practices/{id}/review", response={201: ReviewOut}, operation_id="start_review", summary="Review a practice"
)
def post_review(request: ApiRequest, id: int, response: HttpResponse) -> ReviewOut:
    """Claim a practice and open its review, or go on with the open one."""
    opened = start_review(by=request.auth, practice=practice_or_404(request.auth, id))
    response["Location"] = f"{request.path.partition('/practices/')[0]}/reviews/{opened.pk}"
    return _review(request.auth, _review_or_404(request.auth, opened.pk))


@router.get("/reviews/{id}", response=ReviewOut, operation_id="review", summary="Read a review")
def review(request: ApiRequest, id: int) -> ReviewOut:
    """One review, and what is said in it."""
    return _review(request.auth, _review_or_404(request.auth, id))


@router.post(
    "/reviews/{id}/comments", response={201: CommentOut}, operation_id="comment", summary="Comment on a review"
)
def post_comment(request: ApiRequest, id: int, data: CommentIn) -> CommentOut:
    """Say something of a review."""
    found = _review_or_404(request.auth, id)
    return _comment(comment_on_review(by=request.auth, review=found, **data.model_dump()))


@router.put("/comments/{id}", response=CommentOut, operation_id="settle_comment", summary="Say that a comment is done")
def put_comment(request: ApiRequest, id: int, data: SettledIn) -> CommentOut:
    """Say that what a comment asks is done, or that it is not."""
    found = comment_visible_to(request.auth, id) if 0 < id < MOST else None
    if found is None:
        raise NotThere("not_there")
    settle_comment(by=request.auth, comment=found, done=data.done)
    found.refresh_from_db(fields=["done_at"])
    return _comment(found)


@router.post("/reviews/{id}/decision", response=ReviewOut, operation_id="decide", summary="Decide a review")
def post_decision(request: ApiRequest, id: int, data: DecisionIn) -> ReviewOut:
    """Approve, ask for changes, retire, or answer what was said against the practice."""
    decide_review(by=request.auth, review=_review_or_404(request.auth, id), **data.model_dump())
    return _review(request.auth, _review_or_404(request.auth, id))


@router.post("/practices/{id}/retire", response=schemas.PracticeOut, operation_id="retire", summary="Retire a practice")
def post_retire(request: ApiRequest, id: int, data: ReasonIn) -> schemas.PracticeOut:
    """Take a practice out of use; it stays readable."""
    retire(by=request.auth, practice=practice_or_404(request.auth, id), reason=data.reason)
    return practice_out(request.auth, practice_or_404(request.auth, id))


@router.post(
    "/practices/{id}/unretire", response=schemas.PracticeOut, operation_id="unretire", summary="Bring a practice back"
)
def post_unretire(request: ApiRequest, id: int, data: ReasonIn) -> schemas.PracticeOut:
    """Put a retired practice into use again, or take back that it was merged."""
    found = practice_or_404(request.auth, id)
    back = unretire if found.merged_into_id is None else unmerge
    back(by=request.auth, practice=found, reason=data.reason)
    return practice_out(request.auth, practice_or_404(request.auth, id))


@router.post(
    "/practices/{id}/merge", response=schemas.PracticeOut, operation_id="merge", summary="Merge a practice into another"
)
def post_merge(request: ApiRequest, id: int, data: MergeIn) -> schemas.PracticeOut:
    """Have a practice lead to another one, which is given back."""
    source, target = practice_or_404(request.auth, id), practice_or_404(request.auth, data.into)
    fields = data.fields.model_dump(exclude_unset=True) if data.fields else {}
    merge_practices(
        by=request.auth, source=source, target=target, reason=data.reason, version=data.version, fields=fields,
        carry_verdicts=data.carry_verdicts, mask=data.mask, keep=data.keep,
    )  # fmt: skip
    return practice_out(request.auth, practice_or_404(request.auth, target.pk))


@router.put("/practices/{id}/owner", response=Person, operation_id="own", summary="Look after a practice")
def put_owner(request: ApiRequest, id: int, data: OwnerIn) -> Person:
    """Look after a practice that nobody does; curators choose who."""
    found = practice_or_404(request.auth, id)
    named = members_by_handle([data.member.lower()]) if data.member else [request.auth]
    member = next(iter(named), None)
    if member is None:
        raise Invalid({"member": str(NOBODY)})
    owned = own_practice(by=request.auth, practice=found, member=member)
    return person(owned.owner or member)


@router.delete(
    "/practices/{id}/owner", response={204: None}, operation_id="disown", summary="Look after a practice no more"
)
def delete_owner(request: ApiRequest, id: int) -> None:
    """Nobody looks after it then."""
    disown(by=request.auth, practice=practice_or_404(request.auth, id))
