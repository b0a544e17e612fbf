"""Taking details out of all that a practice ever said."""

from typing import Literal

from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Identifier
from community.errors import NotThere
from threads.actions.scrubbing import scrub_practice
from threads.actions.standard import digest_of
from threads.api import schemas
from threads.api.names import practice_or_404
from threads.api.practice_schemas import Digests
from threads.api.shapes import practice_out
from threads.policies.practices import may_scrub
from threads.queries.names import names_watched_for
from threads.queries.scrubbing import merged_for, texts_ever
from threads.rules.masking import found_in

router = Router(tags=["practices"])


class SaidOut(BaseModel):
    """Something that tells of somebody, in what a practice says or ever said, or others of it."""

    kind: Literal["secret", "email", "customer", "host", "ip", "phone", "path_user"]
    text: str
    mask: str
    digest: str
    times: int = Field(description="How often it is said.")


class ScrubIn(BaseModel):
    """What is to go."""

    digests: Digests = Field(description="The `digest` of each detail that is to be taken out.")
    version: Identifier = Field(description="The practice's present version, as you saw it.")


@router.get("/practices/{id}/details", response=list[SaidOut], operation_id="details_ever", summary="What it ever told")
def details(request: ApiRequest, id: int) -> list[SaidOut]:
    """What tells of somebody in every version, suggestion, review and verdict; for who may take it out."""
    practice = practice_or_404(request.auth, id)
    if practice.follows_record or not may_scrub(request.auth, practice):
        raise NotThere("not_there")
    texts = texts_ever([practice, *merged_for(request.auth, practice)], request.auth)
    told: dict[str, SaidOut] = {}
    for each in found_in(texts, names_watched_for(request.auth)):
        facts = {"kind": each.detail.kind, "text": each.detail.text, "mask": each.detail.mask}
        first = SaidOut.model_validate(facts | {"digest": digest_of(each), "times": 0})
        told.setdefault(first.digest, first).times += 1
    return list(told.values())


@router.post(
    "/practices/{id}/scrub", response=schemas.PracticeOut, operation_id="scrub_practice", summary="Take details out"
)
def post_scrub(request: ApiRequest, id: int, data: ScrubIn) -> schemas.PracticeOut:
    """Write masks for these details in all that the practice ever said, and others of it. It cannot be taken back."""
    scrub_practice(
        by=request.auth, practice=practice_or_404(request.auth, id), digests=data.digests, version=data.version
    )
    return practice_out(request.auth, practice_or_404(request.auth, id))
