"""Search, and things like a text."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Page, Paging, Text, broken_cursor
from community.api.spaces import space_or_404
from community.errors import Invalid
from threads.actions.deflecting import Sitting, note_shown
from threads.api import schemas
from threads.api.shapes import hit_out
from threads.queries.search import KINDS, search
from threads.queries.similar import similar
from threads.rules.search_filters import FILTERS

router = Router(tags=["search"])

ANSWERS = ("thread", "practice", "playbook")
_LIKELY = ("thread", "practice")
Kinds = Annotated[Text, Field(max_length=60)]


class Searching(Paging):
    """What to search for."""

    q: Text = Field(
        "", max_length=1000, description=f'Words, "phrases", filters like `tag:wifi` ({", ".join(FILTERS)}).'
    )
    kind: Kinds = Field(",".join(KINDS), description=f"Some of {', '.join(KINDS)}, separated by commas.")
    exact: bool = Field(False, description="Take no word for mistyped.")
    facets: bool = Field(False, description="Say by what the search can be narrowed.")


class Likeness(BaseModel):
    """What to find like things for."""

    text: Text = Field(max_length=4000, description="The first line counts as a title. POST takes longer ones.")
    kind: Kinds = Field(",".join(_LIKELY), description=f"Some of {', '.join(ANSWERS)}, separated by commas.")
    limit: int = Field(5, ge=1, le=100)


@router.get("/search", response=schemas.FoundOut, operation_id="search", summary="Search")
def get_search(request: ApiRequest, asked: Query[Searching]) -> schemas.FoundOut:
    """Threads, practices, playbooks and members that you may see, best first."""
    kinds = _kinds(asked.kind, KINDS)
    try:
        found = search(
            request.auth, asked.q, kinds=kinds, limit=asked.limit, after=asked.after, mend=not asked.exact,
            facets=asked.facets,
        )  # fmt: skip
    except ValueError as error:
        raise broken_cursor() from error
    counted = {name: [asdict(value) for value in values] for name, values in found.facets.items()}
    return schemas.FoundOut.model_validate(
        {
            "items": [hit_out(hit) for hit in found.hits],
            "next": found.next,
            "total": found.total,
            "bounded": found.bounded,
            "unknown": list(found.asked.unknown),
            "corrected": found.corrected,
            "suggested": found.suggested,
            "facets": counted if asked.facets else None,
        }
    )


@router.get("/similar", response=Page[schemas.HitOut], operation_id="similar", summary="Find what is like a text")
def get_similar(request: ApiRequest, asked: Query[Likeness]) -> Page[schemas.HitOut]:
    """What you may see that is most like a text, best first."""
    return _similar(request, asked.text, _kinds(asked.kind, ANSWERS), asked.limit)


@router.post("/similar", response=Page[schemas.HitOut], operation_id="similar_to", summary="Find what is like a text")
def post_similar(request: ApiRequest, data: schemas.SimilarIn) -> Page[schemas.HitOut]:
    """What you may see that is most like a text, best first. With a `sitting`, that you were shown it is remembered."""
    space = space_or_404(request.auth, data.space) if data.space else None
    found = _similar(request, data.text, data.kind, data.limit)
    if data.sitting and (shown := [f"{hit.kind}:{hit.id}" for hit in found.items]):
        note_shown(by=request.auth, sitting=Sitting(data.sitting, space, data.text), shown=shown)
    return found


def _similar(request: ApiRequest, text: str, kinds: Collection[str], limit: int) -> Page[schemas.HitOut]:
    hits = similar(request.auth, text, kinds=kinds, limit=limit)
    return Page(items=[hit_out(hit) for hit in hits], next=None)


def _kinds(given: str, known: Collection[str]) -> list[str]:
    kinds = [kind for part in given.split(",") if (kind := part.strip())]
    if not kinds or set(kinds) - set(known):
        raise Invalid({"kind": _("Use some of %(kinds)s, separated by commas.") % {"kinds": ", ".join(known)}})
    return kinds
