"""How members say what they know, and how certificates are added and confirmed."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from community.actions.checks import check
from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.events.reactors import MEMBER_CHANGED, react
from community.models import Member
from community.rules import clock
from reputation.models import Certificate, Skill
from reputation.policies.skills import may_confirm
from reputation.rules.skills import MOST_CERTIFICATES, MOST_SKILLS, Declared, is_scope


@action
def declare_skills(*, by: Member, skills: Sequence[Declared]) -> list[Skill]:
    """Say all that one knows; what is not in the list is not said any more. Raises Invalid for what cannot be said."""
    _check_skills(skills)
    kept = {row.scope: row for row in Skill.objects.select_for_update().filter(member=by).order_by("pk")}
    now = clock.now()
    rows = [Skill(member=by, at=now, **said._asdict()) for said in skills if _is_news(kept.get(said.scope), said)]
    Skill.objects.filter(member=by).exclude(scope__in=[said.scope for said in skills]).delete()
    Skill.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["member", "scope"], update_fields=["level", "wants_to_learn", "at"]
    )
    react(MEMBER_CHANGED, member=by)
    return list(Skill.objects.filter(member=by).order_by("-level", "scope"))


@action
def add_certificate(
    *,
    by: Member,
    name: str,
    issuer: str,
    scope: str,
    issued_on: date,
    expires_on: date | None = None,
    number: str = "",
    url: str = "",
) -> Certificate:
    """Name a certificate that one holds. Raises Invalid for what cannot be used, and beyond forty."""
    if expires_on is not None and expires_on < issued_on:
        raise Invalid({"expires_on": _("This is before it was issued. Choose a later day.")})
    if issued_on > clock.now().date():
        raise Invalid({"issued_on": _("This is in the future.")})
    if url and not url.lower().startswith(("https://", "http://")):
        raise Invalid({"url": _("Give an address that begins with https://.")})
    _check_scope(scope)
    if Certificate.objects.filter(member=by).count() >= MOST_CERTIFICATES:
        raise Invalid(
            {"name": _("You have %(most)d certificates here. Remove one first.") % {"most": MOST_CERTIFICATES}}
        )
    certificate = Certificate(
        member=by, name=name.strip(), issuer=issuer.strip(), scope=scope, number=number.strip(), issued_on=issued_on,
        expires_on=expires_on, url=url.strip(),
    )  # fmt: skip
    check(certificate)
    certificate.save()
    react(MEMBER_CHANGED, member=by)
    return certificate


@action
def remove_certificate(*, by: Member, certificate: Certificate) -> None:
    """Name a certificate no more; only its holder does."""
    if certificate.member_id != by.pk:
        raise Forbidden("only_the_holder")
    Certificate.objects.filter(pk=certificate.pk).delete()
    react(MEMBER_CHANGED, member=by)


@action
def confirm_certificate(*, by: Member, certificate: Certificate) -> Certificate:
    """Say that one saw the certificate. For administrators of the holder's organization.

    Raises Conflict when somebody did already.
    """
    found = Certificate.objects.select_for_update(of=("self",)).select_related("member__organization")
    locked = found.filter(pk=certificate.pk).first()
    if locked is None:
        raise NotThere("no_certificate")
    if not may_confirm(by, locked):
        raise Forbidden("only_administrators_confirm")
    if locked.confirmed_at is not None:
        raise Conflict("confirmed_already")
    locked.confirmed_by, locked.confirmed_at = by, clock.now()
    locked.save(update_fields=["confirmed_by", "confirmed_at"])
    return locked


def _is_news(kept: Skill | None, said: Declared) -> bool:
    return kept is None or (kept.level, kept.wants_to_learn) != (said.level, said.wants_to_learn)


def _check_skills(skills: Sequence[Declared]) -> None:
    if len(skills) > MOST_SKILLS:
        raise Invalid({"skills": _("Name at most %(most)d skills.") % {"most": MOST_SKILLS}})
    for said in skills:
        _check_scope(said.scope, field="skills")
        if said.level not in Skill.Level.values:
            raise Invalid({"skills": _("A level is 1, 2 or 3.")})
    scopes = [said.scope for said in skills]
    if twice := {scope for scope in scopes if scopes.count(scope) > 1}:
        raise Invalid({"skills": _("You name this twice: %(scopes)s.") % {"scopes": ", ".join(sorted(twice))}})


def _check_scope(scope: str, *, field: str = "scope") -> None:
    if not is_scope(scope):
        raise Invalid({field: _("Name a tag or a product.")})
