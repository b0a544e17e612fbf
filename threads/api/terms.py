"""Terms: who curates which space from when until when."""

from datetime import datetime
from typing import Literal

from ninja import Router
from pydantic import AwareDatetime, BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from community.api.people import Person, person
from community.api.spaces import space_or_404
from community.errors import Invalid, NotThere
from community.queries.members import members_by_handle
from threads.actions.terms import cancel_term, plan_term
from threads.api import schemas
from threads.api.names import MOST
from threads.forms.swarm import NOBODY
from threads.models import CuratorTerm
from threads.queries.terms import terms_listed_for, terms_visible_to

router = Router(tags=["desk"])


class TermOut(BaseModel):
    """Who curates a space, and when."""

    id: int
    space: schemas.SpaceName
    member: Person
    starts_at: datetime
    ends_at: datetime
    by: Person = Field(description="Who planned it.")
    state: Literal["planned", "running"]


class TermIn(BaseModel):
    """A term to plan."""

    space: Text = Field(description="By its slug.")
    member: Text = Field(max_length=40, description="A handle.")
    starts_at: AwareDatetime
    ends_at: AwareDatetime


def _out(row: CuratorTerm) -> TermOut:
    facts = {
        "id": row.pk, "space": {"slug": row.space.slug, "name": row.space.name}, "member": person(row.member),
        "starts_at": row.starts_at, "ends_at": row.ends_at, "by": person(row.by),
        "state": "planned" if row.began_at is None else "running",
    }  # fmt: skip
    return TermOut.model_validate(facts)


@router.get("/desk/terms", response=list[TermOut], operation_id="terms", summary="Whose turn it is to curate")
def get_terms(request: ApiRequest) -> list[TermOut]:
    """Terms that run or are to come: all for network administrators, those of their spaces for curators, your own."""
    return [_out(row) for row in terms_listed_for(request.auth)]


@router.post("/desk/terms", response={201: TermOut}, operation_id="plan_term", summary="Plan a term")
def post_term(request: ApiRequest, data: TermIn) -> TermOut:
    """Have somebody curate a space from when until when; the role comes and goes. For network administrators."""
    space = space_or_404(request.auth, data.space)
    member = next(iter(members_by_handle([data.member.lower()])), None)
    if member is None:
        raise Invalid({"member": str(NOBODY)})
    return _out(plan_term(by=request.auth, space=space, member=member, starts_at=data.starts_at, ends_at=data.ends_at))


@router.delete("/desk/terms/{id}", response={204: None}, operation_id="cancel_term", summary="Take a term back")
def delete_term(request: ApiRequest, id: int) -> None:
    """A planned term is gone; one that runs ends now."""
    found = terms_visible_to(request.auth).filter(pk=id).first() if 0 < id < MOST else None
    if found is None:
        raise NotThere("not_there")
    cancel_term(by=request.auth, term=found)
