"""The working record of a thread."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid
from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.attachments import carry_files
from threads.actions.locking import lock_thread
from threads.actions.telling import tell
from threads.facts.threads import RECORD_SAVED
from threads.models import RECORD_FIELDS, RecordVersion, Thread, WorkingRecord
from threads.policies.threads import may_write_record
from threads.rules.limits import FIELD_LENGTH
from threads.rules.texts import cleaned


@action
def save_record(*, by: Member, thread: Thread, fields: Mapping[str, str], version: int | None = None) -> WorkingRecord:
    """Write fields of the working record; those not given stay. Keeps what was there as a version.

    Raises Conflict when `version` is given and somebody else saved since, so that nobody is overwritten unseen.
    """
    thread = lock_thread(thread)
    if not may_write_record(by, thread):
        raise Forbidden("may_not_write_record")
    return write_record(thread, fields, by=by, version=version)


def write_record(thread: Thread, fields: Mapping[str, str], *, by: Member, version: int | None = None) -> WorkingRecord:
    """Write the record of a locked thread; the caller has judged."""
    record, _made = WorkingRecord.objects.get_or_create(thread=thread)
    if version is not None and version != record.version:
        name = record.updated_by.name if record.updated_by else _("Somebody")
        message = _("%(name)s saved this record meanwhile. Your text is kept below: compare, then save again.")
        raise Conflict("saved_meanwhile", message % {"name": name})
    new = record.fields | checked_fields(fields)
    if new == record.fields:
        return record
    for name, text in new.items():
        setattr(record, name, text)
    record.version += 1
    record.updated_by, record.updated_at = by, clock.now()
    record.save()
    carry_files(thread, new.values(), by=by)
    RecordVersion.objects.create(record=record, number=record.version, fields=new, author=by, at=record.updated_at)
    thread.version += 1
    thread.save(update_fields=["version"])
    tell(thread, RECORD_SAVED, by=by, data={"version": record.version, "fields": new})
    return record


def checked_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """The texts of record fields, cleaned. Raises Invalid for a field that a record does not have."""
    unknown = sorted(set(fields) - set(RECORD_FIELDS))
    if unknown:
        raise Invalid({unknown[0]: _("A record has the fields problem, environment, cause and resolution.")})
    return {name: cleaned(name, text, most=FIELD_LENGTH) for name, text in fields.items()}
