"""A made-up network for load tests, written in bulk. What is there already stays as it is."""

import secrets
from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _

from community.errors import Conflict
from community.events import action
from community.models import ApiToken, Assignment, Center, Member, Organization, Reach, Space, WorkRole
from community.queries.members import token_digest
from community.rules import clock
from community.rules.hours import every_weekday
from community.rules.seeding import (
    DOMAIN,
    ROLES,
    SHARED_SPACE,
    TOKEN_NAME,
    MemberPlan,
    center_plans,
    member_plans,
    organization_slug,
)  # fmt: skip

BATCH = 1000


@action
def seed_members(*, members: int, centers: int, force: bool = False) -> list[Member]:
    """Make organizations, so many centers and so many members, and spaces for them; gives the new members.

    Nobody can sign in to these accounts: they have no password. Raises Conflict where members are that this did not
    make, unless `force`.
    """
    if not force and Member.objects.exclude(email__endswith=DOMAIN).exists():
        raise Conflict("has_members", _("This site has members of its own. Seed an empty one, or use --force."))
    places = _seed_centers(centers)
    plans = member_plans(members, centers)
    known = set(Member.objects.filter(email__endswith=DOMAIN).values_list("handle", flat=True))
    new = [plan for plan in plans if plan.handle not in known]
    unusable, joined_at = make_password(None), clock.now() - timedelta(days=400)
    made = Member.objects.bulk_create(
        [
            Member(
                handle=plan.handle, name=plan.name, email=plan.email, password=unusable, joined_at=joined_at,
                center=places[plan.center], organization_id=places[plan.center].organization_id,
                time_zone=places[plan.center].time_zone,
            )
            for plan in new
        ],
        batch_size=BATCH,
    )  # fmt: skip
    _seed_roles(made, new)
    _seed_reach(made, new)
    return made


def _seed_centers(centers: int) -> list[Center]:
    """All planned centers in the order of their numbers."""
    plans = center_plans(centers)
    numbers = sorted({plan.organization for plan in plans})
    Organization.objects.bulk_create(
        [Organization(slug=organization_slug(number), name=f"Organization {number} (load)") for number in numbers],
        ignore_conflicts=True,
    )
    slugs = {organization_slug(number): number for number in numbers}
    owners = {slugs[row.slug]: row for row in Organization.objects.filter(slug__in=slugs)}
    _seed_spaces(list(owners.values()))
    Center.objects.bulk_create(
        [
            Center(organization=owners[plan.organization], name=plan.name, region=plan.region, time_zone=plan.time_zone)
            for plan in plans
        ],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    rows = Center.objects.filter(organization__in=owners.values())
    there = {(row.organization_id, row.name): row for row in rows}
    return [there[owners[plan.organization].pk, plan.name] for plan in plans]


def _seed_spaces(organizations: Sequence[Organization]) -> None:
    """One space for everybody, and one for each organization alone."""
    shared = {"name": "Commons (load)", "audience": Space.Audience.NETWORK}
    Space.objects.get_or_create(slug=SHARED_SPACE, defaults=shared)
    for organization in organizations:
        own = {"name": organization.name, "audience": Space.Audience.ORGANIZATIONS}
        space, made = Space.objects.get_or_create(slug=organization.slug, defaults=own)
        if made:
            space.organizations.set([organization])


def _seed_roles(members: Sequence[Member], plans: Sequence[MemberPlan]) -> None:
    """What the new members work as, for a year now."""
    since = clock.now().date() - timedelta(days=365)
    roles = [WorkRole.objects.get_or_create(name=name, defaults={"tier": tier})[0] for name, tier in ROLES]
    Assignment.objects.bulk_create(
        [
            Assignment(member=member, role=roles[plan.role], center_id=member.center_id, starts_on=since)
            for member, plan in zip(members, plans, strict=True)
        ],
        batch_size=BATCH,
    )


def _seed_reach(members: Sequence[Member], plans: Sequence[MemberPlan]) -> None:
    """The languages and night shifts of those of the new members who say anything of it."""
    said = [(member, plan) for member, plan in zip(members, plans, strict=True) if plan.languages or plan.night]
    night: dict[str, Any] = {"opens_at": time(20), "closes_at": time(5), "working_days": every_weekday()}
    Reach.objects.bulk_create(
        [
            Reach(member=member, languages=list(plan.languages), **(night if plan.night else {}))
            for member, plan in said
        ],
        batch_size=BATCH,
    )


@action
def seed_tokens(*, members: int) -> dict[str, str]:
    """New tokens for the first so many of the made-up members, by handle; those of an earlier time end.

    Only their digests are kept, as of any token.
    """
    rows = Member.objects.filter(email__endswith=DOMAIN, is_active=True).order_by("handle")[:members]
    people = dict(rows.values_list("pk", "handle"))
    ApiToken.objects.filter(member__email__endswith=DOMAIN, name=TOKEN_NAME).delete()
    tokens = {pk: f"gh_{secrets.token_urlsafe(32)}" for pk in people}
    now = clock.now()
    ApiToken.objects.bulk_create(
        [
            ApiToken(member_id=pk, name=TOKEN_NAME, digest=token_digest(token), created_at=now)
            for pk, token in tokens.items()
        ],
        batch_size=BATCH,
    )
    return {people[pk]: token for pk, token in tokens.items()}
