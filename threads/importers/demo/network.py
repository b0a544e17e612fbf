"""The demo's network: organizations, centers, people, spaces and products, made as its administrator makes them."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from community.actions import organizations as community
from community.actions import spaces
from community.models import Center, Grant, Member, Organization, Space, WorkRole
from community.rules import clock
from threads.actions.catalog import create_product
from threads.models import Product

ADMINISTRATOR = "nia"
DOMAIN = ".example"


@dataclass
class Network:
    """What is there, by slug, handle or name."""

    admin: Member
    organizations: dict[str, Organization] = field(default_factory=dict)
    centers: dict[tuple[str, str], Center] = field(default_factory=dict)
    roles: dict[str, WorkRole] = field(default_factory=dict)
    people: dict[str, Member] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)


def address_of(person: dict[str, Any]) -> str:
    """The e-mail address of somebody in the demo."""
    return f"{person['handle']}@{person['organization']}{DOMAIN}"


def make_network(data: dict[str, Any], now: datetime) -> Network:
    """Make everything that `data` names, its people and places three years before `now`."""
    with clock.at(now - timedelta(days=1100)):
        network = Network(_administrator(data))
        network.people[ADMINISTRATOR] = network.admin
        _make_organizations(network, data)
    for person in data["members"]:
        if person["handle"] != ADMINISTRATOR:
            _make_person(network, person, now)
    with clock.at(now - timedelta(days=900)):
        _make_places(network, data)
    return network


def _administrator(data: dict[str, Any]) -> Member:
    person = next(person for person in data["members"] if person["handle"] == ADMINISTRATOR)
    return Member.objects.create_superuser(
        address_of(person), handle=person["handle"], name=person["name"], about=person["about"], joined_at=clock.now()
    )


def _make_organizations(network: Network, data: dict[str, Any]) -> None:
    admin = network.admin
    for row in data["roles"]:
        network.roles[row["name"]] = community.create_role(by=admin, name=row["name"], tier=row["tier"])
    for row in data["organizations"]:
        organization = community.create_organization(
            by=admin, slug=row["slug"], name=row["name"], kind=row["kind"], description=row["description"]
        )
        network.organizations[row["slug"]] = organization
        for center in row["centers"]:
            network.centers[row["slug"], center["name"]] = community.create_center(
                by=admin, organization=organization, name=center["name"], region=center["region"],
                time_zone=center["zone"], opens_at=time.fromisoformat(center["opens"]),
                closes_at=time.fromisoformat(center["closes"]), working_days=center["days"],
            )  # fmt: skip


def _make_person(network: Network, person: dict[str, Any], now: datetime) -> None:
    slug = person["organization"]
    center = network.centers[slug, person["center"]]
    since = now - timedelta(days=person["since"])
    before = person.get("previous")
    with clock.at(since - timedelta(days=before["days"] if before else 0)):
        member = community.add_member(
            by=network.admin, organization=network.organizations[slug], center=center, handle=person["handle"],
            name=person["name"], email=address_of(person), about=person["about"],
        )  # fmt: skip
    if before:
        _assign(network, member, before["role"], network.centers[slug, before["center"]], member.joined_at)
    _assign(network, member, person["role"], center, since)
    network.people[person["handle"]] = member


def _assign(network: Network, member: Member, role: str, center: Center, since: datetime) -> None:
    community.assign_role(
        by=network.admin, member=member, role=network.roles[role], center=center, starts_on=since.date()
    )


def _make_places(network: Network, data: dict[str, Any]) -> None:
    for row in data["spaces"]:
        network.spaces[row["slug"]] = space = spaces.create_space(
            by=network.admin, slug=row["slug"], name=row["name"], description=row["description"],
            audience=row["audience"],
            organizations=[network.organizations[slug] for slug in row.get("organizations", ())],
            members=[network.people[handle] for handle in row.get("members", ())],
        )  # fmt: skip
        for role, handles in ((Grant.Role.CURATOR, row["curators"]), (Grant.Role.MODERATOR, row["moderators"])):
            for handle in handles:
                spaces.grant_role(by=network.admin, member=network.people[handle], role=role, space=space)
    for row in data["grants"]:
        organization = network.organizations[row["organization"]]
        member = network.people[row["member"]]
        spaces.grant_role(by=network.admin, member=member, role=row["role"], organization=organization)
    for row in data["products"]:
        vendor = network.organizations.get(row.get("vendor", ""))
        network.products[row["slug"]] = create_product(
            by=network.admin, slug=row["slug"], name=row["name"], vendor=vendor, versions=row["versions"]
        )
