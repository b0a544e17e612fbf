"""Organizations say which practices they work by."""

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rendering.markdown import render
from community.rules import clock
from threads.actions.locking import lock_practice
from threads.actions.standard import check_details, refuse_secrets
from threads.models import Adoption, Practice
from threads.policies.covering import covers
from threads.policies.practices import may_see
from threads.policies.spreading import may_adopt, takes_adoptions
from threads.rules.limits import FIELD_LENGTH, REASON_LENGTH
from threads.rules.texts import cleaned, one_line

_States, _Shares = Adoption.State, Adoption.Shares


@action
def adopt(
    *, by: Member, practice: Practice, state: str, variant: str = "", reason: str = "", shares: str = _Shares.STATE
) -> Adoption:
    """Say for one's organization that it works by a practice, by a `variant`, or (for a `reason`) not at all.

    It is about the practice as it is now; saying the same of the same version changes nothing. Raises Conflict for
    what is out of use or still being written, and Exposed when the variant goes to others and tells of somebody.
    """
    practice = _locked(by, practice)
    if not takes_adoptions(practice):
        raise Conflict("may_not_adopt", _("This practice is not finished, or out of use."))
    found = _found(by, practice, state=state, variant=variant, reason=reason, shares=shares)
    standing = _standing(by, practice)
    if standing is not None:
        if _is_the_same(standing, found):
            return standing
        _end(standing, by=by)
    found.save()
    return found


@action
def end_adoption(*, by: Member, practice: Practice) -> None:
    """Say for one's organization nothing of a practice any more. Nothing to take back is no matter."""
    practice = _locked(by, practice)
    standing = _standing(by, practice)
    if standing is not None:
        _end(standing, by=by)


def _locked(by: Member, practice: Practice) -> Practice:
    practice = lock_practice(practice)
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if not may_adopt(by, by.organization_id):
        raise Forbidden("may_not_adopt", _("Administrators of your organization, and its curators, decide that."))
    return practice


def _found(by: Member, practice: Practice, *, state: str, variant: str, reason: str, shares: str) -> Adoption:
    if state not in _States.values:
        raise Invalid({"state": _("Choose what your organization makes of it.")})
    if shares not in _Shares.values:
        raise Invalid({"shares": _("Choose what others may know.")})
    adapted = state == _States.ADAPTED
    variant = cleaned("variant", variant, most=FIELD_LENGTH, needed=adapted) if adapted else ""
    reason = one_line("reason", reason, most=REASON_LENGTH, needed=state == _States.NOT_APPLICABLE)
    refuse_secrets(by, {"variant": variant, "reason": reason})
    if shares == _Shares.VARIANT:
        check_details(by, {"variant": variant})
    return Adoption(
        organization=by.organization, practice=practice, state=state, variant=variant,
        variant_html=render(variant) if variant else "", reason=reason, version=practice.version, shares=shares, by=by,
    )  # fmt: skip


def _standing(by: Member, practice: Practice) -> Adoption | None:
    return Adoption.objects.filter(practice=practice, organization=by.organization, until__isnull=True).first()


def _is_the_same(standing: Adoption, found: Adoption) -> bool:
    names = ("state", "variant", "reason", "shares", "version")
    return all(getattr(standing, name) == getattr(found, name) for name in names)


def _end(standing: Adoption, *, by: Member) -> None:
    standing.until, standing.ended_by = clock.now(), by
    standing.save(update_fields=["until", "ended_by"])


def move_adoptions(source: Practice, target: Practice) -> None:
    """What an organization said of the target stands, or else what it said of the source; both are locked.

    That was said of another text: it is of the target's first version, so that they look at it again. What it shared is
    not told to more people than before.
    """
    rows = Adoption.objects.filter(practice=source, until__isnull=True)
    said = Adoption.objects.filter(practice=target, until__isnull=True).values_list("organization_id", flat=True)
    rows.filter(organization__in=list(said)).update(until=clock.now())
    if not covers(source, target):
        rows.update(shares=Adoption.Shares.NOTHING)
    rows.update(practice=target, version=1)
