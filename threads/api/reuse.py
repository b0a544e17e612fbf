"""Practices used in threads."""

from datetime import datetime

from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Page, Paging, Text, broken_cursor
from community.api.people import Person, person
from community.rules.numbers import whole
from threads.actions.reuse import use_practice, withdraw_use
from threads.api.names import practice_or_404, thread_or_404
from threads.models import Reuse
from threads.queries.reuse import reuses_in, uses_of
from threads.rules.limits import SUMMARY_LENGTH

router = Router(tags=["practices"])


class UseIn(BaseModel):
    """How a practice was used."""

    solved: bool = Field(False, description="It solved the thread. That is your “worked” for the practice too.")
    resolve: bool = Field(False, description="With `solved`: resolve the thread, when it is open.")
    summary: Text = Field("", max_length=SUMMARY_LENGTH, description="What fixed it; else what the practice says.")
    environment: Text = Field("", max_length=400, description="Where you tried it, for all who see the practice.")


class UseOut(BaseModel):
    """A practice used in a thread."""

    practice: int
    title: str
    confidence: str
    version: int | None = Field(
        description="The version of the practice that was used; null for another one's text that was merged into it."
    )
    by: Person
    at: datetime
    solved: bool
    solved_at: datetime | None


class UsesOut(BaseModel):
    """What was used in a thread, the newest first."""

    items: list[UseOut]


class UsedInOut(BaseModel):
    """A thread that you see, in which a practice was used."""

    thread: int
    title: str
    at: datetime
    solved: bool


@router.get(
    "/threads/{id}/practices", response=UsesOut, operation_id="practices_used", summary="Practices used in a thread"
)
def get_uses(request: ApiRequest, id: int) -> UsesOut:
    """Those that you see, at most 20."""
    return UsesOut(items=[_use(row) for row in reuses_in(request.auth, thread_or_404(request.auth, id))])


@router.put(
    "/threads/{id}/practices/{practice}", response=UseOut, operation_id="use_practice", summary="Use a practice"
)
def put_use(request: ApiRequest, id: int, practice: int, data: UseIn) -> UseOut:
    """Say that a practice was used in a thread, or solved it. Again changes nothing."""
    thread, found = thread_or_404(request.auth, id), practice_or_404(request.auth, practice)
    return _use(use_practice(by=request.auth, thread=thread, practice=found, **data.model_dump()))


@router.delete(
    "/threads/{id}/practices/{practice}",
    response={204: None},
    operation_id="withdraw_use",
    summary="Say that a practice was not used",
)
def delete_use(request: ApiRequest, id: int, practice: int) -> tuple[int, None]:
    """Take it back; what its makers earned with it goes."""
    thread, found = thread_or_404(request.auth, id), practice_or_404(request.auth, practice)
    withdraw_use(by=request.auth, thread=thread, practice=found)
    return 204, None


@router.get(
    "/practices/{id}/threads",
    response=Page[UsedInOut],
    operation_id="threads_using",
    summary="Threads in which it was used",
)
def get_threads(request: ApiRequest, id: int, paging: Query[Paging]) -> Page[UsedInOut]:
    """Those that you see, the newest use first."""
    practice = practice_or_404(request.auth, id)
    before = whole(paging.after) if paging.after else 2**63 - 1
    if before is None or not 0 < before < 2**63:
        raise broken_cursor()
    rows = uses_of(request.auth, practice, before=before, limit=paging.limit + 1)
    following = str(rows[paging.limit - 1].pk) if len(rows) > paging.limit else None
    items = [
        UsedInOut(thread=row.thread_id, title=row.thread.title, at=row.at, solved=row.solved_at is not None)
        for row in rows[: paging.limit]
    ]
    return Page(items=items, next=following)


def _use(row: Reuse) -> UseOut:
    return UseOut(
        practice=row.practice_id,
        title=row.practice.title,
        confidence=row.practice.confidence,
        version=row.practice_version or None,
        by=person(row.by),
        at=row.at,
        solved=row.solved_at is not None,
        solved_at=row.solved_at,
    )
