"""What organizations make of practices, as a viewer may know it."""

from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from community.models import Member
from threads.models import Adoption, Practice
from threads.queries.archive import practices_visible_to

MOST_SHOWN = 50
_PAGE = 30
_Shares = Adoption.Shares


@dataclass(frozen=True)
class Adopted:
    """What the viewer's organization makes of a practice, and what others let be known, by name."""

    own: Adoption | None
    others: list[Adoption]


def adoptions_visible_to(viewer: Member) -> QuerySet[Adoption]:
    """What stands of practices that the viewer sees: their own organization's, and what others share."""
    told = Q(organization=viewer.organization_id) | ~Q(shares=_Shares.NOTHING)
    seen = practices_visible_to(viewer).filter(pk=OuterRef("practice_id"))
    return Adoption.objects.filter(told, Exists(seen), until__isnull=True)


def adoptions_of(viewer: Member, practice: Practice) -> Adopted:
    """What is made of one practice. The variant and reason of others are there only where they share them."""
    rows = adoptions_visible_to(viewer).filter(practice=practice).select_related("organization", "by")
    found = list(rows.order_by("organization__name", "pk")[:MOST_SHOWN])
    own = next((row for row in found if row.organization_id == viewer.organization_id), None)
    if own is None and len(found) == MOST_SHOWN:
        own = rows.filter(organization=viewer.organization_id).first()
    others = [row for row in found if row.organization_id != viewer.organization_id]
    for row in others:
        row.reason = ""
        if row.shares != _Shares.VARIANT:
            row.variant, row.variant_html = "", ""
    return Adopted(own, others)


def decided_for(viewer: Member, *, before: int = 2**63 - 1) -> tuple[list[Adoption], int | None]:
    """What the viewer's organization decided, the latest first, and the row to go on from."""
    rows = adoptions_visible_to(viewer).filter(organization=viewer.organization_id, pk__lt=before)
    found = list(rows.select_related("practice", "by").order_by("-pk")[: _PAGE + 1])
    return found[:_PAGE], found[_PAGE - 1].pk if len(found) > _PAGE else None


def outdated_for(viewer: Member) -> list[Adoption]:
    """What the viewer's organization decided about practices that say something else by now."""
    rows = adoptions_visible_to(viewer).filter(organization=viewer.organization_id, version__lt=F("practice__version"))
    return list(rows.select_related("practice", "by").order_by("-practice__updated_at", "-pk")[:_PAGE])
