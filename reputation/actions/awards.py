"""The ledger: awards are appended, corrections reverse them, and standing follows in the same transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from community.events import action, emit, member_stream
from community.models import Member
from community.rules import clock
from community.rules.statements import rows_of
from reputation.actions.badges import judge_badges_for
from reputation.actions.standing_news import tell_earned, tell_taken_back
from reputation.actions.sums import add_in_all, add_monthly, lock_standing, lower
from reputation.facts.standing import STANDING_CHANGED
from reputation.models import Award, Flag, FlagAward
from reputation.rules.months import month_of
from reputation.rules.points import POINTS, RULES_VERSION, WINDOW_DAYS, Used, allowed

# One reading of the member's own rows, and one of those between the two organizations.
_LATELY = """
    SELECT coalesce(sum(CASE WHEN at > %s THEN points ELSE 0 END), 0),
        coalesce(sum(CASE WHEN giver_id = CAST(%s AS bigint) THEN points ELSE 0 END), 0),
        coalesce(sum(CASE WHEN giver_organization_id = CAST(%s AS bigint) THEN points ELSE 0 END), 0),
        coalesce(sum(CASE WHEN rule = %s THEN points ELSE 0 END), 0),
        (
            SELECT coalesce(sum(between_them.points), 0) FROM reputation_award AS between_them
            WHERE between_them.giver_organization_id = CAST(%s AS bigint)
                AND between_them.receiver_organization_id = %s AND between_them.at > %s
        )
    FROM reputation_award WHERE member_id = %s AND at > %s
"""


@dataclass(frozen=True)
class About:
    """The subjects in which an award counts: slugs of a product, of tags and of a space."""

    product: str = ""
    tags: tuple[str, ...] = ()
    space: str = ""

    def scopes(self) -> list[str]:
        """The standings an award changes, in the order in which they are locked."""
        products = [f"product:{self.product}"] if self.product else []
        spaces = [f"space:{self.space}"] if self.space else []
        return ["", *products, *spaces, *(f"tag:{tag}" for tag in sorted(set(self.tags)))]


def about_of(award: Award) -> About:
    """The subjects in which an award counts."""
    return About(award.product, tuple(award.tags), award.space)


@action
def grant(
    *, member: Member, rule: Award.Rule, cause: str, subject: str, about: About, giver: Member | None
) -> Award | None:
    """Give a member the rule's points for a cause. None when they gave it to themselves or it stands already.

    `cause` names the one thing that is rewarded; after a reversal the same cause can be rewarded again. The caps of the
    rules may leave fewer points, or none; the row says so. What moderators withdrew is not given again by anybody else,
    but when they think better of it.
    """
    if giver is not None and giver.pk == member.pk:
        return None
    lock_standing(member.pk)
    rows = list(_given(cause, subject).select_related("reversal"))
    if any(not hasattr(row, "reversal") for row in rows) or _held_back(rows):
        return None
    now = clock.now()
    inside = giver is not None and giver.organization_id == member.organization_id
    points, capped = allowed(
        rule, POINTS[rule], _used(member, giver, rule, now), given=giver is not None, inside=inside
    )
    award = Award.objects.create(
        member=member, rule=rule, rules_version=RULES_VERSION, points=points, capped=capped,
        cause=f"{cause}#{len(rows) + 1}", subject=subject, product=about.product, tags=list(about.tags),
        space=about.space, month=month_of(now), giver=giver,
        giver_organization_id=giver.organization_id if giver else None,
        receiver_organization_id=member.organization_id, at=now,
    )  # fmt: skip
    _add(award)
    tell_earned(award)
    judge_badges_for(award)
    return award


@action
def reverse(*, cause: str, subject: str, why: Award.Why) -> Award | None:
    """Take back exactly what stands for a cause. None when nothing does."""
    award = _given(cause, subject).filter(reversal__isnull=True).select_related("member").first()
    return take_back(award=award, why=why) if award else None


@action
def take_back(*, award: Award, why: Award.Why) -> Award:
    """Reverse an award that stands: as many points, in the same subjects and month."""
    lock_standing(award.member_id)
    reversal = Award.objects.create(
        member=award.member, rule=award.rule, rules_version=award.rules_version, points=-award.points,
        cause=f"{award.cause}:reversed", subject=award.subject, product=award.product, tags=award.tags,
        space=award.space, month=award.month, why=why, giver_id=award.giver_id,
        giver_organization_id=award.giver_organization_id,
        receiver_organization_id=award.receiver_organization_id, reverses=award, at=clock.now(),
    )  # fmt: skip
    _add(reversal)
    tell_taken_back(reversal)
    judge_badges_for(award, why=why)
    return reversal


@action
def give_again(*, cause: str, subject: str, why: Award.Why | None) -> Award | None:
    """Give what was taken back last for this cause again, as it was given. None when that was for another reason than
    `why`; without one, whatever it was for: the caller has found that what it was given for stands.
    """
    award = _given(cause, subject).select_related("reversal", "member", "giver").first()
    if award is None or not hasattr(award, "reversal") or why not in {None, award.reversal.why}:
        return None
    return grant(
        member=award.member, rule=Award.Rule(award.rule), cause=cause, subject=subject, about=about_of(award),
        giver=award.giver,
    )  # fmt: skip


def standing_for(subject: str) -> QuerySet[Award]:
    """The awards for a thing (`post:34`) that were not taken back, in the order in which standings are locked."""
    return Award.objects.filter(subject=subject, reverses=None, reversal=None).order_by("member_id", "pk")


def _given(cause: str, subject: str) -> QuerySet[Award]:
    """The awards that a cause ever gave, taken back or not; the subject only makes them quick to find."""
    return Award.objects.filter(subject=subject, cause__startswith=f"{cause}#", reverses__isnull=True)


def _held_back(rows: list[Award]) -> bool:
    """Whether a flag names what was given for a cause, and moderators withdrew it; then the flag gives it back."""
    named = FlagAward.objects.filter(award__in=rows, flag__state=Flag.State.ACTED) if rows else FlagAward.objects.none()
    if not named.exists():
        return False
    named.filter(withdrawn_at=None).update(withdrawn_at=clock.now())
    return True


def _used(member: Member, giver: Member | None, rule: Award.Rule, now: datetime) -> Used:
    """What the caps look back at. The member's rows do not change meanwhile, because their standing is locked; between
    organizations what others are just writing is not seen."""
    day, window = (connection.ops.adapt_datetimefield_value(now - timedelta(days=days)) for days in (1, WINDOW_DAYS))
    who, whose = (giver.pk, giver.organization_id) if giver else (None, None)
    values: list[Any] = [day, who, whose, rule.value, whose, member.organization_id, window, member.pk, window]
    return Used(*map(int, rows_of(_LATELY, values)[0]))


def _add(award: Award) -> None:
    scopes, counted = about_of(award).scopes(), (award.points > 0) - (award.points < 0)
    if award.reverses_id:
        total = lower(award.member_id, scopes, award.month, award.points, counted)
    else:
        add_monthly([(award.member_id, scope, award.month, award.points, counted) for scope in scopes])
        total = add_in_all([(award.member_id, scope, award.points, counted) for scope in scopes])[""]
    data = {"points": total, "change": award.points, "rule": award.rule, "subject": award.subject}
    emit(member_stream(award.member_id), STANDING_CHANGED, actor=None, data=data)
