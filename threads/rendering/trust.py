"""How far a practice can be trusted and why, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threads.models import Practice

_States = Practice.Confidence


def reason_of(practice: Practice) -> str:
    """Why it has the confidence that it has."""
    if practice.confidence == _States.ARCHIVED:
        return _("Merged into another one") if not practice.is_current else _("Retired; do not rely on it")
    if practice.follows_record:
        return _("Its thread is not resolved yet")
    if practice.confidence == _States.WORK_IN_PROGRESS:
        return _("Its problem is open again")
    if practice.basis == Practice.Basis.APPROVED:
        return _("Approved by those responsible")
    said = tally_words(practice)
    if practice.basis == Practice.Basis.IMPORTED and not said:
        return _("Validated where it was brought along from")
    return said or _("Recorded, not yet confirmed by other organizations")


def tally_words(practice: Practice) -> str:
    """How many organizations say that it works, and how many say otherwise; nothing when none has said anything."""
    worked, against = practice.worked + practice.changed, practice.failed + practice.outdated + practice.dangerous
    parts = []
    if worked:
        parts.append(
            ngettext("worked for %(n)d organization", "worked for %(n)d organizations", worked) % {"n": worked}
        )
    if practice.failed:
        parts.append(_("did not work for %(n)d") % {"n": practice.failed})
    if practice.outdated:
        parts.append(_("outdated for %(n)d") % {"n": practice.outdated})
    if practice.dangerous:
        parts.append(_("dangerous for %(n)d") % {"n": practice.dangerous})
    said = ", ".join(parts)
    return said[:1].upper() + said[1:] if worked or against else ""
