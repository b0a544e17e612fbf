"""The archive: record, browse, read, revise."""

from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from community.api.auth import ApiRequest
from community.api.paging import Page, Paging, Text, broken_cursor
from threads.actions.practices import edit_practice, record_practice, restore_practice
from threads.actions.standard import told
from threads.actions.wip import start_practice
from threads.api import practice_schemas, schemas
from threads.api.names import id_or_404, practice_or_404, product_named, thread_or_404
from threads.api.shapes import practice_out, practice_summaries, version_out
from threads.models import RECORD_FIELDS
from threads.queries.archive import PracticeFilter, browsed, versions_shown
from threads.queries.names import names_watched_for
from threads.rules.content_standard import checklist
from threads.rules.limits import FIELD_LENGTH
from threads.rules.masking import found_in

router = Router(tags=["practices"])

AS_IT_IS = practice_schemas.NewPractice()


class ArchiveFilters(Paging):
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
    request: ApiRequest, id: int, response: HttpResponse, data: practice_schemas.NewPractice = AS_IT_IS
) -> schemas.PracticeOut:
    """Make a practice of a resolved thread's working record, with what is given instead; or show the record of an
    unresolved one as work in progress."""
    thread = thread_or_404(request.auth, id)
    if data.work_in_progress:
        practice = start_practice(by=request.auth, thread=thread)
    else:
        practice = record_practice(by=request.auth, thread=thread, **_given(data), mask=data.mask, keep=data.keep)
    response["Location"] = f"{request.path.partition('/threads/')[0]}/practices/{practice.pk}"
    return practice_out(request.auth, practice_or_404(request.auth, practice.pk))


@router.get("/practices", response=Page[schemas.PracticeSummary], operation_id="practices", summary="The archive")
def practices(request: ApiRequest, filters: Query[ArchiveFilters]) -> Page[schemas.PracticeSummary]:
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
def patch_practice(request: ApiRequest, id: int, data: practice_schemas.PracticeChange) -> schemas.PracticeOut:
    """Revise a practice; every version is kept."""
    found = practice_or_404(request.auth, id)
    edit_practice(
        by=request.auth, practice=found, reason=data.reason, version=data.version, mask=data.mask, keep=data.keep,
        **_given(data),
    )  # fmt: skip
    return practice_out(request.auth, practice_or_404(request.auth, id))


@router.get(
    "/practices/{id}/versions",
    response=list[practice_schemas.PracticeVersionOut],
    operation_id="practice_versions",
    summary="What a practice said before",
)
def get_versions(request: ApiRequest, id: int) -> list[practice_schemas.PracticeVersionOut]:
    """Every version you may read, oldest first."""
    rows = [version_out(row) for row in versions_shown(request.auth, practice_or_404(request.auth, id))]
    for first in rows[:1]:
        first.moved = {name: [now] for name, (_was, now) in first.moved.items()}
    return rows


@router.post(
    "/practices/{id}/versions/{number}/restore",
    response=schemas.PracticeOut,
    operation_id="restore_practice",
    summary="Bring a version back",
)
def post_restore(request: ApiRequest, id: int, number: int, data: practice_schemas.RestoreIn) -> schemas.PracticeOut:
    """Have a practice say again what it said in a version, as its newest version."""
    found = practice_or_404(request.auth, id)
    restore_practice(
        by=request.auth, practice=found, number=id_or_404(number), version=data.version, reason=data.reason,
        mask=data.mask, keep=data.keep,
    )  # fmt: skip
    return practice_out(request.auth, practice_or_404(request.auth, id))


@router.post(
    "/check",
    response=practice_schemas.CheckOut,
    operation_id="check",
    summary="Hold texts against the content standard",
)
def check(request: ApiRequest, data: practice_schemas.CheckIn) -> practice_schemas.CheckOut:
    """What in these texts tells of somebody, and what they lack. Nothing is stored."""
    texts = {name: getattr(data, name)[:FIELD_LENGTH] for name in ("title", *RECORD_FIELDS)}
    names = names_watched_for(request.auth)
    found = [practice_schemas.DetailOut.model_validate(told(each)) for each in found_in(texts, names)]
    fields = {name: texts[name] for name in RECORD_FIELDS}
    points = checklist(texts["title"], fields, asked=data.asked, product=data.product, names=names)
    return practice_schemas.CheckOut(
        details=found, checklist=[practice_schemas.PointOut(**point._asdict()) for point in points]
    )


def _given(data: practice_schemas.PracticeText) -> dict[str, Any]:
    """What was given, as the actions take it: a product by itself, the four texts together."""
    given = data.model_dump(exclude_unset=True)
    taken: dict[str, Any] = {name: given[name] for name in ("title", "tags") if given.get(name) is not None}
    taken["fields"] = {name: given[name] for name in RECORD_FIELDS if given.get(name) is not None}
    if "product" in given:
        taken["product"] = product_named(given["product"])
    return taken
