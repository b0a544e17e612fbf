"""How members and origins look in the API, wherever they appear."""

from datetime import datetime
from typing import Protocol

from django.conf import settings
from pydantic import BaseModel, Field

from community.models import Member, Organization
from community.models.provenance import Sourced


class OrganizationName(BaseModel):
    """A member organization."""

    slug: str
    name: str


class Person(BaseModel):
    """A member, as the author or owner of something."""

    handle: str
    name: str
    organization: OrganizationName


class Source(BaseModel):
    """Where something imported comes from. Its licence asks that it is shown with it."""

    site: str
    id: str = Field(description="The id that it had there.")
    url: str
    license: str


class Stream(BaseModel):
    """A numbered live stream: subscribe to `name` after `seq` at `/ws/` to hear what follows this answer."""

    name: str
    seq: int


class HasAddress(Protocol):
    """Anything with a page of its own."""

    def get_absolute_url(self) -> str:
        """The page's path."""


def organization_name(organization: Organization) -> OrganizationName:
    """An organization by its names."""
    return OrganizationName(slug=organization.slug, name=organization.name)


def person(member: Member, organization: Organization | None = None) -> Person:
    """A member; with `organization`, as they were when they wrote for it."""
    return Person(
        handle=member.handle, name=member.name, organization=organization_name(organization or member.organization)
    )


def source(thing: Sourced) -> Source | None:
    """Where an imported thing comes from."""
    return Source(**thing.source) if thing.source else None


def address(thing: HasAddress) -> str:
    """The full address of a thing's page."""
    return f"{settings.SITE_URL}{thing.get_absolute_url()}"


class Profile(BaseModel):
    """What everybody may know of a member."""

    handle: str
    name: str
    organization: OrganizationName
    center: str | None
    about: str = Field(description="Markdown.")
    time_zone: str
    active: bool = Field(description="False for those who left and for imported authors.")
    joined_at: datetime
    url: str
    source: Source | None = None


def profile(member: Member) -> Profile:
    """A member's own words and place."""
    return Profile(
        handle=member.handle, name=member.name, organization=organization_name(member.organization),
        center=member.center.name if member.center else None, about=member.about, time_zone=member.time_zone,
        active=member.is_active and not member.source_site, joined_at=member.joined_at, url=address(member),
        source=source(member),
    )  # fmt: skip
