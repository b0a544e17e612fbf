"""Members: who they are, and what they are good at."""

from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from community.api.people import Profile, profile
from community.errors import NotThere
from community.queries.members import member_visible_to
from reputation.queries.standing import made_of, standing_of
from threads.queries.contributions import topics_of

router = Router(tags=["people"])


class ExpertiseOut(BaseModel):
    """What a member earned for one tag or product."""

    kind: str = Field(description="tag or product.")
    slug: str
    points: int
    awards: int


class StandingPart(BaseModel):
    """What one rule gave a member in all."""

    rule: str
    points: int


class MemberOut(Profile):
    """A member with their standing, what it is made of, and what they are good at, best first."""

    standing: int
    made_of: list[StandingPart]
    expertise: list[ExpertiseOut]


@router.get("/members/{handle}", response=MemberOut, operation_id="member", summary="Read a member's profile")
def member(request: ApiRequest, handle: Text) -> MemberOut:
    """Who somebody is, and what for they can be asked."""
    found = member_visible_to(request.auth, handle)
    if found is None:
        raise NotThere("not_there")
    return MemberOut(
        **profile(found).model_dump(),
        standing=standing_of(found),
        made_of=[StandingPart(rule=str(rule), points=points) for rule, points in made_of(found)],
        expertise=[
            ExpertiseOut(kind=each.noun, slug=each.slug, points=each.points, awards=each.awards)
            for each in topics_of(request.auth, found)
        ],
    )
