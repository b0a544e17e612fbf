"""Showing patterns to moderators, noting who looks, and what they decide."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from community.actions.inbox import notify, withdraw_notice
from community.errors import Conflict, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from reputation.actions.awards import give_again, take_back
from reputation.actions.withholding import withhold_award
from reputation.facts.patterns import PATTERNS, WITHDRAWN
from reputation.models import Award, Flag, FlagAward, FlagDecision, FlagLook, PatternSearch
from reputation.policies.patterns import may_review
from reputation.queries.flags import ALL, has_looked, hour_of, reviewers
from reputation.queries.patterns import Pattern
from reputation.queries.withholding import ALONE
from reputation.rules.kudos import on_one_line
from reputation.rules.patterns import GROWN, MOST_FLAGS, REASON_LENGTH

_ALIKE = 0.5  # of all who are in two groups, so many are in both


@action
def store_patterns(*, found: Iterable[Pattern], day: date) -> list[Flag]:
    """Show what was found to moderators, and tell them once of all of it; those flags that are new.

    What is open already takes up what came; what was dismissed stays so until it has grown. No more than MOST_FLAGS are
    new at once, the first of what was found; the rest comes with the next search.
    """
    PatternSearch.objects.get_or_create(day=day)
    search = PatternSearch.objects.select_for_update().get(day=day)
    new: list[Flag] = []
    for pattern in found:
        flag = _store(pattern, is_full=len(new) >= MOST_FLAGS)
        new += [flag] if flag is not None else []
    search.found += len(new)
    search.save(update_fields=["found"])
    _tell(new)
    return new


def _store(pattern: Pattern, *, is_full: bool) -> Flag | None:
    same = [flag for flag in _decided_or_open(pattern) if _is_same(flag, pattern)]
    open_one = next((flag for flag in same if flag.state == Flag.State.OPEN), None)
    if open_one is not None:
        _take_up(open_one, pattern)
        return None
    last = same[0] if same else None
    if is_full:
        return None
    if last is not None and last.state == Flag.State.DISMISSED and pattern.gifts < GROWN * last.gifts:
        return None
    flag = Flag.objects.create(
        kind=pattern.kind, key=pattern.key, gifts=pattern.gifts, numbers=pattern.numbers, newest_at=pattern.newest_at,
        found_at=clock.now(),
    )  # fmt: skip
    flag.members.set(pattern.members)
    _name(flag, pattern)
    return flag


def _decided_or_open(pattern: Pattern) -> list[Flag]:
    """Flags of this kind about anybody of these, the newest first."""
    rows = Flag.objects.filter(kind=pattern.kind, members__in=pattern.members).distinct().order_by("-pk")
    return list(rows.prefetch_related("members"))


def _is_same(flag: Flag, pattern: Pattern) -> bool:
    if flag.key == pattern.key:
        return True
    before = {member.pk for member in flag.members.all()}
    return flag.kind == Flag.Kind.RING and len(before & pattern.members) >= _ALIKE * len(before | pattern.members)


def _take_up(flag: Flag, pattern: Pattern) -> None:
    if (flag.key, flag.gifts, flag.newest_at) == (pattern.key, pattern.gifts, pattern.newest_at):
        return
    flag.key, flag.gifts, flag.numbers, flag.newest_at = (
        pattern.key, pattern.gifts, pattern.numbers, pattern.newest_at,
    )  # fmt: skip
    flag.version += 1
    flag.save(update_fields=["key", "gifts", "numbers", "newest_at", "version"])
    flag.members.set(pattern.members)
    flag.named.exclude(award__in=pattern.awards).delete()
    _name(flag, pattern)


def _name(flag: Flag, pattern: Pattern) -> None:
    rows = [FlagAward(flag=flag, award_id=award) for award in pattern.awards]
    FlagAward.objects.bulk_create(rows, ignore_conflicts=True)


def _tell(new: list[Flag]) -> None:
    """Those who see any of the new ones, in one notice."""
    if not new:
        return
    concerned = [set(flag.members.values_list("pk", flat=True)) for flag in new]
    in_all = set.intersection(*concerned)
    target = f"flag:{new[0].pk}"
    key = f"{PATTERNS.name}:{new[-1].pk}"
    recipients = reviewers(without=in_all)
    notify(recipients=recipients, kind=PATTERNS, subject=f"patterns:{ALL}", target=target, actor=None, key=key)


@action
def look_at(*, by: Member, flag: Flag) -> FlagLook:
    """Note that somebody looks at the evidence, once within an hour. Raises NotThere for who is not shown it."""
    if not may_review(by, flag):
        raise NotThere("not_there")
    now = clock.now()
    look, _made = FlagLook.objects.get_or_create(flag=flag, by=by, hour=hour_of(now), defaults={"at": now})
    return look


@action
def decide(*, by: Member, flag: Flag, state: str, reason: str, version: int) -> Flag:
    """Dismiss a flag, or have the awards that it names withdrawn; each can be decided otherwise later.

    Those concerned are told of awards withdrawn, and nothing of the flag. Raises NotThere for who is not shown it,
    Conflict before they looked and when it says something else than what they read, Invalid without a reason.
    """
    flag = Flag.objects.select_for_update().get(pk=flag.pk)
    if not may_review(by, flag):
        raise NotThere("not_there")
    if not has_looked(by, flag):
        raise Conflict("look_first", _("Look at the evidence first."))
    if flag.version != version:
        raise Conflict("changed_meanwhile", _("This changed meanwhile. Look at it again, then decide."))
    words = _checked(flag, state, reason)
    flag.state, flag.reason, flag.decided_by, flag.decided_at = state, words, by, clock.now()
    flag.version += 1
    flag.settled = False
    flag.save(update_fields=["state", "reason", "decided_by", "decided_at", "version", "settled"])
    FlagDecision.objects.create(flag=flag, state=state, by=by, at=flag.decided_at, reason=words)
    return flag


def _checked(flag: Flag, state: str, reason: str) -> str:
    if state not in {Flag.State.DISMISSED, Flag.State.ACTED}:
        raise Invalid({"state": _("Choose what becomes of it.")})
    if state == flag.state:
        raise Conflict("decided_so", _("This is decided so already."))
    words = on_one_line(reason)
    if not words:
        raise Invalid({"reason": _("Say why. Other moderators read it.")})
    if len(words) > REASON_LENGTH:
        raise Invalid({"reason": _("At most %(most)d characters fit.") % {"most": REASON_LENGTH}})
    return words


@action
def settle_named(*, named_id: int, stands: bool) -> bool:
    """Have an award that a flag names follow what was decided: taken back, or given again where its ground `stands`.

    The caller has locked what it was given for.
    """
    named = FlagAward.objects.select_for_update(of=("self",)).select_related("flag", "award__giver", "award__member")
    row = named.filter(pk=named_id).first()
    if row is None:
        return False
    acted = row.flag.state == Flag.State.ACTED
    if acted == (row.withdrawn_at is not None):
        return False
    done = _withdraw(row) if acted else _give_again(row, stands=stands)
    row.save(update_fields=["withdrawn_at"])
    return done


def _withdraw(row: FlagAward) -> bool:
    if Award.objects.filter(reverses=row.award).exists():
        return False
    take_back(award=row.award, why=Award.Why.GAMED)
    row.withdrawn_at = clock.now()
    told = f"withdrawn:{row.award_id}"
    recipients = [row.award.member_id] + ([row.award.giver_id] if row.award.giver_id else [])
    notify(recipients=recipients, kind=WITHDRAWN, subject=told, target=told, actor=None, key=_key(row))
    return True


def _give_again(row: FlagAward, *, stands: bool) -> bool:
    row.withdrawn_at = None
    award = row.award
    for concerned in (award.member, award.giver):
        if concerned is not None:
            withdraw_notice(recipient=concerned, key=_key(row))
    if not stands:
        return False
    cause = award.cause.partition("#")[0]
    given = give_again(cause=cause, subject=award.subject, why=None)
    if given is not None and given.rule in ALONE:
        withhold_award(award=given)
    return given is not None


def _key(row: FlagAward) -> str:
    return f"{WITHDRAWN.name}:{row.flag_id}"


@action
def finish_flag(*, flag: Flag) -> bool:
    """Say that all that a flag names has followed, unless it was decided otherwise meanwhile."""
    return bool(Flag.objects.filter(pk=flag.pk, version=flag.version, settled=False).update(settled=True))
