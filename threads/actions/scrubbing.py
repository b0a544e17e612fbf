"""Taking a detail out of all that a practice ever said, once somebody sees that it should not be there."""

from collections.abc import Collection, Mapping
from html import escape

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rendering.markdown import render
from threads.actions.locking import lock_practice
from threads.actions.practices import content_of, write_version
from threads.actions.standard import digest_of
from threads.models import KeptFinding, Practice, PracticeVersion, ReviewComment, Suggestion
from threads.policies.practices import may_scrub, may_see
from threads.queries.names import names_watched_for
from threads.queries.scrubbing import texts_ever
from threads.rules.limits import REASON_LENGTH, TITLE_LENGTH
from threads.rules.masking import found_in, masked_fields


@action
def scrub_practice(*, by: Member, practice: Practice, digests: Collection[str], version: int) -> Practice:
    """Write masks for the details with these digests in every version of a practice, in what was suggested and said in
    reviews, and in what strangers read. What it says now becomes a new version, if it said them.

    Raises Invalid when there are no such details, Conflict when somebody revised the practice since `version`.
    """
    practice = lock_practice(practice)
    if not may_see(by, practice):
        raise NotThere("no_practice")
    if not may_scrub(by, practice):
        raise Forbidden("only_curators")
    if version != practice.version:
        raise Conflict("revised_meanwhile", _("Somebody revised this practice meanwhile. Look at it, then try again."))
    if practice.follows_record:
        raise Conflict("unfinished", _("This practice is still being written in its thread. Write the record there."))
    names, before = names_watched_for(by), texts_ever(practice)
    masks = {each.detail.text: each.detail.mask for each in found_in(before, names) if digest_of(each) in digests}
    if not masks:
        raise Invalid({"digests": _("Choose what is to be taken out.")})
    after = masked_fields(before, names, only=masks)
    changed = {place: text for place, text in after.items() if text != before[place]}
    _write_past(practice, changed, masks)
    KeptFinding.objects.filter(practice=practice, digest__in=digests).delete()
    _write_now(practice, changed, by=by)
    return practice


def _write_now(practice: Practice, changed: dict[str, str], *, by: Member) -> None:
    now = content_of(practice)
    fields = {name: changed.get(f"now:{name}", text) for name, text in now.fields.items()}
    title = changed.get("now:title", now.title)[:TITLE_LENGTH]
    if (title, fields) != (now.title, now.fields):
        write_version(
            practice, texts=fields, title=title, product=now.product, tags=now.tags, by=by,
            kind=PracticeVersion.Kind.EDITED, reason=_("Details were taken out of all versions"),
        )  # fmt: skip


def _write_past(practice: Practice, changed: dict[str, str], masks: Mapping[str, str]) -> None:
    """Every place but what the practice says now."""
    for row in PracticeVersion.objects.filter(practice=practice):
        _write_row(row, f"version:{row.pk}", changed)
    for suggestion in Suggestion.objects.filter(practice=practice):
        _write_row(suggestion, f"suggestion:{suggestion.pk}", changed)
    for comment in ReviewComment.objects.filter(review__practice=practice):
        comment.quote = changed.get(f"comment:{comment.pk}:quote", comment.quote)
        comment.body = changed.get(f"comment:{comment.pk}:body", comment.body)
        comment.html = render(comment.body)
        comment.save(update_fields=["quote", "body", "html"])
    public = {name: changed.get(f"public:{name}", text) for name, text in practice.public_text.items()}
    if public != practice.public_text:
        practice.public_text = public
        practice.public_html = {name: _masked_html(html, masks) for name, html in practice.public_html.items()}
        practice.save(update_fields=["public_text", "public_html"])


def _masked_html(html: str, masks: Mapping[str, str]) -> str:
    """The rendered copy with masks in place of the details, longest first, as they stand in HTML."""
    for text in sorted(masks, key=len, reverse=True):
        html = html.replace(escape(text), masks[text])
    return html


def _write_row(row: PracticeVersion | Suggestion, place: str, changed: dict[str, str]) -> None:
    row.fields = {name: changed.get(f"{place}:{name}", text) for name, text in row.fields.items()}
    row.title = changed.get(f"{place}:title", row.title)[:TITLE_LENGTH]
    row.reason = changed.get(f"{place}:reason", row.reason)[:REASON_LENGTH]
    row.save(update_fields=["fields", "title", "reason"])
