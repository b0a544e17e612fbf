"""Claims: so that two curators do not work on one practice. They end by themselves."""

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.locking import lock_practice
from threads.models import Practice
from threads.policies.practices import may_curate, may_see
from threads.rules.reviews import CLAIM

_CLAIM = ("claimed_by", "claimed_until")


@action
def claim(*, by: Member, practice: Practice) -> Practice:
    """Take a practice to work on for some hours; again begins them anew.

    Raises Conflict while somebody else works on it, or when it is retired or merged.
    """
    practice = lock_practice(practice)
    must_curate(by, practice)
    if practice.confidence == Practice.Confidence.ARCHIVED:
        raise Conflict("retired", _("This practice is retired. There is nothing to work on."))
    must_be_free(by, practice)
    _take(practice, by)
    return practice


@action
def release(*, by: Member, practice: Practice) -> None:
    """Give a practice back that one has claimed; a network administrator any. Nothing to give back is no matter."""
    practice = lock_practice(practice)
    must_curate(by, practice)
    if is_claimed(practice) and practice.claimed_by_id != by.pk and not by.is_superuser:
        raise Forbidden("claimed_already", _held_by(practice))
    drop_claim(practice)


def must_curate(by: Member, practice: Practice) -> None:
    """Raise what tells those who may not that they may not: NotThere where they do not even see the practice."""
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if not may_curate(by, practice):
        raise Forbidden("only_curators")


def must_be_free(by: Member, practice: Practice) -> None:
    """Raise Conflict while somebody else works on the practice."""
    if is_claimed(practice) and practice.claimed_by_id != by.pk:
        raise Conflict("claimed_already", _held_by(practice))


def is_claimed(practice: Practice) -> bool:
    """Whether somebody works on the practice now."""
    return practice.claimed_until is not None and practice.claimed_until > clock.now()


def extend_claim(practice: Practice, *, by: Member) -> None:
    """Give whoever works on the practice their hours anew, and take it for who works on what nobody has claimed.

    The practice is locked.
    """
    if not is_claimed(practice) or practice.claimed_by_id == by.pk:
        _take(practice, by)


def drop_claim(practice: Practice) -> None:
    """End a claim, whoever has it. The practice is locked."""
    if practice.claimed_by_id is not None:
        practice.claimed_by, practice.claimed_until = None, None
        practice.save(update_fields=_CLAIM)


def _take(practice: Practice, by: Member) -> None:
    practice.claimed_by, practice.claimed_until = by, clock.now() + CLAIM
    practice.save(update_fields=_CLAIM)


def _held_by(practice: Practice) -> str:
    words = _("%(name)s works on it until %(until)s UTC. Ask them, or choose another one.")
    until = practice.claimed_until
    return words % {
        "name": practice.claimed_by.name if practice.claimed_by else "",
        "until": until.strftime("%H:%M") if until else "",
    }
