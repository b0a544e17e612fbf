"""Who looks after a practice: hears of what is said against it, and when it is due for review."""

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from threads.actions.locking import lock_practice
from threads.models import Practice
from threads.policies.practices import may_own_practice, may_see


@action
def own_practice(*, by: Member, practice: Practice, member: Member | None = None) -> Practice:
    """Have a member look after a practice: oneself, when nobody does; curators choose anybody who sees it.

    Raises NotThere for who does not see it, Forbidden for who may not choose, Invalid for somebody who cannot.
    """
    practice = lock_practice(practice)
    member = member or by
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if not may_own_practice(by, practice, member):
        raise Forbidden("may_not_own_practice")
    if practice.confidence == Practice.Confidence.ARCHIVED:
        raise Conflict("retired", _("This practice is retired. There is nothing to look after."))
    if not (member.is_active and member.source_site == "" and may_see(member, practice)):
        raise Invalid({"member": _("Nobody of this handle sees the practice. Look it up under People.")})
    practice.owner, practice.due_told = member, None
    practice.save(update_fields=["owner", "due_told"])
    return practice


@action
def disown(*, by: Member, practice: Practice) -> Practice:
    """Look after a practice no more; curators take it from whoever does."""
    practice = lock_practice(practice)
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if practice.owner_id != by.pk and not may_own_practice(by, practice, by):
        raise Forbidden("may_not_own_practice")
    practice.owner = None
    practice.save(update_fields=["owner"])
    return practice
