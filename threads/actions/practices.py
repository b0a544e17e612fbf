"""Recording a thread's working record in the archive, and revising a practice."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rendering.markdown import render
from community.rules import clock
from threads.actions.attachments import carry_files
from threads.actions.indexing import index_practice
from threads.actions.judging import rejudge, restart_if_changed
from threads.actions.locking import lock_practice, lock_record, lock_thread
from threads.actions.practice_rewards import reward_recording
from threads.actions.practice_telling import spread, tell_practice
from threads.actions.record_versions import cut
from threads.actions.records import checked_fields
from threads.actions.reviews import reopen_asked
from threads.actions.standard import INSIDE, NETWORK, check_own_names, keep_findings, settled
from threads.actions.states import keep_confidence
from threads.actions.telling import note_in_timeline, tell, tell_followers
from threads.actions.threads import tags_named
from threads.audience import everybody_sees
from threads.facts.practices import PRACTICE_CHANGED
from threads.facts.threads import PRACTICE_RECORDED, RECORDED
from threads.models import BEYOND_THE_SPACE, Practice, PracticeVersion, Product, Thread
from threads.policies.practices import hides_practice, may_edit, may_record, may_see
from threads.policies.threads import in_archive
from threads.queries.archive import versions_shown
from threads.queries.resolutions import record_to_archive
from threads.rules.limits import REASON_LENGTH, TITLE_LENGTH
from threads.rules.texts import one_line
from threads.rules.three_way import Clash, merged3, merged_set, merged_value

Kind = PracticeVersion.Kind


class Content(NamedTuple):
    """What a practice says: its title, its four texts, and by what it is found. Tags are slugs."""

    title: str
    fields: dict[str, str]
    product: Product | None
    tags: list[str]


@action
def record_practice(
    *,
    by: Member,
    thread: Thread,
    title: str | None = None,
    fields: Mapping[str, str] | None = None,
    product: Product | str | None = "",
    tags: Iterable[str] | None = None,
    keep: Collection[str] = (),
    mask: bool | Collection[str] = False,
) -> Practice:
    """Make a practice of a resolved thread: its record, with what is given instead; the same audience as the thread.

    Fields that are empty in the record and not given are filled from the problem and from what resolved it. A practice
    that was shown as work in progress becomes this one. `keep` and `mask` as for `standard.settled`.

    Raises Conflict when the thread is not resolved or has a practice, Invalid when problem or resolution is missing,
    Exposed when the texts tell of somebody.
    """
    thread = lock_thread(thread)
    if not may_record(by, thread) or hides_practice(by, thread):
        raise Forbidden("may_not_record")
    if thread.status != Thread.Status.RESOLVED:
        raise Conflict("not_resolved", _("Resolve the thread first; then its record can go into the archive."))
    if in_archive(thread):
        raise Conflict("already_recorded", _("This thread is in the archive already."))
    cut(thread, lock_record(thread))
    started = Practice.objects.filter(thread=thread).first()
    practice = lock_practice(started) if started else _beside(thread, by=by)
    content = Content(
        one_line("title", thread.title if title is None else title, most=TITLE_LENGTH, needed=True),
        checked_fields({**record_to_archive(thread), **(fields or {})}),
        practice.product if isinstance(product, str) else product,
        _slugs(thread.tags.all() if tags is None else tags_named(tags)),
    )
    practice.recorded_by = by
    become_recorded(practice, thread, content, by=by, keep=keep, mask=mask)
    return practice


def _beside(thread: Thread, *, by: Member) -> Practice:
    """A practice of a thread, seen by whom the thread is seen; not saved yet."""
    return Practice(
        space=thread.space, audience=thread.audience, organization_id=thread.organization_id,
        center_id=thread.center_id, title=thread.title, product=thread.product, thread=thread,
        recorded_by=by, owner=by,
    )  # fmt: skip


def become_recorded(
    practice: Practice,
    thread: Thread,
    content: Content,
    *,
    by: Member,
    keep: Collection[str] = (),
    mask: bool | Collection[str] = False,
) -> None:
    """Have a practice say this as its first version; from now on its text is its own. The thread is locked.

    Whoever it is recorded by earns standing. Raises Invalid or Exposed, and has changed nothing then.
    """
    said, kept = settled(by, _texts(content), practice=practice, keep=keep, mask=mask)
    content = _needed(_with_texts(content, said))
    practice.follows_record, practice.confidence = False, Practice.Confidence.NOT_VALIDATED
    practice.recorded_at = clock.now()
    practice.owner = practice.owner or practice.recorded_by
    new = practice.pk is None
    write_version(
        practice, texts=content.fields, title=content.title, product=content.product, tags=content.tags,
        by=practice.recorded_by, kind=Kind.RECORDED,
    )  # fmt: skip
    if new:
        practice.audience_organizations.set(thread.audience_organizations.all())
    keep_findings(practice, kept, by=by)
    _tell_recorded(thread, practice, by=by)
    reward_recording(practice)
    spread(practice, "new", by=by)


def _needed(content: Content) -> Content:
    missing = {
        name: _("A practice needs this. Write it here.")
        for name in ("problem", "resolution")
        if not content.fields[name]
    }
    if missing:
        raise Invalid(missing)
    return content


def _texts(content: Content) -> dict[str, str]:
    return {"title": content.title, **content.fields}


def _with_texts(content: Content, texts: Mapping[str, str]) -> Content:
    fields = {name: texts[name] for name in content.fields}
    return content._replace(title=one_line("title", texts["title"], most=TITLE_LENGTH, needed=True), fields=fields)


def _slugs(tags: Iterable[object]) -> list[str]:
    return sorted(str(getattr(tag, "slug", tag)) for tag in tags)


def _tell_recorded(thread: Thread, practice: Practice, *, by: Member) -> None:
    data = {"practice": practice.pk if everybody_sees(practice, thread) else None}
    thread.version += 1
    thread.save(update_fields=["version"])
    note_in_timeline(thread, PRACTICE_RECORDED, by=by, practice=practice)
    tell(thread, PRACTICE_RECORDED, by=by, data=data)
    tell_followers(thread, RECORDED, by=by, target=f"practice:{practice.pk}")


def write_version(  # noqa: PLR0913  (a version has many parts, each with its own name)
    practice: Practice,
    *,
    texts: Mapping[str, str],
    title: str,
    product: Product | None,
    tags: Iterable[str],
    by: Member,
    kind: str,
    reason: str = "",
    restores: int | None = None,
    suggested_by: Member | None = None,
) -> PracticeVersion:
    """Have a locked practice say this as its next version: the only writer of its texts. The caller has judged.

    What hangs on the text follows: search, files it links to, which verdicts count, a review that waits for changes.
    """
    first = not PracticeVersion.objects.filter(practice_id=practice.pk).exists()
    before, trusted = practice.resolution, practice.confidence
    practice.title, practice.product = title, product
    for name, text in texts.items():
        setattr(practice, name, text)
        setattr(practice, f"{name}_html", render(text))
    practice.version += 0 if first else 1
    practice.updated_at = clock.now()
    practice.place = practice.place_now()
    practice.save()
    found = tags_named(tags)
    practice.tags.set(found)
    if practice.thread is not None:
        carry_files(practice.thread, practice.fields.values(), by=by)
    version = PracticeVersion.objects.create(
        practice=practice, number=practice.version, title=title, fields=practice.fields, product=product,
        tags=_slugs(found), kind=kind, restores=restores, author=by, suggested_by=suggested_by,
        reason=reason, at=practice.updated_at,
    )  # fmt: skip
    index_practice(practice)
    if not first:
        restart_if_changed(practice, old_resolution=before)
        reopen_asked(practice)
    rejudge(practice)
    if not first:
        keep_confidence(version, trusted, practice)
        data = {"practice": practice.pk, "confidence": practice.confidence, "version": practice.version}
        tell_practice(practice, PRACTICE_CHANGED, by=by, data=data)
        spread(practice, "changed", by=by)
    return version


@action
def edit_practice(  # noqa: PLR0913  (as above)
    *,
    by: Member,
    practice: Practice,
    title: str | None = None,
    fields: Mapping[str, str] | None = None,
    tags: Iterable[str] | None = None,
    product: Product | str | None = "",
    reason: str = "",
    version: int | None = None,
    keep: Collection[str] = (),
    mask: bool | Collection[str] = False,
) -> Practice:
    """Revise a practice, keeping every version. What is not given stays; what others changed since `version`, too.

    Whoever changes anything gives the version they read. Raises Conflict when somebody changed the same lines, or made
    another change of the same product or tag, since; Exposed when the texts tell of somebody.
    """
    practice = lock_practice(practice)
    must_edit(by, practice)
    now = content_of(practice)
    changes = title is not None or fields or tags is not None or product != ""
    base = content_at(practice, version) if changes else now
    mine = Content(
        base.title if title is None else one_line("title", title, most=TITLE_LENGTH, needed=True),
        base.fields | checked_fields(fields or {}),
        base.product if isinstance(product, str) else product,
        base.tags if tags is None else _slugs(tags_named(tags)),
    )
    joined = together(base, mine, now)
    revise(practice, joined, by=by, kind=Kind.EDITED, reason=reason, keep=keep, mask=mask)
    return practice


def must_edit(by: Member, practice: Practice) -> None:
    """Raise what says why the member may not change the text of a practice, or cannot now."""
    if not may_see(by, practice):
        raise NotThere("no_practice")
    must_be_text(practice)
    if not may_edit(by, practice):
        raise Forbidden("may_not_edit_practice", _("You cannot change this practice at once. Suggest an edit."))


def must_be_text(practice: Practice) -> None:
    """Raise Conflict for what has no text of its own: it was merged, or is still written in its thread."""
    if not practice.is_current:
        raise Conflict("merged", _("This practice was merged into another one. Change that one."))
    if practice.follows_record:
        raise Conflict("unfinished", _("This practice is still being written in its thread. Write the record there."))


def content_of(practice: Practice) -> Content:
    """What a practice says now."""
    return Content(practice.title, practice.fields, practice.product, _slugs(practice.tags.all()))


def content_at(practice: Practice, version: int | None) -> Content:
    """What a practice said in a version, which whoever changes it has read."""
    now = content_of(practice)
    if version is None:
        raise Invalid({"version": _("Give the version that you read.")})
    if version == practice.version:
        return now
    row = PracticeVersion.objects.filter(practice=practice, number=version).select_related("product").first()
    if row is None:
        raise Invalid({"version": _("There is no such version. Read the practice again.")})
    if row.tags is None:
        return Content(row.title, dict(row.fields), now.product, now.tags)
    return Content(row.title, dict(row.fields), row.product, list(row.tags))


def together(base: Content, mine: Content, now: Content) -> Content:
    """What somebody made of what they read, put together with what others made of it since. Raises Conflict where both
    changed the same lines."""
    try:
        return Content(
            merged3(base.title, mine.title, now.title),
            {name: merged3(base.fields[name], text, now.fields[name]) for name, text in mine.fields.items()},
            merged_value(base.product, mine.product, now.product),
            merged_set(base.tags, mine.tags, now.tags),
        )
    except Clash as clash:
        message = _("Somebody changed the same lines of this practice meanwhile. Put both together, then save again.")
        raise Conflict("revised_meanwhile", message) from clash


def revise(  # noqa: PLR0913  (as above)
    practice: Practice,
    content: Content,
    *,
    by: Member,
    kind: str,
    reason: str = "",
    keep: Collection[str] = (),
    mask: bool | Collection[str] = False,
    restores: int | None = None,
    author: Member | None = None,
) -> None:
    """Have a locked practice say this, if it does not already; `by` answers for it, `author` wrote it."""
    now = content_of(practice)
    if _texts(content) != _texts(now):
        level = NETWORK if practice.audience in BEYOND_THE_SPACE else INSIDE
        said, kept = settled(by, _texts(content), practice=practice, keep=keep, mask=mask, level=level)
        if level == NETWORK:
            check_own_names(by, practice, said)
        content = _needed(_with_texts(content, said))
        keep_findings(practice, kept, by=by)
    reason = one_line("reason", reason, most=REASON_LENGTH)
    if content != now:
        write_version(
            practice, texts=content.fields, title=content.title, product=content.product, tags=content.tags,
            by=author or by, kind=kind, reason=reason, restores=restores, suggested_by=author,
        )  # fmt: skip


@action
def restore_practice(
    *,
    by: Member,
    practice: Practice,
    number: int,
    version: int,
    reason: str = "",
    keep: Collection[str] = (),
    mask: bool | Collection[str] = False,
) -> Practice:
    """Have a practice say again what it said in version `number`, as its newest version; `keep` and `mask` as for
    `standard.settled`.

    Raises Conflict when somebody revised it since `version`, Exposed when that version told of somebody.
    """
    practice = lock_practice(practice)
    must_edit(by, practice)
    if version != practice.version:
        raise Conflict("revised_meanwhile", _("Somebody revised this practice meanwhile. Look at it, then try again."))
    if number not in {row.number for row in versions_shown(by, practice)}:
        raise NotThere("no_version")
    revise(
        practice, content_at(practice, number), by=by, kind=Kind.RESTORED, reason=reason, restores=number, keep=keep,
        mask=mask,
    )  # fmt: skip
    return practice
