"""Who looks after what is in an archive of a whole site: rules of governance, curators, details kept on purpose."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from community.models import Grant, Member
from threads.importers.archive.layout import stamp
from threads.models import Governance, KeptFinding

if TYPE_CHECKING:
    from threads.importers.archive.writing import Export


Names = Callable[[Member], str]


def curation_of(export: "Export", named: Names) -> dict[str, Any]:
    """The facts of its file: only what is about spaces, products and tags that the archive has."""
    return {"governance": _governance(export, named), "curators": _curators(export, named), "kept": export.kept}


def note_kept(kept: dict[str, list[dict[str, Any]]], names: Mapping[int, str], named: Names) -> None:
    """Note which details of some practices, by id, somebody said are needed there."""
    rows = KeptFinding.objects.filter(practice__in=list(names)).select_related("by__organization")
    for row in rows.order_by("practice", "digest"):
        facts = {"kind": row.kind, "digest": row.digest, "by": named(row.by), "at": stamp(row.at)}
        kept.setdefault(names[row.practice_id], []).append(facts)


def _governance(export: "Export", named: Names) -> list[dict[str, Any]]:
    about = Q(product__slug__in=export.products) | Q(tag__slug__in=export.tags)
    where = Q(space__isnull=True) | Q(space__slug__in=export.spaces)
    rows = Governance.objects.filter(about, where).select_related("space", "product", "tag", "set_by__organization")
    found = [
        {
            "space": row.space.slug if row.space else None, "product": row.product.slug if row.product else None,
            "tag": row.tag.slug if row.tag else None, "mode": row.mode, "reason": row.reason,
            "set_by": named(row.set_by), "set_at": stamp(row.set_at),
            "keepers": [
                {"member": named(each.member), "since": stamp(each.since)}
                for each in row.kept_by.select_related("member__organization").order_by("member__handle")
            ],
        }
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda row: (row["product"] or "", row["tag"] or "", row["space"] or ""))


def _curators(export: "Export", named: Names) -> list[dict[str, Any]]:
    rows = Grant.objects.filter(role=Grant.Role.CURATOR, space__slug__in=export.spaces)
    found = [
        {
            "space": row.space.slug if row.space else "", "member": named(row.member),
            "by": named(row.granted_by) if row.granted_by else None, "at": stamp(row.granted_at),
        }
        for row in rows.select_related("space", "member__organization", "granted_by__organization")
    ]  # fmt: skip
    return sorted(found, key=lambda row: (str(row["space"]), str(row["member"])))
