"""The archive: record, browse, read, revise."""

from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from community.api.auth import ApiRequest
from community.api.paging import Page, Paging, Text, broken_cursor
from threads.actions.practices import edit_practice, record_practice
from threads.api import schemas
from threads.api.names import practice_or_404, product_named, thread_or_404
from threads.api.shapes import practice_out, practice_summaries
from threads.models import RECORD_FIELDS
from threads.queries.archive import PracticeFilter, browsed

router = Router(tags=["practices"])

AS_IT_IS = schemas.NewPractice()


class Filters(Paging):
    """What the archive is narrowed to."""

    product: Text = Field("", description="The slug of a product.")
    tag: Text = ""
    confidence: Text = Field("", description="work_in_progress, not_validated, validated or archived.")
    space: Text = Field("", description="The slug of a space.")
    q: Text = Field("", max_length=500, description="Words that all have to be in title, problem or resolution.")


@router.post(
    "/threads/{id}/practice",
    response={201: schemas.PracticeOut},
    operation_id="record_practice",
    summary="Record a thread in the archive",
)
def post_practice(
    request: ApiRequest, id: int, response: HttpResponse, data: schemas.NewPractice = AS_IT_IS
) -> schemas.PracticeOut:
    """Make a practice of a resolved thread's working record, with what is given instead."""
    thread = thread_or_404(request.auth, id)
    practice = record_practice(by=request.auth, thread=thread, **_given(data))
    response["Location"] = f"{request.path.partition('/threads/')[0]}/practices/{practice.pk}"
    return practice_out(request.auth, practice_or_404(request.auth, practice.pk))


@router.get("/practices", response=Page[schemas.PracticeSummary], operation_id="practices", summary="The archive")
def practices(request: ApiRequest, filters: Query[Filters]) -> Page[schemas.PracticeSummary]:
    """The practices you may see, the latest change first."""
    wanted = PracticeFilter(**filters.model_dump(exclude={"after", "limit"}))
    try:
        page = browsed(request.auth, wanted, after=filters.after, limit=filters.limit)
    except ValueError as error:
        raise broken_cursor() from error
    return Page(items=practice_summaries(request.auth, page.practices), next=page.next)


@router.get("/practices/{id}", response=schemas.PracticeOut, operation_id="practice", summary="Read a practice")
def practice(request: ApiRequest, id: int) -> schemas.PracticeOut:
    """One practice."""
    return practice_out(request.auth, practice_or_404(request.auth, id))


@router.patch(
    "/practices/{id}", response=schemas.PracticeOut, operation_id="edit_practice", summary="Revise a practice"
)
def patch_practice(request: ApiRequest, id: int, data: schemas.PracticeChange) -> schemas.PracticeOut:
    """Revise a practice; every version is kept."""
    found = practice_or_404(request.auth, id)
    edit_practice(by=request.auth, practice=found, reason=data.reason, version=data.version, **_given(data))
    return practice_out(request.auth, practice_or_404(request.auth, id))


def _given(data: schemas.NewPractice) -> dict[str, Any]:
    """What was given, as the actions take it: a product by itself, the four texts together."""
    given = data.model_dump(exclude_unset=True)
    taken: dict[str, Any] = {name: given[name] for name in ("title", "tags") if given.get(name) is not None}
    taken["fields"] = {name: given[name] for name in RECORD_FIELDS if given.get(name) is not None}
    if "product" in given:
        taken["product"] = product_named(given["product"])
    return taken
