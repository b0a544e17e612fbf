"""What members say that they know, and certificates in force."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from community.models import Member
from community.rules import clock
from reputation.models import Certificate, Skill

_MOST_A_SCOPE = 200


class SkillRow(NamedTuple):
    """A declared skill."""

    member: int
    scope: str
    level: int
    wants_to_learn: bool


class CertificateRow(NamedTuple):
    """A certificate in force; `confirmed_by` is the organization whose administrator confirmed it, or empty."""

    member: int
    scope: str
    name: str
    issuer: str
    expires_on: date | None
    confirmed_by: str

    @property
    def confirmed(self) -> bool:
        """Whether an administrator of the holder's organization confirmed it."""
        return bool(self.confirmed_by)


def skills_in(scopes: Collection[str]) -> list[SkillRow]:
    """What those who can be asked say of their skill in these scopes, the best first; the best 200 a scope or so."""
    rows = Skill.objects.filter(scope__in=list(scopes), member__is_active=True, member__source_site="")
    best = rows.order_by("-level", "member_id").values_list("member_id", "scope", "level", "wants_to_learn")
    return [SkillRow._make(row) for row in best[: _MOST_A_SCOPE * len(scopes)]] if scopes else []


def certificates_in(scopes: Collection[str]) -> list[CertificateRow]:
    """Certificates in force in these scopes of those who can be asked, the confirmed first; 200 a scope or so."""
    if not scopes:
        return []
    rows = _in_force().filter(scope__in=list(scopes), member__is_active=True, member__source_site="")
    best = rows.select_related("member__organization").order_by("confirmed_at", "id")
    return [_row(row) for row in best[: _MOST_A_SCOPE * len(scopes)]]


def skills_of(member: Member) -> list[Skill]:
    """What the member says that they know, the best first."""
    return list(Skill.objects.filter(member=member).order_by("-level", "scope"))


def certificates_of(member: Member) -> list[Certificate]:
    """The member's certificates, the newest first."""
    related = ("confirmed_by__organization", "member__organization")
    return list(Certificate.objects.filter(member=member).select_related(*related))


def certificate_with(pk: int) -> Certificate | None:
    """The certificate with that number; certificates are public."""
    return Certificate.objects.select_related("member__organization", "confirmed_by").filter(pk=pk).first()


def declared_words(member_ids: Collection[int]) -> dict[int, list[str]]:
    """What members are found by: the slugs of what they can help with, and their certificates' names."""
    found: dict[int, list[str]] = {}
    skills = Skill.objects.filter(member__in=member_ids, level__gte=Skill.Level.CAN_HELP)
    for member, scope in skills.order_by("scope").values_list("member_id", "scope"):
        found.setdefault(member, []).append(scope.partition(":")[2])
    certificates = Certificate.objects.filter(member__in=member_ids).order_by("name", "id")
    for member, name, issuer in certificates.values_list("member_id", "name", "issuer"):
        found.setdefault(member, []).extend((name, issuer))
    return found


def _in_force() -> QuerySet[Certificate]:
    today = clock.now().date()
    return Certificate.objects.filter(Q(expires_on__isnull=True) | Q(expires_on__gte=today), issued_on__lte=today)


def _row(row: Certificate) -> CertificateRow:
    confirmed = row.member.organization.name if row.confirmed_at else ""
    return CertificateRow(row.member_id, row.scope, row.name, row.issuer, row.expires_on, confirmed)
