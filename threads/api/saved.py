"""Searches that one keeps."""

from datetime import datetime
from typing import Literal

from django.http import HttpResponse
from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from community.errors import NotThere
from threads.actions.saved import change_search, drop_search, save_search
from threads.models import SavedSearch
from threads.queries.saved import MOST_NEW, Kept, saved_for, saved_of
from threads.rules.limits import SAVED_NAME_LENGTH
from threads.rules.search_text import MAX_QUERY

router = Router(tags=["search"])

_LARGEST = 2**63 - 1
Kind = Literal["", "thread", "practice", "playbook", "member"]


class SavedSearchIn(BaseModel):
    """A search to keep."""

    q: Text = Field(max_length=MAX_QUERY, description="As for `GET /search`.")
    kind: Kind = Field("", description="What it looks for; empty for everything.")
    name: Text = Field("", max_length=SAVED_NAME_LENGTH, description="Without one it is called as `q` begins.")
    notifies: bool = Field(False, description="Whether what comes to fit it comes into your inbox.")


class SavedSearchChange(BaseModel):
    """What is to be changed of it; what is not given stays."""

    q: Text | None = Field(None, max_length=MAX_QUERY)
    kind: Kind | None = None
    name: Text | None = Field(None, max_length=SAVED_NAME_LENGTH)
    notifies: bool | None = None


class SavedSearchOut(BaseModel):
    """A search that you keep."""

    id: int
    q: str
    kind: Kind
    name: str
    notifies: bool
    new: int = Field(
        description=f"What it told you of since you last opened it on its page and you see, up to {MOST_NEW + 1}."
    )
    made_at: datetime


class SavedSearchesOut(BaseModel):
    """All that you keep."""

    items: list[SavedSearchOut]


@router.get(
    "/saved-searches", response=SavedSearchesOut, operation_id="saved_searches", summary="Searches that you keep"
)
def get_saved_searches(request: ApiRequest) -> SavedSearchesOut:
    """Your own, the oldest first."""
    return SavedSearchesOut(items=[_shown(row) for row in saved_of(request.auth)])


@router.post("/saved-searches", response={201: SavedSearchOut}, operation_id="save_search", summary="Keep a search")
def post_saved_search(request: ApiRequest, data: SavedSearchIn, response: HttpResponse) -> SavedSearchOut:
    """One that would tell of nearly everything is refused: add a rarer word, or a tag, product or space."""
    kept = save_search(by=request.auth, **data.model_dump())
    response["Location"] = f"{request.path.rstrip('/')}/{kept.pk}"
    return _shown(Kept(kept, 0))


@router.patch(
    "/saved-searches/{id}", response=SavedSearchOut, operation_id="change_saved_search", summary="Change a saved search"
)
def patch_saved_search(request: ApiRequest, id: int, data: SavedSearchChange) -> SavedSearchOut:
    """What was there before is no news to it."""
    search = change_search(by=request.auth, search=_load(request, id), **data.model_dump())
    return next(_shown(row) for row in saved_of(request.auth) if row.search.pk == search.pk)


@router.delete(
    "/saved-searches/{id}", response={204: None}, operation_id="drop_saved_search", summary="Keep a search no more"
)
def delete_saved_search(request: ApiRequest, id: int) -> tuple[int, None]:
    """It tells you of nothing from then on."""
    drop_search(by=request.auth, search=_load(request, id))
    return 204, None


def _load(request: ApiRequest, pk: int) -> SavedSearch:
    found = saved_for(request.auth, pk) if 0 < pk <= _LARGEST else None
    if found is None:
        raise NotThere("no_saved_search")
    return found


def _shown(row: Kept) -> SavedSearchOut:
    search = row.search
    return SavedSearchOut(
        id=search.pk,
        q=search.text,
        kind=search.kind,  # type: ignore[arg-type]
        name=search.name,
        notifies=search.notifies,
        new=row.new,
        made_at=search.made_at,
    )
