"""How practices are looked after, for pages and actions. The rule itself is `policies.governance`."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from community.models import Grant, Member, Space
from community.queries.spaces import spaces_visible_to
from threads.models import Governance, Practice, Product
from threads.policies.governance import Governing, governance_of, governed_by, may_set_governance
from threads.queries.archive import practices_visible_to

__all__ = [
    "Governing",
    "Rule",
    "governance_of",
    "practices_to_rejudge",
    "rule_visible_to",
    "rules_visible_to",
    "sets_some",
    "spaces_governed_by",
    "would_wait",
]


@dataclass(frozen=True)
class Rule:
    """A rule as a page shows it: who is responsible, and whether the viewer may change it."""

    row: Governance
    keepers: list[Member]
    may_set: bool


def _visible(viewer: Member) -> QuerySet[Governance]:
    rules = Governance.objects.filter(Q(space__isnull=True) | Q(space__in=spaces_visible_to(viewer).values("pk")))
    return rules.select_related("space", "product", "tag", "set_by")


def rules_visible_to(viewer: Member) -> list[Rule]:
    """The rules of the network and of the spaces that the viewer sees: no secret."""
    found = _visible(viewer).prefetch_related("kept_by__member__organization")
    rows = found.order_by("product__name", "tag__slug", "space__name", "pk")
    return [
        Rule(
            row,
            [each.member for each in row.kept_by.all()],
            may_set_governance(viewer, row.space, product=row.product, tag=row.tag),
        )
        for row in rows
    ]


def rule_visible_to(viewer: Member, pk: int) -> Governance | None:
    """One rule, when the viewer may see it."""
    return _visible(viewer).filter(pk=pk).first()


def spaces_governed_by(viewer: Member) -> QuerySet[Space]:
    """The spaces for which the viewer sets rules."""
    seen = spaces_visible_to(viewer).order_by("name")
    if viewer.is_superuser:
        return seen
    curated = Grant.objects.filter(member=viewer, role=Grant.Role.CURATOR, space__isnull=False).values("space_id")
    return seen.filter(pk__in=curated)


def sets_some(viewer: Member) -> bool:
    """Whether there is anything for which the viewer sets rules."""
    if not viewer.is_active:
        return False
    if viewer.is_superuser or spaces_governed_by(viewer).exists():
        return True
    administered = Grant.objects.filter(member=viewer, role=Grant.Role.ORGANIZATION_ADMIN).values("organization_id")
    return Product.objects.filter(vendor__in=administered).exists()


def would_wait(viewer: Member, rule: Governance) -> int:
    """How many of the practices that the viewer sees would be validated no more until somebody approves them."""
    seen = practices_visible_to(viewer).filter(pk__in=governed_by(rule).values("pk"))
    return seen.filter(confidence=Practice.Confidence.VALIDATED, reviewed_version=0).count()


def practices_to_rejudge(limit: int = 100) -> list[int]:
    """The ids of practices that wait to be judged anew."""
    return list(Practice.objects.filter(rejudge=True).order_by("pk").values_list("pk", flat=True)[:limit])
