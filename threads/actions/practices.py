"""Recording a thread's working record in the archive, and revising a practice."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid
from community.events import action
from community.models import Member
from community.rendering.markdown import render
from community.rules import clock
from reputation.actions.awards import grant
from reputation.models import Award
from threads.actions.attachments import carry_files
from threads.actions.indexing import index_practice
from threads.actions.locking import lock_practice, lock_record, lock_thread
from threads.actions.record_versions import cut_rest
from threads.actions.records import checked_fields
from threads.actions.telling import about, note_in_timeline, tell, tell_followers
from threads.actions.threads import tags_named
from threads.facts.threads import PRACTICE_RECORDED, RECORDED
from threads.models import Practice, PracticeVersion, Product, Thread
from threads.policies.practices import may_edit, may_record
from threads.policies.threads import in_archive
from threads.queries.resolutions import record_to_archive
from threads.rules.limits import REASON_LENGTH, TITLE_LENGTH
from threads.rules.texts import one_line


@action
def record_practice(
    *,
    by: Member,
    thread: Thread,
    title: str | None = None,
    fields: Mapping[str, str] | None = None,
    product: Product | str | None = "",
    tags: Iterable[str] | None = None,
) -> Practice:
    """Make a practice of a resolved thread: its record, with what is given instead; the same audience as the thread.

    Fields that are empty in the record and not given are filled from the problem and from what resolved it.

    Raises Conflict when the thread is not resolved or has a practice, Invalid when problem or resolution is missing.
    """
    thread = lock_thread(thread)
    if not may_record(by, thread):
        raise Forbidden("may_not_record")
    if thread.status != Thread.Status.RESOLVED:
        raise Conflict("not_resolved", _("Resolve the thread first; then its record can go into the archive."))
    if in_archive(thread):
        raise Conflict("already_recorded", _("This thread is in the archive already."))
    cut_rest(thread, lock_record(thread))
    texts = _needed(checked_fields({**record_to_archive(thread), **(fields or {})}))
    now = clock.now()
    practice = Practice(
        space=thread.space, audience=thread.audience,
        organization_id=thread.organization_id, center_id=thread.center_id,
        title=one_line("title", title if title is not None else thread.title, most=TITLE_LENGTH, needed=True),
        product=thread.product if isinstance(product, str) else product,
        thread=thread, recorded_by=by, recorded_at=now, updated_at=now,
    )  # fmt: skip
    _write(practice, texts)
    practice.save()
    carry_files(thread, texts.values(), by=by)
    practice.audience_organizations.set(thread.audience_organizations.all())
    practice.tags.set(thread.tags.all() if tags is None else tags_named(tags))
    keep_version(practice, by=by)
    index_practice(practice)
    _tell_recorded(thread, practice, by=by)
    name = f"practice:{practice.pk}"
    grant(member=by, rule=Award.Rule.PRACTICE, cause=name, subject=name, about=about(thread), giver=None)
    return practice


def _needed(texts: dict[str, str]) -> dict[str, str]:
    missing = {
        name: _("A practice needs this. Write it here.") for name in ("problem", "resolution") if not texts[name]
    }
    if missing:
        raise Invalid(missing)
    return texts


def _write(practice: Practice, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        setattr(practice, name, text)
        setattr(practice, f"{name}_html", render(text))


def keep_version(practice: Practice, *, by: Member, reason: str = "") -> None:
    """Keep what the practice says now under its present number."""
    PracticeVersion.objects.create(
        practice=practice, number=practice.version, title=practice.title, fields=practice.fields,
        author=by, reason=reason, at=practice.updated_at,
    )  # fmt: skip


def _tell_recorded(thread: Thread, practice: Practice, *, by: Member) -> None:
    data = {"practice": practice.pk, "title": practice.title, "url": practice.get_absolute_url()}
    thread.version += 1
    thread.save(update_fields=["version"])
    note_in_timeline(thread, PRACTICE_RECORDED, by=by, data=data)
    tell(thread, PRACTICE_RECORDED, by=by, data=data)
    tell_followers(thread, RECORDED, by=by, target=f"practice:{practice.pk}")


@action
def edit_practice(
    *,
    by: Member,
    practice: Practice,
    title: str | None = None,
    fields: Mapping[str, str] | None = None,
    tags: Iterable[str] | None = None,
    product: Product | str | None = "",
    reason: str = "",
    version: int | None = None,
) -> Practice:
    """Revise a practice, keeping every version. What is not given stays.

    Raises Conflict when `version` is given and somebody revised the practice since.
    """
    practice = lock_practice(practice)
    if not may_edit(by, practice):
        raise Forbidden("may_not_edit_practice", _("Whoever recorded a practice and curators edit it."))
    if version is not None and version != practice.version:
        raise Conflict("revised_meanwhile", _("Somebody revised this practice meanwhile. Compare, then save again."))
    if title is not None:
        practice.title = one_line("title", title, most=TITLE_LENGTH, needed=True)
    if not isinstance(product, str):
        practice.product = product
    _write(practice, _needed(practice.fields | checked_fields(fields or {})))
    if practice.thread is not None:
        carry_files(practice.thread, practice.fields.values(), by=by)
    practice.version += 1
    practice.updated_at = clock.now()
    practice.save()
    if tags is not None:
        practice.tags.set(tags_named(tags))
    keep_version(practice, by=by, reason=one_line("reason", reason, most=REASON_LENGTH))
    index_practice(practice)
    return practice
