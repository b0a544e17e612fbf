"""The spaces the viewer may see."""

from ninja import Query, Router
from pydantic import BaseModel

from community.api.auth import ApiRequest
from community.api.paging import Page, Paging, Text
from community.api.people import address
from community.errors import NotThere
from community.models import Member, Space
from community.queries.spaces import space_visible_to, spaces_listed_for

router = Router(tags=["spaces"])


class SpaceOut(BaseModel):
    """A place for threads. `audience` says whom it is open to: network, organizations, members."""

    slug: str
    name: str
    description: str
    audience: str
    url: str


def space_out(space: Space) -> SpaceOut:
    """A space as the API shows it."""
    return SpaceOut(
        slug=space.slug, name=space.name, description=space.description, audience=space.audience, url=address(space)
    )


@router.get("/spaces", response=Page[SpaceOut], operation_id="spaces", summary="List spaces")
def spaces(request: ApiRequest, paging: Query[Paging]) -> Page[SpaceOut]:
    """The spaces you may see, by slug."""
    rows = spaces_listed_for(request.auth, after=paging.after, limit=paging.limit + 1)
    shown = rows[: paging.limit]
    return Page(items=[space_out(space) for space in shown], next=shown[-1].slug if len(rows) > len(shown) else None)


@router.get("/spaces/{slug}", response=SpaceOut, operation_id="space", summary="Read a space")
def space(request: ApiRequest, slug: Text) -> SpaceOut:
    """One space. 404 for one that you may not see."""
    return space_out(space_or_404(request.auth, slug))


def space_or_404(viewer: Member, slug: str) -> Space:
    """The space. Raises NotThere when it is not there for this viewer."""
    found = space_visible_to(viewer, slug)
    if found is None:
        raise NotThere("not_there")
    return found
