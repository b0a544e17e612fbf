"""What members say that they know, and certificates."""

from datetime import date, datetime
from typing import Literal

from ninja import Router
from pydantic import BaseModel, Field

from community.api.auth import ApiRequest
from community.api.paging import Text, Whole
from community.errors import NotThere
from community.models import Member
from reputation.actions.skills import add_certificate, confirm_certificate, declare_skills, remove_certificate
from reputation.models import Certificate, Skill
from reputation.queries.skills import certificate_with, certificates_of, skills_of
from reputation.rules.skills import MOST_SKILLS, Declared
from threads.api.names import id_or_404, product_named
from threads.rules.texts import tag_slugs

router = Router(tags=["people"])


class SkillOut(BaseModel):
    """A skill that a member declares."""

    kind: str = Field(description="tag or product.")
    slug: str
    level: int = Field(description="1 learning, 2 can help, 3 expert.")
    wants_to_learn: bool


class SkillIn(BaseModel):
    """A skill to declare."""

    kind: Literal["tag", "product"]
    slug: Text = Field(max_length=60)
    level: Whole = Field(ge=1, le=3)
    wants_to_learn: bool = False


class SkillsIn(BaseModel):
    """All that you know; what is not in it is not said any more."""

    skills: list[SkillIn] = Field(max_length=MOST_SKILLS)


class SkillsOut(BaseModel):
    """All that somebody says that they know, the best first."""

    skills: list[SkillOut]


class CertificateOut(BaseModel):
    """A certificate of a member."""

    id: int
    member: str = Field(description="The handle of who holds it.")
    name: str
    issuer: str
    kind: str = Field(description="tag or product: in what it counts.")
    slug: str
    number: str
    issued_on: date
    expires_on: date | None
    url: str
    confirmed_by: str | None = Field(description="The handle of the administrator who confirmed it.")
    confirmed_at: datetime | None


class CertificateIn(BaseModel):
    """A certificate that you hold."""

    name: Text = Field(max_length=120)
    issuer: Text = Field(max_length=120)
    kind: Literal["tag", "product"]
    slug: Text = Field(max_length=60)
    number: Text = Field("", max_length=80)
    issued_on: date
    expires_on: date | None = None
    url: Text = Field("", max_length=500)


@router.put("/me/skills", response=SkillsOut, operation_id="declare_skills", summary="Say what you know")
def put_skills(request: ApiRequest, data: SkillsIn) -> SkillsOut:
    """Say all that you know, how well, and what you wish to learn. Everybody in the network sees it."""
    declared = [Declared(_scope(each.kind, each.slug), each.level, each.wants_to_learn) for each in data.skills]
    return SkillsOut(skills=[_skill(row) for row in declare_skills(by=request.auth, skills=declared)])


@router.post("/me/certificates", response={201: CertificateOut}, operation_id="add_certificate", summary="Add one")
def post_certificate(request: ApiRequest, data: CertificateIn) -> CertificateOut:
    """Name a certificate that you hold; an administrator of your organization can confirm it."""
    given = data.model_dump(exclude={"kind", "slug"})
    row = add_certificate(by=request.auth, scope=_scope(data.kind, data.slug), **given)
    return _certificate(row)


@router.delete("/certificates/{id}", response={204: None}, operation_id="remove_certificate", summary="Remove one")
def delete_certificate(request: ApiRequest, id: int) -> None:
    """Name a certificate of yours no more."""
    remove_certificate(by=request.auth, certificate=_certificate_or_404(id))


@router.post(
    "/certificates/{id}/confirm", response=CertificateOut, operation_id="confirm_certificate", summary="Confirm one"
)
def confirm(request: ApiRequest, id: int) -> CertificateOut:
    """Say that you saw it. For administrators of the holder's organization; 409 when somebody did already."""
    return _certificate(confirm_certificate(by=request.auth, certificate=_certificate_or_404(id)))


def skills_out(member: Member) -> list[SkillOut]:
    """What the member declares."""
    return [_skill(row) for row in skills_of(member)]


def certificates_out(member: Member) -> list[CertificateOut]:
    """What the member holds."""
    return [_certificate(row) for row in certificates_of(member)]


def _scope(kind: str, slug: str) -> str:
    if kind == "product":
        product = product_named(slug)
        return f"product:{product.slug if product else slug}"
    return f"tag:{''.join(tag_slugs([slug]))}"


def _skill(row: Skill) -> SkillOut:
    kind, _colon, slug = row.scope.partition(":")
    return SkillOut(kind=kind, slug=slug, level=row.level, wants_to_learn=row.wants_to_learn)


def _certificate_or_404(number: int) -> Certificate:
    found = certificate_with(id_or_404(number))
    if found is None:
        raise NotThere("not_there")
    return found


def _certificate(row: Certificate) -> CertificateOut:
    kind, _colon, slug = row.scope.partition(":")
    return CertificateOut(
        id=row.pk, member=row.member.handle, name=row.name, issuer=row.issuer, kind=kind, slug=slug,
        number=row.number, issued_on=row.issued_on, expires_on=row.expires_on, url=row.url,
        confirmed_by=row.confirmed_by.handle if row.confirmed_by else None, confirmed_at=row.confirmed_at,
    )  # fmt: skip
