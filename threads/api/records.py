"""The versions of a thread's working record: read, and brought back. Writing it is a change of the thread."""

from datetime import datetime
from typing import Annotated

from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Identifier, Page, Paging, Whole, broken_cursor
from community.rules.numbers import whole
from threads.actions.records import restore_record
from threads.api import schemas
from threads.api.names import thread_or_404
from threads.api.shapes import thread_out
from threads.models import RecordVersion
from threads.queries.resolutions import newest_record_versions

router = Router(tags=["threads"])


class AuthorOut(BaseModel):
    """Somebody who wrote at a version: how many characters they put in and took out."""

    by: str = Field(description="A handle.")
    inserted: int
    deleted: int


class RecordVersionOut(BaseModel):
    """What a record said in one version: what one sitting of several people, or one form sent, made of it."""

    number: int
    record_version: int = Field(description="The record's version at that time.")
    at: datetime
    authors: list[AuthorOut] = Field(description="Whoever wrote most comes first.")
    restores: int | None = Field(description="The number of the version that was brought back, if that is what it is.")
    problem: str
    environment: str
    cause: str
    resolution: str


class RestorationIn(BaseModel):
    """Which version to bring back."""

    number: Identifier
    record_version: Annotated[Whole, Field(ge=0, lt=2**63)] | None = Field(
        default=None, description="The record's version that you saw; 409 when somebody wrote since."
    )


@router.get(
    "/threads/{id}/record/versions",
    response=Page[RecordVersionOut],
    operation_id="record_versions",
    summary="The history of a working record",
)
def record_versions(request: ApiRequest, id: int, paging: Query[Paging]) -> Page[RecordVersionOut]:
    """What the record said over time, newest first. What is being written becomes a version after half a minute."""
    thread = thread_or_404(request.auth, id)
    before = whole(paging.after, most_digits=9) if paging.after else None
    if paging.after and before is None:
        raise broken_cursor()
    rows = newest_record_versions(thread, before=before, most=paging.limit + 1)
    following = str(rows[paging.limit - 1].number) if len(rows) > paging.limit else None
    return Page(items=[_version(row) for row in rows[: paging.limit]], next=following)


@router.post(
    "/threads/{id}/record/restore",
    response=schemas.ThreadOut,
    operation_id="restore_record",
    summary="Bring back a version of a working record",
)
def post_restore(request: ApiRequest, id: int, data: RestorationIn) -> schemas.ThreadOut:
    """Make the record say again what it said in a version; that is a new version."""
    thread = thread_or_404(request.auth, id)
    restore_record(by=request.auth, thread=thread, number=data.number, version=data.record_version)
    return thread_out(request.auth, thread_or_404(request.auth, id))


def _version(row: RecordVersion) -> RecordVersionOut:
    authors = [
        AuthorOut(by=author.member.handle, inserted=author.inserted, deleted=author.deleted)
        for author in row.authors.all()
    ]
    return RecordVersionOut(
        number=row.number, record_version=row.seq, at=row.at, authors=authors, restores=row.restores, **row.fields
    )
