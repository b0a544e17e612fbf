"""How practices are looked after: the rules, and setting one."""

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text
from community.api.people import Person, person
from community.api.spaces import space_or_404
from community.errors import Invalid, NotThere
from community.models import Member
from community.queries.members import members_by_handle
from threads.actions.governance import set_governance
from threads.api import schemas
from threads.api.names import product_named
from threads.forms.swarm import NOBODY
from threads.models import Tag
from threads.queries.catalog import tag_with_slug
from threads.queries.governance import Rule, rules_visible_to
from threads.rules.limits import MOST_KEEPERS

router = Router(tags=["desk"])

Mode = Literal["experience", "compliance"]


class RuleOut(BaseModel):
    """How the practices of a product or with a tag are looked after."""

    id: int
    space: schemas.SpaceName | None = Field(description="Where it holds; null for the whole network.")
    product: str | None = Field(description="The slug of a product; null for a rule of a tag.")
    tag: str | None
    mode: Mode = Field(description="compliance: every change is a suggestion, and the keepers approve what is valid.")
    keepers: list[Person]
    set_by: Person
    set_at: datetime
    reason: str
    can: list[str] = Field(description="`set` when you may change it.")


class RuleIn(BaseModel):
    """A rule to set, for a product or for a tag."""

    product: Text = Field("", max_length=60, description="The slug of a product.")
    tag: Text = Field("", max_length=60)
    space: Text | None = Field(None, max_length=60, description="By its slug; null for the whole network.")
    mode: Mode
    keepers: Annotated[list[Annotated[Text, Field(max_length=40)]], Field(max_length=MOST_KEEPERS)] = Field(
        [], description="Handles of those responsible under compliance, beside the curators."
    )
    reason: Text


def _out(rule: Rule) -> RuleOut:
    row = rule.row
    return RuleOut(
        id=row.pk, space=schemas.SpaceName(slug=row.space.slug, name=row.space.name) if row.space else None,
        product=row.product.slug if row.product else None, tag=row.tag.slug if row.tag else None,
        mode="compliance" if row.mode == row.Mode.COMPLIANCE else "experience",
        keepers=[person(member) for member in rule.keepers], set_by=person(row.set_by), set_at=row.set_at,
        reason=row.reason, can=["set"] if rule.may_set else [],
    )  # fmt: skip


def _tag(slug: str) -> Tag | None:
    if not slug:
        return None
    found = tag_with_slug(slug.lower())
    if found is None:
        raise Invalid({"tag": _("Nothing has this tag.")})
    return found


def _members(handles: list[str]) -> list[Member]:
    wanted = {handle.lower() for handle in handles}
    found = list(members_by_handle(sorted(wanted)))
    if {member.handle for member in found} != wanted:
        raise Invalid({"keepers": str(NOBODY)})
    return found


@router.get("/governance", response=list[RuleOut], operation_id="governance", summary="How practices are looked after")
def rules(request: ApiRequest) -> list[RuleOut]:
    """The rules of the network and of the spaces that you see."""
    return [_out(rule) for rule in rules_visible_to(request.auth)]


@router.put("/governance", response=RuleOut, operation_id="set_governance", summary="Set a rule")
def put_rule(request: ApiRequest, data: RuleIn) -> RuleOut:
    """Say how the practices of a product or with a tag are looked after; those concerned are judged anew."""
    space = space_or_404(request.auth, data.space) if data.space else None
    made = set_governance(
        by=request.auth, space=space, product=product_named(data.product), tag=_tag(data.tag), mode=data.mode,
        keepers=_members(data.keepers), reason=data.reason,
    )  # fmt: skip
    found = next((rule for rule in rules_visible_to(request.auth) if rule.row.pk == made.pk), None)
    if found is None:
        raise NotThere("not_there")
    return _out(found)
