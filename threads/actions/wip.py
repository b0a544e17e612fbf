"""Work in progress: a practice that is shown in the archive while its thread is still worked on."""

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from threads.actions.indexing import index_practice
from threads.actions.locking import lock_practice, lock_record, lock_thread
from threads.actions.mirroring import show_text
from threads.actions.practice_telling import notify_about, tell_practice
from threads.actions.practices import Content, become_recorded
from threads.actions.record_versions import cut
from threads.actions.records import checked_fields
from threads.actions.telling import note_in_timeline
from threads.facts.practices import PRACTICE_STARTED, PRACTICE_UNFINISHED
from threads.models import Practice, Thread
from threads.policies.audience import everybody_sees
from threads.policies.practices import hides_practice, may_start
from threads.policies.threads import may_see
from threads.queries.resolutions import prefilled_record, record_to_archive


@action
def start_practice(*, by: Member, thread: Thread) -> Practice:
    """Show the record of an unresolved thread in the archive, as work in progress, to whom the thread is seen.

    Its text stays the record's until the thread is resolved, with masks for what tells of somebody: what of that has to
    stay is asked when it is recorded. Raises Conflict when the thread has a practice.
    """
    thread = lock_thread(thread)
    if not may_see(by, thread):
        raise NotThere("no_thread")
    if hides_practice(by, thread):
        raise Forbidden("may_not_record")
    if Practice.objects.filter(thread=thread).exists():
        raise Conflict("already_recorded", _("This thread is in the archive already."))
    if not may_start(by, thread):
        raise Forbidden("may_not_record")
    cut(thread, lock_record(thread))
    texts = prefilled_record(thread)
    if not texts["problem"].strip():
        raise Invalid({"problem": _("Write in the record what the problem is, first.")})
    practice = Practice(
        space=thread.space, audience=thread.audience, organization_id=thread.organization_id,
        center_id=thread.center_id, title=thread.title, product=thread.product, thread=thread,
        recorded_by=by, owner=by, follows_record=True, confidence=Practice.Confidence.WORK_IN_PROGRESS,
    )  # fmt: skip
    show_text(practice, {"title": thread.title, **texts})
    practice.recorded_at = practice.updated_at
    practice.save()
    practice.audience_organizations.set(thread.audience_organizations.all())
    practice.tags.set(thread.tags.all())
    index_practice(practice)
    thread.version += 1
    thread.save(update_fields=["version"])
    if everybody_sees(practice, thread):
        entry = note_in_timeline(thread, PRACTICE_STARTED, by=by)
        entry.practice = practice
        entry.save(update_fields=["practice"])
    tell_practice(practice, PRACTICE_STARTED, by=by, data={"practice": practice.pk})
    return practice


def finish_practice(thread: Thread, *, by: Member) -> None:
    """Record the work in progress of a locked thread that has just been resolved.

    Where something is missing, or its text tells of somebody, it stays as it is, and who began it is told: resolving a
    thread never waits for that.
    """
    begun = Practice.objects.filter(thread=thread, follows_record=True).first()
    if begun is None:
        return
    cut(thread, lock_record(thread))
    practice = lock_practice(begun)
    try:
        fields = checked_fields(record_to_archive(thread))
        tags = [tag.slug for tag in thread.tags.all()]
        become_recorded(practice, thread, Content(thread.title, fields, thread.product, tags), by=by)
    except Invalid:
        whom = {practice.owner_id or practice.recorded_by_id, practice.recorded_by_id}
        notify_about(practice, PRACTICE_UNFINISHED, by=by, to=whom)
