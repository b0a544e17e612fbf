"""Using in a thread what a practice of the archive says."""

from community.errors import Forbidden, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.locking import lock_thread
from threads.actions.records import write_record
from threads.actions.telling import note_in_timeline, tell
from threads.audience import everybody_sees
from threads.facts.swarm import PRACTICE_APPLIED
from threads.models import RECORD_FIELDS, Application, Practice, Thread
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
    the practice, nothing of it goes there, and the others are not told.
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
        note_in_timeline(thread, PRACTICE_APPLIED, by=by, practice=practice)
        if everybody_sees(practice, thread):
            tell(thread, PRACTICE_APPLIED, by=by, data={})
            if may_write_record(by, thread):
                _fill(thread, practice, by=by)
    return application


def _fill(thread: Thread, practice: Practice, *, by: Member) -> None:
    record = record_of(thread)
    empty = {name: getattr(practice, name) for name in _NOT_THE_PROBLEM if not getattr(record, name).strip()}
    found = {name: text for name, text in empty.items() if text}
    if found:
        write_record(thread, found, by=by, version=record.version, together=True)
