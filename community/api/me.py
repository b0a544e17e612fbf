"""Who the token is."""

from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.people import Profile, Stream, profile
from community.events import member_stream
from community.events.reading import newest_number
from community.models import Member
from community.queries.inbox import unread_count
from community.queries.members import grants_of

router = Router(tags=["people"])


class Role(BaseModel):
    """A network role, in one space or one organization."""

    role: str
    space: str | None
    organization: str | None


class Me(Profile):
    """The member whose token or session it is."""

    email: str | None
    network_admin: bool
    present_without_name: bool = Field(description="Whether others see only that somebody is there, not who.")
    roles: list[Role]
    unread: int = Field(description="Unread notices in the inbox, counted up to 100.")
    stream: Stream = Field(description="The member's own stream: inbox and standing.")


@router.get("/me", response=Me, operation_id="me", summary="Who the token is")
def me(request: ApiRequest) -> Me:
    """The member whose token or session it is."""
    member = request.auth
    return Me(
        **profile(member).model_dump(),
        email=member.email,
        network_admin=member.is_superuser,
        present_without_name=member.present_without_name,
        roles=_roles(member),
        unread=unread_count(member),
        stream=Stream(name="member:me", seq=newest_number(member_stream(member.pk))),
    )


def _roles(member: Member) -> list[Role]:
    return [
        Role(
            role=grant.role,
            space=grant.space.slug if grant.space else None,
            organization=grant.organization.slug if grant.organization else None,
        )
        for grant in grants_of(member)
    ]
