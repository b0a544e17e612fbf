"""Looking for patterns in giving every day, and having awards follow what moderators decide about them."""

from functools import partial

from django.db import transaction

from community.actions.duties import each, put_off
from community.events import action
from community.events.duties import every
from community.models import Member
from community.rules import clock
from reputation.actions import flagging
from reputation.models import Flag, FlagAward, PatternSearch
from reputation.queries.flags import due_in, settled_flags, to_settle
from reputation.queries.patterns import patterns_found
from threads.actions.grounds import locked_ground, with_rest

FINDING, SETTLING = "find patterns in giving", "withdraw what moderators decided"
AT_ONCE, A_TURN = 25, 100


def find_patterns() -> list[Flag]:
    """Look for patterns now; what is new. The reading is over before anything is locked."""
    return flagging.store_patterns(found=patterns_found(), day=clock.now().date())


def find_daily() -> int:
    """Look for patterns unless some worker did today."""
    if PatternSearch.objects.filter(day=clock.now().date()).exists():
        return 0
    find_patterns()
    return 1


@action
def decide_about_pattern(*, by: Member, flag: Flag, state: str, reason: str, version: int) -> Flag:
    """Decide about a flag, as `flagging.decide`; the first awards follow as soon as that is committed."""
    decided = flagging.decide(by=by, flag=flag, state=state, reason=reason, version=version)
    transaction.on_commit(partial(_begin, decided), robust=True)
    return decided


def _begin(flag: Flag) -> None:
    each(SETTLING, due_in(flag, limit=AT_ONCE), _settle)


def settle_waiting() -> int:
    """Have awards follow what was decided about flags that name them."""
    done = each(SETTLING, to_settle(limit=A_TURN, besides=put_off(SETTLING)), with_rest(_settle))
    for flag in settled_flags() if done < A_TURN else []:
        flagging.finish_flag(flag=flag)
    return done


def _settle(pk: int) -> int:
    return int(settle_named(pk=pk))


@action
def settle_named(*, pk: int) -> bool:
    """Have one award follow, what it was given for locked first."""
    named = FlagAward.objects.select_related("award").filter(pk=pk).first()
    if named is None:
        return False
    return flagging.settle_named(named_id=pk, stands=locked_ground(named.award))


def register() -> None:
    """Have the worker do all of it; called once at start-up."""
    every(2, SETTLING, settle_waiting)
    every(600, FINDING, find_daily)
