"""Badges."""

from datetime import datetime

from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Page
from community.models import Member
from reputation.queries.badges import badge_states, earned_badges_of

router = Router(tags=["people"])


class BadgeOut(BaseModel):
    """A badge that a member holds."""

    slug: str
    name: str
    sentence: str = Field(description="What whoever holds it did, exactly.")
    since: datetime


class BadgeStateOut(BaseModel):
    """One of all badges, and how far you are."""

    slug: str
    name: str
    sentence: str = Field(description="What whoever holds it did, exactly.")
    holders: int = Field(description="How many members hold it.")
    since: datetime | None = Field(description="Since when you hold it; null while you do not.")
    reached: int = Field(description="How far you are: of what is counted, at most what is needed.")
    needed: int


@router.get("/badges", response=Page[BadgeStateOut], operation_id="badges", summary="List all badges")
def badges(request: ApiRequest) -> Page[BadgeStateOut]:
    """What each says, how many hold it, and how far you are. They are given and withdrawn by the ledger alone."""
    shown = [
        BadgeStateOut(
            slug=each.rule.slug, name=str(each.rule.name), sentence=str(each.rule.sentence), holders=each.holders,
            since=each.since, reached=each.far, needed=each.rule.needed,
        )
        for each in badge_states(request.auth)
    ]  # fmt: skip
    return Page(items=shown, next=None)


def badges_out(member: Member) -> list[BadgeOut]:
    """The badges of the network that a member holds, the newest first."""
    return [
        BadgeOut(slug=each.slug, name=each.name, sentence=each.description, since=each.at)
        for each in earned_badges_of(member)
    ]
