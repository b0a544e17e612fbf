"""The ledger: awards are appended, corrections reverse them, and standing follows in the same transaction."""

from dataclasses import dataclass

from django.db.models import F, QuerySet

from community.events import action, emit, member_stream
from community.models import Member
from community.rules import clock
from reputation.facts.standing import STANDING_CHANGED
from reputation.models import Award, Standing
from reputation.rules.points import POINTS, RULES_VERSION


@dataclass(frozen=True)
class About:
    """The subjects in which an award counts: slugs of a product and tags."""

    product: str = ""
    tags: tuple[str, ...] = ()

    def scopes(self) -> list[str]:
        """The standings an award changes, in the order in which they are locked."""
        products = [f"product:{self.product}"] if self.product else []
        return ["", *products, *(f"tag:{tag}" for tag in sorted(set(self.tags)))]


@action
def grant(
    *, member: Member, rule: Award.Rule, cause: str, subject: str, about: About, giver: Member | None
) -> Award | None:
    """Give a member the rule's points for a cause. None when they gave it to themselves or it stands already.

    `cause` names the one thing that is rewarded; after a reversal the same cause can be rewarded again.
    """
    if giver is not None and giver.pk == member.pk:
        return None
    rows = list(_given(cause, subject).select_related("reversal"))
    if any(not hasattr(row, "reversal") for row in rows):
        return None
    award = Award.objects.create(
        member=member, rule=rule, rules_version=RULES_VERSION, points=POINTS[rule], cause=f"{cause}#{len(rows) + 1}",
        subject=subject, product=about.product, tags=list(about.tags), giver=giver,
        giver_organization_id=giver.organization_id if giver else None,
        receiver_organization_id=member.organization_id, at=clock.now(),
    )  # fmt: skip
    _add(award, awards=1)
    return award


@action
def reverse(*, cause: str, subject: str) -> Award | None:
    """Take back exactly what stands for a cause. None when nothing does."""
    award = _given(cause, subject).filter(reversal__isnull=True).select_related("member").first()
    if award is None:
        return None
    reversal = Award.objects.create(
        member=award.member, rule=award.rule, rules_version=award.rules_version, points=-award.points,
        cause=f"{award.cause}:reversed", subject=award.subject, product=award.product, tags=award.tags,
        giver_id=award.giver_id, giver_organization_id=award.giver_organization_id,
        receiver_organization_id=award.receiver_organization_id, reverses=award, at=clock.now(),
    )  # fmt: skip
    _add(reversal, awards=-1)
    return reversal


def _given(cause: str, subject: str) -> QuerySet[Award]:
    """The awards that a cause ever gave, taken back or not; the subject only makes them quick to find."""
    return Award.objects.filter(subject=subject, cause__startswith=f"{cause}#", reverses__isnull=True)


def _add(award: Award, *, awards: int) -> None:
    scopes = About(award.product, tuple(award.tags)).scopes()
    rows = [Standing(member=award.member, scope=scope) for scope in scopes]
    Standing.objects.bulk_create(rows, ignore_conflicts=True)
    held = Standing.objects.select_for_update().filter(member=award.member, scope__in=scopes).order_by("pk")
    total = {row.scope: row for row in held}[""].points + award.points
    held.update(points=F("points") + award.points, awards=F("awards") + awards)
    data = {"points": total, "change": award.points, "rule": award.rule, "subject": award.subject}
    emit(member_stream(award.member_id), STANDING_CHANGED, actor=None, data=data)
