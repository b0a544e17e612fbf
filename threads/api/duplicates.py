"""Pairs of practices that may say the same: propose, list, claim, tell apart. Merging is in `curation`."""

from datetime import datetime

from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Identifier, Page, Paging, broken_cursor
from community.api.people import Person, address, person
from community.errors import NotThere
from community.models import Member
from threads.actions.claims import claim_pair, give_back_pair
from threads.actions.duplicates import dismiss_pair, propose_pair
from threads.api.curation import ClaimOut, claim_out
from threads.api.names import id_or_404, practice_or_404
from threads.models import DuplicatePair, Practice
from threads.queries.desk import DUPLICATES, desk_page, desk_pair

router = Router(tags=["desk"])


class PairedOut(BaseModel):
    """One of two practices that may say the same."""

    id: int
    url: str
    title: str
    version: int


class PairOut(BaseModel):
    """Two practices that may say the same."""

    id: int
    practices: list[PairedOut] = Field(description="The two, the older first.")
    score: float = Field(description="How like each other they are, 0 to 1.")
    found_at: datetime
    proposed_by: Person | None = Field(description="Null when the site found them.")
    claim: ClaimOut | None = Field(description="Who looks into it, or works on one of the two.")


class ProposalIn(BaseModel):
    """Which other practice may say the same."""

    other: Identifier


class ProposedOut(BaseModel):
    """What was proposed: curators of both look at it."""

    id: int
    practices: list[PairedOut]


def _paired(practice: Practice) -> PairedOut:
    return PairedOut(id=practice.pk, url=address(practice), title=practice.title, version=practice.version)


def _out(pair: DuplicatePair, held: Practice | DuplicatePair | None) -> PairOut:
    return PairOut(
        id=pair.pk, practices=[_paired(pair.first), _paired(pair.second)], score=pair.score, found_at=pair.found_at,
        proposed_by=person(pair.proposed_by) if pair.proposed_by else None, claim=claim_out(held) if held else None,
    )  # fmt: skip


def _pair_or_404(viewer: Member, pk: int) -> DuplicatePair:
    found = desk_pair(viewer, id_or_404(pk))
    if found is None:
        raise NotThere("not_there")
    return found


@router.get("/pairs", response=Page[PairOut], operation_id="pairs", summary="Likely duplicates")
def pairs(request: ApiRequest, wanted: Query[Paging]) -> Page[PairOut]:
    """Pairs that nobody decided about, both of whose practices you decide about, the oldest find first."""
    try:
        page = desk_page(request.auth, DUPLICATES, after=wanted.after, limit=wanted.limit)
    except ValueError as error:
        raise broken_cursor() from error
    return Page(items=[_out(row.pair, row.held) for row in page.rows if row.pair], next=page.next)


@router.post(
    "/practices/{id}/pairs", response={201: ProposedOut}, operation_id="propose_pair", summary="Two say the same"
)
def post_pair(request: ApiRequest, id: int, data: ProposalIn) -> ProposedOut:
    """Tell curators that another practice may say the same; also again after they were told apart."""
    practice, other = practice_or_404(request.auth, id), practice_or_404(request.auth, data.other)
    pair = propose_pair(by=request.auth, practice=practice, other=other)
    both = sorted((practice, other), key=lambda each: each.pk)
    return ProposedOut(id=pair.pk, practices=[_paired(each) for each in both])


@router.post("/pairs/{id}/dismiss", response={204: None}, operation_id="dismiss_pair", summary="They differ")
def post_dismissal(request: ApiRequest, id: int) -> None:
    """Say that two practices differ: they are not found again."""
    dismiss_pair(by=request.auth, pair=_pair_or_404(request.auth, id))


@router.put("/pairs/{id}/claim", response=ClaimOut, operation_id="claim_pair", summary="Claim a pair")
def put_claim(request: ApiRequest, id: int) -> ClaimOut:
    """Take a pair to look into for four hours; again begins them anew."""
    claimed = claim_out(claim_pair(by=request.auth, pair=_pair_or_404(request.auth, id)))
    if claimed is None:
        raise NotThere("not_there")
    return claimed


@router.delete("/pairs/{id}/claim", response={204: None}, operation_id="release_pair", summary="Give a pair back")
def delete_claim(request: ApiRequest, id: int) -> None:
    """Let others look into it."""
    give_back_pair(by=request.auth, pair=_pair_or_404(request.auth, id))
