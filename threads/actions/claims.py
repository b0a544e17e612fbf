"""Claims: so that two curators do not work on one practice, its suggestions, or one pair. They end by themselves."""

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.locking import lock_practice
from threads.models import DuplicatePair, Practice
from threads.policies.practices import may_curate, may_merge, may_see
from threads.rules.reviews import CLAIM

Claimed = Practice | DuplicatePair

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
def give_back(*, by: Member, practice: Practice) -> None:
    """Give a practice back that one has claimed; a network administrator any. Nothing to give back is no matter."""
    practice = lock_practice(practice)
    must_curate(by, practice)
    if is_claimed(practice) and practice.claimed_by_id != by.pk and not by.is_superuser:
        raise Forbidden("claimed_already", _held_by(practice))
    drop_claim(practice)


@action
def claim_pair(*, by: Member, pair: DuplicatePair) -> DuplicatePair:
    """Take a likely duplicate to look into for some hours; again begins them anew.

    Raises Conflict while somebody else does, or when it is decided.
    """
    pair = lock_pair(by, pair)
    must_be_free(by, pair)
    _take(pair, by)
    return pair


@action
def give_back_pair(*, by: Member, pair: DuplicatePair) -> None:
    """Give a pair back that one has claimed; a network administrator any. Nothing to give back is no matter."""
    pair = lock_pair(by, pair)
    if is_claimed(pair) and pair.claimed_by_id != by.pk and not by.is_superuser:
        raise Forbidden("claimed_already", _held_by(pair))
    drop_claim(pair)


def lock_pair(by: Member, pair: DuplicatePair) -> DuplicatePair:
    """An open pair, locked, for who decides about both of its practices."""
    parts = ("first__space", "second__space", "claimed_by__organization")
    rows = DuplicatePair.objects.select_for_update(of=("self",)).select_related(*parts)
    found = rows.filter(pk=pair.pk).first()
    if found is None or not (may_see(by, found.first) and may_see(by, found.second)):
        raise NotThere("no_pair")
    if not may_merge(by, found.first, found.second):
        raise Forbidden("only_curators")
    if found.state != DuplicatePair.State.OPEN:
        raise Conflict("decided_already", _("Somebody decided about these two already."))
    return found


def must_curate(by: Member, practice: Practice) -> None:
    """Raise what tells those who may not that they may not: NotThere where they do not even see the practice."""
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if not may_curate(by, practice):
        raise Forbidden("only_curators")


def must_be_free(by: Member, thing: Claimed) -> None:
    """Raise Conflict while somebody else works on the practice or pair."""
    if is_claimed(thing) and thing.claimed_by_id != by.pk:
        raise Conflict("claimed_already", _held_by(thing))


def is_claimed(thing: Claimed) -> bool:
    """Whether somebody works on the practice or pair now."""
    return thing.claimed_until is not None and thing.claimed_until > clock.now()


def extend_claim(practice: Practice, *, by: Member) -> None:
    """Give whoever works on the practice their hours anew, and take it for who works on what nobody has claimed.

    The practice is locked.
    """
    if not is_claimed(practice) or practice.claimed_by_id == by.pk:
        _take(practice, by)


def drop_claim(thing: Claimed) -> None:
    """End a claim, whoever has it. The practice or pair is locked."""
    if thing.claimed_by_id is not None:
        thing.claimed_by, thing.claimed_until = None, None
        thing.save(update_fields=_CLAIM)


def _take(thing: Claimed, by: Member) -> None:
    thing.claimed_by, thing.claimed_until = by, clock.now() + CLAIM
    thing.save(update_fields=_CLAIM)


def _held_by(thing: Claimed) -> str:
    words = _("%(name)s works on it until %(until)s UTC. Ask them, or choose another one.")
    until = thing.claimed_until
    return words % {
        "name": thing.claimed_by.name if thing.claimed_by else "",
        "until": until.strftime("%H:%M") if until else "",
    }
