"""How practices are looked after, and who sets that."""

from typing import NamedTuple

from django.db.models import Q, QuerySet

from community.models import Grant, Member, Space
from community.policies.network import may_administer
from community.policies.spaces import is_curator
from threads.models import Governance, Practice, Product, Tag


class Governing(NamedTuple):
    """The mode that holds for a practice, and the ids of those responsible when that is approval."""

    mode: str = Governance.Mode.EXPERIENCE
    keepers: frozenset[int] = frozenset()

    @property
    def by_approval(self) -> bool:
        """Whether it is valid only when somebody responsible approved it."""
        return self.mode == Governance.Mode.COMPLIANCE


def governance_of(practice: Practice) -> Governing:
    """The rules for its product and tags, in its space and network-wide: any that wants approval wins.

    Those responsible are those of all such rules. One query.
    """
    rules = rules_for(practice).filter(mode=Governance.Mode.COMPLIANCE)
    found: list[tuple[int, int | None]] = list(rules.values_list("pk", "kept_by__member_id"))
    if not found:
        return Governing()
    return Governing(Governance.Mode.COMPLIANCE, frozenset(member for _rule, member in found if member))


def rules_for(practice: Practice) -> QuerySet[Governance]:
    """Every rule that says something about the practice."""
    tagged = Practice.tags.through.objects.filter(practice_id=practice.pk).values("tag_id")
    what = Q(tag__in=tagged) | (Q(product_id=practice.product_id) if practice.product_id else Q())
    return Governance.objects.filter(Q(space__isnull=True) | Q(space_id=practice.space_id)).filter(what)


def governed_by(rule: Governance) -> QuerySet[Practice]:
    """Every practice that a rule says something about."""
    within = Practice.objects.filter(**({"space_id": rule.space_id} if rule.space_id else {}))
    if rule.tag is None:
        return within.filter(product=rule.product)
    return within.filter(pk__in=Practice.tags.through.objects.filter(tag=rule.tag).values("practice_id"))


def may_set_governance(
    member: Member, space: Space | None, *, product: Product | None = None, tag: Tag | None = None
) -> bool:
    """In a space its curators; for the whole network its administrators, and those of the organization whose product
    it is.
    """
    if space is not None:
        return is_curator(member, space)
    if may_administer(member):
        return True
    return product is not None and tag is None and _administers_vendor(member, product)


def _administers_vendor(member: Member, product: Product) -> bool:
    if not member.is_active or product.vendor_id is None:
        return False
    role = Grant.Role.ORGANIZATION_ADMIN
    return Grant.objects.filter(member=member, role=role, organization_id=product.vendor_id).exists()
