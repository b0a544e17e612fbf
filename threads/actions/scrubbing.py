"""Taking a detail out of all that a practice ever said, once somebody sees that it should not be there."""

import re
from collections.abc import Collection, Mapping
from html import escape
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rendering.markdown import render
from threads.actions.indexing import index_public
from threads.actions.locking import lock_practice
from threads.actions.postings import forget_words
from threads.actions.practices import content_of, write_version
from threads.actions.standard import digest_of
from threads.models import RECORD_FIELDS, KeptFinding, Practice, PracticeVersion, PublicWord
from threads.policies.practices import may_scrub, may_see
from threads.queries.names import names_watched_for
from threads.queries.scrubbing import PLACES, Place, merged_for, texts_ever
from threads.rules.details import SECRET
from threads.rules.limits import TITLE_LENGTH
from threads.rules.masking import found_in, masked_fields


@action
def scrub_practice(*, by: Member, practice: Practice, digests: Collection[str], version: int) -> Practice:
    """Write masks for the details with these digests wherever a practice says or said them, and where others did of it:
    in every version, in what was suggested, in reviews and verdicts, in what strangers read, and in those merged into
    it. What it says now becomes a new version, if it said them. A secret goes wherever its letters stand.

    Raises Invalid when there are no such details, Conflict when somebody revised the practice since `version`.
    """
    practice, merged = _locked(by, practice)
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if not may_scrub(by, practice):
        raise Forbidden("only_curators")
    if version != practice.version:
        raise Conflict("revised_meanwhile", _("Somebody revised this practice meanwhile. Look at it, then try again."))
    if practice.follows_record:
        raise Conflict("unfinished", _("This practice is still being written in its thread. Write the record there."))
    practices = [practice, *merged]
    names, before = names_watched_for(by), texts_ever(practices)
    chosen = [each.detail for each in found_in(before, names) if digest_of(each) in digests]
    if not chosen:
        raise Invalid({"digests": _("Choose what is to be taken out.")})
    masks = {detail.text: detail.mask for detail in chosen}
    secrets = {detail.text for detail in chosen if detail.kind == SECRET}
    after = {place: _without(text, secrets, masks) for place, text in masked_fields(before, names, only=masks).items()}
    changed = {place: text for place, text in after.items() if text != before[place]}
    for place in PLACES:
        _write(place, practice, practices, changed, masks)
    KeptFinding.objects.filter(practice__in=practices, digest__in=digests).delete()
    _write_now(practice, changed, by=by)
    forget_words(masks)
    PublicWord.objects.filter(practice__in=practices, practice__published_at__isnull=True).delete()
    return practice


def _locked(by: Member, practice: Practice) -> tuple[Practice, list[Practice]]:
    """The practice, and those merged into it that may be changed as well, all locked in the order of their ids."""
    ids = {practice.pk, *(row.pk for row in merged_for(by, practice))}
    rows = {pk: lock_practice(Practice(pk=pk)) for pk in sorted(ids)}
    practice = rows.pop(practice.pk)
    return practice, [row for row in rows.values() if row.merged_into_id == practice.pk]


def _without(text: str, secrets: Collection[str], masks: Mapping[str, str]) -> str:
    """The text without the secrets, however it speaks of them; the longest first."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, masks[secret])
    return text


def _write(
    place: Place, practice: Practice, practices: list[Practice], changed: Mapping[str, str], masks: Mapping[str, str]
) -> None:
    """Every row of a place but what the practice itself says now."""
    for row in place.rows(practices):
        said = place.said(row)
        new = {
            name: changed[f"{place.name}:{row.pk}:{name}"]
            for name in said
            if f"{place.name}:{row.pk}:{name}" in changed
        }
        if new and not (place.name == "now" and row.pk == practice.pk):
            _write_row(place, row, new, masks)


def _write_row(place: Place, row: Any, new: Mapping[str, str], masks: Mapping[str, str]) -> None:
    columns = {name: text for name, text in new.items() if name in place.texts}
    for name, text in columns.items():
        setattr(row, name, text[: row._meta.get_field(name).max_length])
        if name in place.html:
            setattr(row, place.html[name], render(text))
    if place.several:
        old = getattr(row, place.several)
        setattr(row, place.several, {name: new.get(f"{place.several}.{name}", text) for name, text in old.items()})
    if place.several == "public_text":
        row.public_html = {name: _masked_html(html, masks) for name, html in row.public_html.items()}
        row.slug = _slug(row, masks)
    row.save()
    if place.several == "public_text":
        index_public(row)


def _masked_html(html: str, masks: Mapping[str, str]) -> str:
    """The rendered copy with masks in place of the details, longest first, as they stand in HTML."""
    for text in sorted(masks, key=len, reverse=True):
        html = html.replace(escape(text), masks[text])
    return html


def _slug(practice: Practice, masks: Mapping[str, str]) -> str | None:
    """Its address outside, unless that tells what is taken out."""
    told = [slugify(text) for text in masks]
    if practice.slug and any(each and re.search(rf"\b{each}\b", practice.slug) for each in told):
        return f"practice-{practice.pk}"
    return practice.slug


def _write_now(practice: Practice, changed: Mapping[str, str], *, by: Member) -> None:
    practice.refresh_from_db(fields=["public_text", "public_html", "slug"])
    now, place = content_of(practice), f"now:{practice.pk}"
    fields = {name: changed.get(f"{place}:{name}", now.fields[name]) for name in RECORD_FIELDS}
    title = changed.get(f"{place}:title", now.title)[:TITLE_LENGTH]
    if (title, fields) != (now.title, now.fields):
        write_version(
            practice, texts=fields, title=title, product=now.product, tags=now.tags, by=by,
            kind=PracticeVersion.Kind.EDITED, reason=_("Details were taken out of all versions"),
        )  # fmt: skip
