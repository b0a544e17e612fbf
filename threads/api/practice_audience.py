"""Who may see a practice."""

from typing import Annotated, Literal
from uuid import UUID

from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from community.errors import NotThere
from threads.actions.practice_audience import change_audience
from threads.api import schemas
from threads.api.names import organizations_or_invalid, practice_or_404
from threads.api.shapes import audience_out
from threads.policies.practices import may_change_audience
from threads.queries.practice_audience import reach_of

router = Router(tags=["practices"])

Rung = Literal["center", "organization", "organizations", "space", "network", "public"]
Slugs = Annotated[list[Text], Field(max_length=100)]


class AudienceAsked(BaseModel):
    """An audience to look at."""

    rung: Rung
    organization: Annotated[Slugs, Field(description="A slug; may be given again.")] = []


class PracticeReach(BaseModel):
    """Whom an audience would reach. `preview` stands for it when it is taken."""

    more: int = Field(description="How many people would see it who do not now.")
    fewer: int = Field(description="How many would see it no more.")
    files: list[str] = Field(description="The ids of the files that its text links to; they go along only when named.")
    preview: str


class NewPracticeAudience(BaseModel):
    """Another audience. `keep` names details in the text, by their digests, that are needed."""

    rung: Rung
    organizations: Slugs = []
    files: Annotated[list[UUID], Field(max_length=100)] = []
    keep: Annotated[list[Text], Field(max_length=200)] = []
    reason: Text
    preview: Text


@router.get(
    "/practices/{id}/audience",
    response=PracticeReach,
    operation_id="practice_reach",
    summary="Whom an audience would reach",
)
def get_reach(request: ApiRequest, id: int, looking: Query[AudienceAsked]) -> PracticeReach:
    """What showing the practice to these people would mean."""
    practice = practice_or_404(request.auth, id)
    if not may_change_audience(request.auth, practice, looking.rung):
        raise NotThere("not_there")
    reach = reach_of(practice, looking.rung, organizations_or_invalid(looking.organization))
    files = [str(file.pk) for file in reach.files]
    return PracticeReach(more=reach.more, fewer=reach.fewer, files=files, preview=reach.digest)


@router.post(
    "/practices/{id}/audience",
    response=schemas.AudienceOut,
    operation_id="change_practice_audience",
    summary="Show a practice to other people",
)
def post_audience(request: ApiRequest, id: int, data: NewPracticeAudience) -> schemas.AudienceOut:
    """Show it to those on this rung and to nobody else, be it without you, as it was looked at before."""
    practice = practice_or_404(request.auth, id)
    organizations = organizations_or_invalid(data.organizations)
    changed = change_audience(
        by=request.auth, practice=practice, audience=data.rung, organizations=organizations,
        files=data.files, keep=data.keep, reason=data.reason, preview=data.preview,
    )  # fmt: skip
    return audience_out(changed)
