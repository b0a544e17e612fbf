"""Giving and withdrawing badges, as the ledger says."""

from collections.abc import Collection

from community.actions.inbox import notify, withdraw_notice
from community.events import action, emit, member_stream
from community.models import Member
from community.rules import clock
from reputation.actions.sums import lock_standing
from reputation.facts.badges import BADGE, BADGES_CHANGED
from reputation.models import Award, EarnedBadge
from reputation.queries.badges import counts, earned, has_its_like, held_by, reached
from reputation.rules.badges import BADGES, BadgeRule, Counted, badges_of_rule


def judge_badges_for(award: Award, *, why: str = "") -> None:
    """Judge anew which badges the receiver of an award holds that it counts for: it was given, or taken back `why`.

    For a transaction that has locked the member's standing. What makes no difference costs one statement, or none.
    """
    badges = badges_of_rule(award.rule)
    if not badges or not counts(award):
        return
    if any(badge.counted is Counted.IN_A_SUBJECT for badge in badges) or not has_its_like(award):
        _settle(award.member, badges, held={badge.slug for badge in badges}, why=why)


@action
def settle_badges(*, member_id: int) -> int:
    """Give a member all badges that they should hold by the rules of today, and withdraw all others; how many."""
    lock_standing(member_id)
    return _settle(Member.objects.get(pk=member_id), BADGES)


def _settle(
    member: Member, badges: Collection[BadgeRule], *, held: Collection[str] | None = None, why: str = ""
) -> int:
    """`held` names those that may be withdrawn, when not all may."""
    should = earned(reached([member.pk], badges).get(member.pk, {}), badges)
    holds = {row.slug: row for row in held_by([member.pk]) if held is None or row.slug in held}
    given, lost = sorted(should - holds.keys()), sorted(holds.keys() - should)
    for slug in given:
        _tell(member, EarnedBadge.objects.create(member=member, slug=slug, given_at=clock.now()))
    for slug in lost:
        row = holds[slug]
        row.withdrawn_at, row.why = clock.now(), why
        row.save(update_fields=["withdrawn_at", "why"])
        _tell(member, row)
    return len(given) + len(lost)


def _tell(member: Member, row: EarnedBadge) -> None:
    """The inbox has the newest word on each badge only."""
    emit(member_stream(member.pk), BADGES_CHANGED, actor=None, data={"badge": row.slug, "held": row.is_held})
    group, target, key = f"badges:{member.pk}", f"badge:{row.pk}", f"badge:{row.slug}"
    withdraw_notice(recipient=member, key=key)
    notify(recipients=[member.pk], kind=BADGE, subject=group, target=target, actor=None, key=key)
