"""Search, and things like a text."""

from collections.abc import Collection
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Page, Paging, Text, broken_cursor
from community.errors import Invalid
from threads.api import schemas
from threads.api.shapes import hit_out
from threads.queries.search import KINDS, search
from threads.queries.similar import similar

router = Router(tags=["search"])

ANSWERS = ("thread", "practice")
Kinds = Annotated[Text, Field(max_length=60)]


class Searching(Paging):
    """What to search for."""

    q: Text = Field(
        "", max_length=1000, description='Words, "phrases", filters like `tag:wifi` (product, status, author, space).'
    )
    kind: Kinds = Field(",".join(KINDS), description="Some of thread, practice and member, separated by commas.")


class Likeness(BaseModel):
    """What to find like things for."""

    text: Text = Field(max_length=4000, description="The first line counts as a title. POST takes longer ones.")
    kind: Kinds = Field(",".join(ANSWERS), description="thread, practice or both, separated by a comma.")
    limit: int = Field(5, ge=1, le=100)


@router.get("/search", response=Page[schemas.HitOut], operation_id="search", summary="Search")
def get_search(request: ApiRequest, asked: Query[Searching]) -> Page[schemas.HitOut]:
    """Threads, practices and members that you may see, best first."""
    kinds = _kinds(asked.kind, KINDS)
    try:
        found = search(request.auth, asked.q, kinds=kinds, limit=asked.limit, after=asked.after)
    except ValueError as error:
        raise broken_cursor() from error
    return Page(items=[hit_out(hit) for hit in found.hits], next=found.next)


@router.get("/similar", response=Page[schemas.HitOut], operation_id="similar", summary="Find what is like a text")
def get_similar(request: ApiRequest, asked: Query[Likeness]) -> Page[schemas.HitOut]:
    """Threads and practices that you may see most like a text, best first."""
    return _similar(request, asked.text, _kinds(asked.kind, ANSWERS), asked.limit)


@router.post("/similar", response=Page[schemas.HitOut], operation_id="similar_to", summary="Find what is like a text")
def post_similar(request: ApiRequest, data: schemas.SimilarIn) -> Page[schemas.HitOut]:
    """Threads and practices that you may see most like a text, best first."""
    return _similar(request, data.text, data.kind, data.limit)


def _similar(request: ApiRequest, text: str, kinds: Collection[str], limit: int) -> Page[schemas.HitOut]:
    hits = similar(request.auth, text, kinds=kinds, limit=limit)
    return Page(items=[hit_out(hit) for hit in hits], next=None)


def _kinds(given: str, known: Collection[str]) -> list[str]:
    kinds = [kind for part in given.split(",") if (kind := part.strip())]
    if not kinds or set(kinds) - set(known):
        raise Invalid({"kind": _("Use some of %(kinds)s, separated by commas.") % {"kinds": ", ".join(known)}})
    return kinds
