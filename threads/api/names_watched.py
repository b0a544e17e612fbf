"""The names that the token's organization watches for. There are none of other organizations."""

from datetime import datetime

from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from community.api.people import Person, person
from community.errors import NotThere
from threads.actions.names import unwatch_name, watch_name
from threads.api.names import MOST
from threads.models import WatchedName
from threads.queries.names import watched_name, watched_names
from threads.rules.limits import WATCHED_NAME_LENGTH

router = Router(tags=["practices"])


class NameIn(BaseModel):
    """A name to watch for."""

    name: Text = Field(max_length=WATCHED_NAME_LENGTH, description="As people write it; case does not matter.")


class NameOut(BaseModel):
    """A name that your organization watches for."""

    id: int
    name: str
    added_by: Person
    at: datetime


@router.get("/organization/names", response=list[NameOut], operation_id="watched_names", summary="Names to watch for")
def get_names(request: ApiRequest) -> list[NameOut]:
    """The names that your organization has masked in practices."""
    return [_out(row) for row in watched_names(request.auth)]


@router.post("/organization/names", response={201: NameOut}, operation_id="watch_name", summary="Watch for a name")
def post_name(request: ApiRequest, data: NameIn) -> NameOut:
    """Have a name shown from now on to whoever of your organization writes it into a practice."""
    return _out(watch_name(by=request.auth, name=data.name))


@router.delete(
    "/organization/names/{id}", response={204: None}, operation_id="unwatch_name", summary="Watch for a name no more"
)
def delete_name(request: ApiRequest, id: int) -> None:
    """Take a name off the list. For administrators of your organization."""
    found = watched_name(request.auth, id) if id < MOST else None
    if found is None:
        raise NotThere("not_there")
    unwatch_name(by=request.auth, name=found)


def _out(row: WatchedName) -> NameOut:
    return NameOut(id=row.pk, name=row.name, added_by=person(row.added_by), at=row.at)
