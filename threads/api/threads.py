"""Threads: list, post, read, change, resolve and reopen."""

from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from community.api.auth import ApiRequest
from community.api.paging import Page, Paging, Text, broken_cursor
from community.api.spaces import space_or_404
from threads.actions.changes import change_thread
from threads.actions.resolution import reopen, resolve
from threads.actions.threads import open_thread
from threads.api import schemas
from threads.api.names import (
    organizations_or_invalid,
    posts_named,
    product_named,
    product_version_named,
    thread_or_404,
)  # fmt: skip
from threads.api.shapes import thread_out, thread_summaries
from threads.models import Thread
from threads.queries.found import threads_found
from threads.queries.threads import ThreadFilter

router = Router(tags=["threads"])

WITHOUT_REASON = schemas.ReopenIn()


class Filters(Paging):
    """What a list of threads is narrowed to."""

    space: Text = Field("", description="The slug of a space.")
    status: Text = Field("", description="open, waiting, resolved, closed; or unresolved, for open and waiting.")
    product: Text = Field("", description="The slug of a product.")
    tag: Text = ""
    author: Text = Field("", description="The handle of who asked.")
    q: Text = Field("", max_length=500, description="Words; then the best match comes first, else the latest activity.")


@router.get("/threads", response=Page[schemas.ThreadSummary], operation_id="threads", summary="List threads")
def threads(request: ApiRequest, filters: Query[Filters]) -> Page[schemas.ThreadSummary]:
    """The threads you may see."""
    wanted = ThreadFilter(**filters.model_dump(exclude={"after", "limit"}))
    try:
        page = threads_found(request.auth, wanted, after=filters.after, limit=filters.limit)
    except ValueError as error:
        raise broken_cursor() from error
    return Page(items=thread_summaries(request.auth, page.threads), next=page.next)


@router.post("/threads", response={201: schemas.ThreadOut}, operation_id="post_thread", summary="Post a problem")
def post_thread(request: ApiRequest, data: schemas.NewThread, response: HttpResponse) -> schemas.ThreadOut:
    """Post a problem into a space that you may see; 404 for others."""
    given = data.model_dump(exclude={"space", "product", "version", "organizations"})
    space = space_or_404(request.auth, data.space)
    product = product_named(data.product)
    thread = open_thread(
        by=request.auth,
        space=space,
        product=product,
        product_version=product_version_named(product, data.version),
        organizations=organizations_or_invalid(data.organizations),
        **given,
    )
    response["Location"] = f"{request.path.rstrip('/')}/{thread.pk}"
    return thread_out(request.auth, thread_or_404(request.auth, thread.pk))


@router.get("/threads/{id}", response=schemas.ThreadOut, operation_id="thread", summary="Read a thread")
def thread(request: ApiRequest, id: int) -> schemas.ThreadOut:
    """One thread with its working record."""
    return thread_out(request.auth, thread_or_404(request.auth, id))


@router.patch("/threads/{id}", response=schemas.ThreadOut, operation_id="change_thread", summary="Change a thread")
def patch_thread(request: ApiRequest, id: int, data: schemas.ThreadChange) -> schemas.ThreadOut:
    """Change what a thread says of itself, take or leave it, follow it, save its record: all of it, or nothing."""
    found = thread_or_404(request.auth, id)
    given = data.model_dump(exclude_unset=True)
    others = {name: given[name] for name in ("owner", "following", "record", "record_version") if name in given}
    change_thread(by=request.auth, thread=found, edits=_edits(found, given), **others)
    return thread_out(request.auth, thread_or_404(request.auth, id))


def _edits(found: Thread, given: dict[str, Any]) -> dict[str, Any]:
    edits = {
        name: given[name]
        for name in ("title", "tags", "severity", "environment", "status")
        if given.get(name) is not None
    }
    product = found.product
    if "product" in given:
        edits["product"] = product = product_named(given["product"])
    if "version" in given:
        edits["product_version"] = product_version_named(product, given["version"])
    return edits


@router.post("/threads/{id}/resolve", response=schemas.ThreadOut, operation_id="resolve", summary="Resolve a thread")
def post_resolve(request: ApiRequest, id: int, data: schemas.ResolveIn) -> schemas.ThreadOut:
    """Say what fixed it. Authors of the solving posts earn standing."""
    found = thread_or_404(request.auth, id)
    record = data.record.model_dump(exclude_unset=True) if data.record else None
    posts = posts_named(request.auth, found, data.posts)
    resolve(
        by=request.auth, thread=found, posts=posts, summary=data.summary,
        record=record, record_version=data.record_version,
    )  # fmt: skip
    return thread_out(request.auth, thread_or_404(request.auth, id))


@router.post("/threads/{id}/reopen", response=schemas.ThreadOut, operation_id="reopen", summary="Reopen a thread")
def post_reopen(request: ApiRequest, id: int, data: schemas.ReopenIn = WITHOUT_REASON) -> schemas.ThreadOut:
    """Open a resolved thread again. Its resolution stays in the history."""
    found = thread_or_404(request.auth, id)
    reopen(by=request.auth, thread=found, reason=data.reason)
    return thread_out(request.auth, thread_or_404(request.auth, id))
