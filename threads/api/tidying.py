"""Putting threads and practices under other tags, and closing duplicates."""

from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Identifier, Text, Whole
from community.errors import Invalid, NotThere
from threads.actions.closing import close_duplicate, open_again
from threads.actions.retagging import retag_practice, retag_thread
from threads.api.names import practice_or_404, thread_or_404
from threads.rules.limits import REASON_LENGTH

router = Router(tags=["threads"])


class TagsIn(BaseModel):
    """All tags that it has from now on."""

    tags: list[Text] = Field(max_length=20)


class PracticeTagsIn(TagsIn):
    """All tags that it has from now on, and the version that you read."""

    version: Whole = Field(ge=1)


class TagsOut(BaseModel):
    """The tags that it has."""

    tags: list[str]
    version: int


class DuplicateIn(BaseModel):
    """The thread that solves the same problem."""

    of: Identifier = Field(description="The id of a resolved thread that you and the asker see.")
    reason: Text = Field("", max_length=REASON_LENGTH)


class StatusOut(BaseModel):
    """The status that a thread has now."""

    status: str


@router.put("/threads/{id}/tags", response=TagsOut, operation_id="retag_thread", summary="Change a thread's tags")
def put_thread_tags(request: ApiRequest, id: int, data: TagsIn) -> TagsOut:
    """For who may edit the thread, and who has the privilege `retag` in one of its subjects."""
    thread = retag_thread(by=request.auth, thread=thread_or_404(request.auth, id), tags=data.tags)
    return TagsOut(tags=sorted(thread.tags.values_list("slug", flat=True)), version=thread.version)


@router.put("/practices/{id}/tags", response=TagsOut, operation_id="retag_practice", summary="Change a practice's tags")
def put_practice_tags(request: ApiRequest, id: int, data: PracticeTagsIn) -> TagsOut:
    """For who may edit it, and who has the privilege `retag` in one of its subjects. 409 for an old version."""
    found = practice_or_404(request.auth, id)
    practice = retag_practice(by=request.auth, practice=found, tags=data.tags, version=data.version)
    return TagsOut(tags=sorted(practice.tags.values_list("slug", flat=True)), version=practice.version)


@router.post(
    "/threads/{id}/duplicate", response=StatusOut, operation_id="close_duplicate", summary="Close as a duplicate"
)
def post_duplicate(request: ApiRequest, id: int, data: DuplicateIn) -> StatusOut:
    """Close an unresolved thread because another one solves it; for who may edit it, and the privilege `duplicates`."""
    thread = thread_or_404(request.auth, id)
    try:
        other = thread_or_404(request.auth, data.of)
    except NotThere:
        raise Invalid({"of": _("There is no such thread that you see.")}) from None
    try:
        close_duplicate(by=request.auth, thread=thread, other=other, reason=data.reason)
    except Invalid as refused:
        raise Invalid({"of" if name == "other" else name: text for name, text in refused.fields.items()}) from refused
    return StatusOut(status="closed")


@router.delete(
    "/threads/{id}/duplicate", response=StatusOut, operation_id="open_again", summary="Say that it is no duplicate"
)
def delete_duplicate(request: ApiRequest, id: int) -> StatusOut:
    """Open it again. For its asker, its owner, moderators, and whoever closed it."""
    return StatusOut(status=open_again(by=request.auth, thread=thread_or_404(request.auth, id)).status)
