"""Writes an archive of practices into a folder: as a member may see them, only what is public, or all of it."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from community.models import Member, Organization
from community.queries.spaces import spaces_visible_to
from threads.importers.archive import layout
from threads.importers.archive.curating import curation_of, note_kept
from threads.importers.archive.layout import UnusableArchive, as_json, own_site, stamp
from threads.models import RECORD_FIELDS, Practice, PracticeVersion, Product, Verdict
from threads.queries.archive import practices_visible_to
from threads.queries.public_pages import published_about
from threads.queries.taken_along import Along, along
from threads.rules.archived import to_markdown

BATCH = 200
AS, PUBLIC, WHOLE = "as", "public", "whole"


@dataclass
class Export:
    """What is to be written, and for whom; `viewer` for what is written as a member may see it."""

    scope: str
    viewer: Member | None = None
    product: str = ""
    tag: str = ""
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    organizations: dict[str, dict[str, Any]] = field(default_factory=dict)
    spaces: dict[str, dict[str, Any]] = field(default_factory=dict)
    products: dict[str, dict[str, Any]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    kept: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def practices(self) -> QuerySet[Practice]:
        """The practices that belong in it."""
        if self.scope == PUBLIC:
            return published_about(self.product, self.tag)
        found = practices_visible_to(self.viewer) if self.viewer is not None else Practice.objects.all()
        if self.product:
            found = found.filter(product__slug=self.product)
        if self.tag:
            tagged = Practice.tags.through.objects.filter(tag__slug=self.tag)
            found = found.filter(pk__in=tagged.values("practice_id"))
        return found

    def sees_space(self, practice: Practice) -> bool:
        """Whether the space of a practice may be named."""
        if self.viewer is None:
            return self.scope == WHOLE
        return practice.space_id in self._spaces_seen

    @cached_property
    def _spaces_seen(self) -> set[int]:
        return set(spaces_visible_to(self.viewer).values_list("pk", flat=True)) if self.viewer is not None else set()


def export_archive(folder: Path, export: Export, *, replace: bool = False) -> int:
    """Write the folder; how many practices. It is there when it is complete, and not before.

    Raises UnusableArchive when something is in the way.
    """
    if folder.exists() and not (replace and _is_archive(folder)):
        raise UnusableArchive([_("%(folder)s is there already; nothing was written.") % {"folder": folder}])
    partial = folder.with_name(f"{folder.name}.partial")
    _clear(partial)
    (partial / layout.FOLDER).mkdir(parents=True)
    (partial / layout.README).write_text(layout.ABOUT, encoding="utf-8", newline="")
    count = _write_all(partial, export)
    if export.scope == WHOLE:
        (partial / layout.CURATION).write_bytes(as_json(curation_of(export, lambda member: _person(export, member))))
    for name, rows in (
        (layout.PEOPLE, export.people), (layout.ORGANIZATIONS, export.organizations), (layout.SPACES, export.spaces),
        (layout.PRODUCTS, export.products),
    ):  # fmt: skip
        (partial / name).write_bytes(as_json(rows))
    head = {
        "format": layout.FORMAT, "version": layout.VERSION, "site": own_site(), "scope": export.scope,
        "practices": count,
    }  # fmt: skip
    (partial / layout.HEAD).write_bytes(as_json(head))
    old = folder.with_name(f"{folder.name}.old")
    if folder.exists():
        folder.rename(old)
    partial.rename(folder)
    if old.exists() and _is_archive(old):
        shutil.rmtree(old)
    return count


def _is_archive(folder: Path) -> bool:
    readme = folder / layout.README
    return readme.is_file() and readme.read_text(encoding="utf-8", errors="replace").startswith(layout.BEGINNING)


def _clear(partial: Path) -> None:
    if partial.exists():
        if not _is_archive(partial):
            raise UnusableArchive([_("%(folder)s is in the way; it is none of ours.") % {"folder": partial}])
        shutil.rmtree(partial)


def _write_all(partial: Path, export: Export) -> int:
    count = 0
    for batch in _batches(export.practices()):
        known = _known(export, batch)
        for practice in batch:
            name, title, texts, facts = archived(export, practice, known)
            base = partial / layout.FOLDER / name
            base.with_name(f"{name}.md").write_text(to_markdown(title, texts), encoding="utf-8", newline="")
            base.with_name(f"{name}.json").write_bytes(as_json(facts))
            count += 1
        if export.scope == WHOLE:
            note_kept(export.kept, {each.pk: _stem(each) for each in batch}, lambda member: _person(export, member))
    return count


@dataclass(frozen=True)
class _Known:
    """What was read for a batch of practices at once."""

    along: Along
    merged: set[int]


def _known(export: Export, batch: list[Practice]) -> _Known:
    if export.scope == PUBLIC:
        return _Known(Along({}, {}), set())
    targets = {each.merged_into_id for each in batch if each.merged_into_id}
    seen = set(export.practices().filter(pk__in=targets).values_list("pk", flat=True)) if targets else set()
    return _Known(along(export.viewer, batch), seen)


def _batches(found: QuerySet[Practice]) -> Iterator[list[Practice]]:
    related = ("product", "space", "organization", "center", "recorded_by__organization", "owner__organization",
               "consent_by__organization", "merged_into")  # fmt: skip
    rows = found.select_related(*related).prefetch_related("tags", "audience_organizations", "space__organizations")
    rows = rows.order_by("pk")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def origin_of(practice: Practice) -> dict[str, str]:
    """Where a practice was written, which stays the same wherever it goes."""
    return {
        "site": practice.source_site or own_site(), "id": practice.source_id or str(practice.pk),
        "url": practice.source_url, "license": practice.source_license,
    }  # fmt: skip


def _called(origin: dict[str, str]) -> str:
    return f"{origin['site']}-{origin['id']}"


def _stem(practice: Practice) -> str:
    return _called(origin_of(practice))


def _name_of(export: Export, origin: dict[str, str]) -> str:
    name = _called(origin)
    if not layout.NAME.match(name) or name in export.names:
        raise UnusableArchive([_("Two practices, or a strange one, would be called “%(name)s”.") % {"name": name}])
    export.names.add(name)
    return name


def archived(export: Export, practice: Practice, known: _Known) -> tuple[str, str, dict[str, str], dict[str, Any]]:
    """A practice's files: their name, its title, its texts, and all other facts."""
    origin = origin_of(practice)
    name = _name_of(export, origin)
    facts: dict[str, Any] = {
        "origin": origin, "confidence": practice.confidence, "basis": practice.basis,
    }  # fmt: skip
    if export.scope == PUBLIC:
        said = practice.public_text
        texts = {field: said.get(field, "") for field in RECORD_FIELDS}
        facts |= {"slug": practice.slug, "published_at": stamp(practice.published_at)}
        facts |= {"version": practice.published_version, **_published_about(export, practice)}
        return name, said.get("title", ""), texts, facts
    facts |= {"product": _product(export, practice.product), "tags": sorted(tag.slug for tag in practice.tags.all())}
    export.tags.update(facts["tags"])
    facts |= _inside(export, practice, known)
    if export.scope == WHOLE:
        facts |= _kept(export, practice)
    return name, practice.title, practice.fields, facts


def _published_about(export: Export, practice: Any) -> dict[str, Any]:
    """Product and tags as they were published, as far as they still are its own."""
    product = practice.product if practice.product_id == practice.said_product else None
    tags = {tag.slug for tag in practice.tags.all()} & set(practice.said_tags or ())
    return {"product": _product(export, product), "tags": sorted(tags)}


def _inside(export: Export, practice: Practice, known: _Known) -> dict[str, Any]:
    merged = practice.merged_into if practice.merged_into_id in known.merged else None
    return {
        "space": _space(export, practice) if export.sees_space(practice) else None,
        "organization": _organization(export, practice.organization), "audience": practice.audience,
        "recorded_by": _person(export, practice.recorded_by), "recorded_at": stamp(practice.recorded_at),
        "updated_at": stamp(practice.updated_at), "version": practice.version,
        "merged_into": {key: origin_of(merged)[key] for key in ("site", "id")} if merged is not None else None,
        "versions": _versions(export, practice, known.along.versions.get(practice.pk, ())),
        "verdicts": [_verdict(export, row) for row in known.along.verdicts.get(practice.pk, ())],
    }  # fmt: skip


def _kept(export: Export, practice: Practice) -> dict[str, Any]:
    """What only those may see who run the site, and what a site needs to go on elsewhere."""
    return {
        "center": practice.center.name if practice.center else None,
        "audience_organizations": sorted(
            _organization(export, each) for each in practice.audience_organizations.all()
        ),
        "owner": _person(export, practice.owner) if practice.owner else None,
        "judged_from": practice.judged_from, "reviewed_version": practice.reviewed_version,
        "reviewed_at": stamp(practice.reviewed_at), "due_at": stamp(practice.due_at),
        "history_from": practice.history_from, "widened_at": stamp(practice.widened_at),
        "helpful": practice.helpful, "unhelpful": practice.unhelpful, "slug": practice.slug,
        "published_at": stamp(practice.published_at), "published_version": practice.published_version,
        "public_text": practice.public_text, "public_html": practice.public_html,
        "consent_by": _person(export, practice.consent_by) if practice.consent_by else None,
        "consent_at": stamp(practice.consent_at),
        **({"due_told": stamp(practice.due_told)} if practice.due_told else {}),
    }  # fmt: skip


def _versions(export: Export, practice: Practice, rows: Sequence[PracticeVersion]) -> list[dict[str, Any]]:
    """The versions; the first that a member is shown does not say what was before it."""
    found = []
    for place, row in enumerate(rows):
        facts = _version(export, practice, row)
        if row.moved:
            is_cut = place == 0 and export.viewer is not None
            facts["moved"] = {name: pair[-1:] if is_cut else pair for name, pair in row.moved.items()}
        found.append(facts)
    return found


def _version(export: Export, practice: Practice, row: PracticeVersion) -> dict[str, Any]:
    is_now = row.number == practice.version and row.title == practice.title and row.fields == practice.fields
    return {
        "number": row.number, "title": None if is_now else row.title, "fields": None if is_now else row.fields,
        "product": _product(export, row.product), "tags": row.tags, "kind": row.kind,
        "restores": row.restores, "author": _person(export, row.author), "reason": row.reason, "at": stamp(row.at),
        "suggested_by": _person(export, row.suggested_by) if row.suggested_by else None,
    }  # fmt: skip


def _verdict(export: Export, row: Verdict) -> dict[str, Any]:
    return {
        "member": _person(export, row.member), "organization": _organization(export, row.organization),
        "kind": row.kind, "environment": row.environment, "note": row.note, "version": row.version, "at": stamp(row.at),
        "superseded_at": stamp(row.superseded_at), "answered": row.answered_by_id is not None,
    }  # fmt: skip


def _person(export: Export, member: Member) -> str:
    if member.handle not in export.people:
        export.people[member.handle] = {
            "site": member.source_site or own_site(), "id": member.source_id or member.handle, "name": member.name,
            "organization": _organization(export, member.organization),
        }  # fmt: skip
    return member.handle


def _organization(export: Export, organization: Organization) -> str:
    if organization.slug not in export.organizations:
        facts: dict[str, Any] = {"name": organization.name, "kind": organization.kind}
        if export.scope == WHOLE:
            facts["centers"] = {each.name: {"time_zone": each.time_zone} for each in organization.centers.all()}
        export.organizations[organization.slug] = facts
    return organization.slug


def _space(export: Export, practice: Practice) -> str:
    space = practice.space
    if space.slug not in export.spaces:
        facts: dict[str, Any] = {"name": space.name}
        if export.scope == WHOLE:
            named = sorted(_organization(export, each) for each in space.organizations.all())
            facts |= {"audience": space.audience, "organizations": named}
        export.spaces[space.slug] = facts
    return space.slug


def _product(export: Export, product: Product | None) -> str | None:
    if product is None:
        return None
    export.products[product.slug] = {"name": product.name}
    return product.slug
