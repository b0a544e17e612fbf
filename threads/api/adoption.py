"""What organizations make of practices."""

from datetime import datetime
from typing import Literal

from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from community.api.people import OrganizationName, organization_name
from threads.actions.adoption import adopt, end_adoption
from threads.api.names import practice_or_404
from threads.models import Adoption
from threads.queries.adoption import adoptions_of
from threads.rules.limits import FIELD_LENGTH, REASON_LENGTH

router = Router(tags=["practices"])

State = Literal["adopted", "adapted", "not_applicable"]
Shares = Literal["nothing", "state", "variant"]


class AdoptionIn(BaseModel):
    """What your organization makes of a practice."""

    state: State
    variant: Text = Field("", max_length=FIELD_LENGTH, description="Markdown; needed for `adapted`.")
    reason: Text = Field("", max_length=REASON_LENGTH, description="Needed for `not_applicable`; stays inside.")
    shares: Shares = Field("state", description="What others who see the practice may know.")


class AdoptionOut(BaseModel):
    """What an organization makes of a practice."""

    organization: OrganizationName
    state: State
    variant: str = Field(description="Empty too when it is not shared with you.")
    reason: str
    version: int = Field(description="The version that it is about.")
    at: datetime


class AdoptionsOut(BaseModel):
    """What is made of a practice."""

    own: AdoptionOut | None
    others: list[AdoptionOut] = Field(description="Those who let it be known, by name; at most 50.")


@router.get(
    "/practices/{id}/adoptions", response=AdoptionsOut, operation_id="adoptions", summary="Who works by a practice"
)
def get_adoptions(request: ApiRequest, id: int) -> AdoptionsOut:
    """Your organization, and others as far as they let it be known."""
    found = adoptions_of(request.auth, practice_or_404(request.auth, id))
    own = _adoption(found.own) if found.own else None
    return AdoptionsOut(own=own, others=[_adoption(row) for row in found.others])


@router.put("/practices/{id}/adoption", response=AdoptionOut, operation_id="adopt", summary="Adopt a practice")
def put_adoption(request: ApiRequest, id: int, data: AdoptionIn) -> AdoptionOut:
    """Say for your organization what it makes of the practice as it is now."""
    return _adoption(adopt(by=request.auth, practice=practice_or_404(request.auth, id), **data.model_dump()))


@router.delete("/practices/{id}/adoption", response={204: None}, operation_id="end_adoption", summary="Take that back")
def delete_adoption(request: ApiRequest, id: int) -> tuple[int, None]:
    """Say nothing of it for your organization any more."""
    end_adoption(by=request.auth, practice=practice_or_404(request.auth, id))
    return 204, None


def _adoption(row: Adoption) -> AdoptionOut:
    return AdoptionOut.model_validate(
        {
            "organization": organization_name(row.organization), "state": row.state, "variant": row.variant,
            "reason": row.reason, "version": row.version, "at": row.at,
        }
    )  # fmt: skip
