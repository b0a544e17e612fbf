"""Members: who they are, and what they are good at."""

from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from community.api.people import Profile, profile
from community.api.reach import ReachOut, reach_out
from community.errors import NotThere
from community.queries.members import member_visible_to
from community.queries.reach import reach_of
from reputation.policies.profile import shown_to
from reputation.queries.standing import made_of, standing_of
from threads.api.badges import BadgeOut, badges_out
from threads.api.skills import CertificateOut, SkillOut, certificates_out, skills_out
from threads.queries.contributions import topics_of
from threads.queries.swarm import contact_for

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
    made_of: list[StandingPart] = Field(description="Empty unless they show you their contributions.")
    expertise: list[ExpertiseOut]
    badges: list[BadgeOut] = Field(description="The badges of the network that they hold, the newest first.")
    skills: list[SkillOut] = Field(description="What they say that they know, the best first.")
    certificates: list[CertificateOut]
    reach: ReachOut | None = Field(description="When they may be asked; null for who left and for imported authors.")
    contact: str = Field(
        description="How to reach them when it is urgent; shown to their own organization, and to those who ask, own "
        "or help with the same unresolved thread."
    )


@router.get("/members/{handle}", response=MemberOut, operation_id="member", summary="Read a member's profile")
def member(request: ApiRequest, handle: Text) -> MemberOut:
    """Who somebody is, and what for they can be asked."""
    found = member_visible_to(request.auth, handle)
    if found is None:
        raise NotThere("not_there")
    reachable = found.is_active and not found.source_site
    return MemberOut(
        **profile(found).model_dump(),
        standing=standing_of(found),
        made_of=[StandingPart(rule=rule, points=points) for rule, points in made_of(shown_to(request.auth, found))],
        expertise=[
            ExpertiseOut(kind=each.noun, slug=each.slug, points=each.points, awards=each.awards)
            for each in topics_of(request.auth, found)
        ],
        badges=badges_out(found),
        skills=skills_out(found),
        certificates=certificates_out(found),
        reach=reach_out(found) if reachable else None,
        contact=contact_for(request.auth, found, reach_of([found.pk])[found.pk].contact) if reachable else "",
    )
