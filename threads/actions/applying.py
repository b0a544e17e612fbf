"""Using in a thread what a practice of the archive says."""

from typing import Any

from community.errors import Forbidden, NotThere
from community.events import action
from community.models import Member, Space
from community.rules import clock
from threads.actions.locking import lock_thread
from threads.actions.records import write_record
from threads.actions.telling import note_in_timeline, tell
from threads.facts.swarm import PRACTICE_APPLIED
from threads.models import RECORD_FIELDS, Application, Guest, Practice, Thread
from threads.models.audience import Audience
from threads.policies.practices import may_see as may_see_practice
from threads.policies.rights import is_removed
from threads.policies.threads import may_reply, may_write_record
from threads.queries.resolutions import record_of

_NOT_THE_PROBLEM = tuple(name for name in RECORD_FIELDS if name != "problem")


@action
def apply_practice(*, by: Member, thread: Thread, practice: Practice) -> Application:
    """Say that the practice is used in the thread; again changes nothing.

    What the practice says goes into those fields of the working record that are empty, but for the problem, which is
    this thread's own. Raises NotThere when they do not see the practice. Where not everybody who sees the thread sees
    the practice, the thread says neither which it was nor anything of it.
    """
    thread = lock_thread(thread)
    if not may_reply(by, thread) or is_removed(by, thread):
        raise Forbidden("may_not_write_record")
    if not may_see_practice(by, practice):
        raise NotThere("no_practice")
    application, made = Application.objects.get_or_create(
        thread=thread, practice=practice, defaults={"by": by, "at": clock.now()}
    )
    if made:
        shown = _seen_by_all(practice, thread)
        data = _named(practice) if shown else {"practice": None, "title": "", "url": ""}
        note_in_timeline(thread, PRACTICE_APPLIED, by=by, data=data)
        tell(thread, PRACTICE_APPLIED, by=by, data=data)
        if shown and may_write_record(by, thread):
            _fill(thread, practice, by=by)
    return application


def _fill(thread: Thread, practice: Practice, *, by: Member) -> None:
    record = record_of(thread)
    empty = {name: getattr(practice, name) for name in _NOT_THE_PROBLEM if not getattr(record, name).strip()}
    found = {name: text for name, text in empty.items() if text}
    if found:
        write_record(thread, found, by=by, version=record.version, together=True)


def _named(practice: Practice) -> dict[str, Any]:
    return {"practice": practice.pk, "title": practice.title, "url": practice.get_absolute_url()}


def _seen_by_all(practice: Practice, thread: Thread) -> bool:
    """Whether it is sure that everybody who sees the thread sees the practice."""
    if practice.audience == Audience.SPACE and practice.space.audience == Space.Audience.NETWORK:
        return True
    if practice.space_id != thread.space_id or Guest.objects.filter(thread=thread, until__isnull=True).exists():
        return False
    own = thread.audience in (Audience.CENTER, Audience.ORGANIZATION)
    of_organization = practice.audience == Audience.ORGANIZATION and practice.organization_id == thread.organization_id
    return practice.audience == Audience.SPACE or (own and of_organization)
