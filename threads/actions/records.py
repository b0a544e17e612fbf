"""The working record of a thread: written by forms and the API, and brought back to an earlier version."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.locking import lock_record, lock_thread
from threads.actions.record_copies import bring_to, texts_at
from threads.actions.record_versions import cut
from threads.models import RECORD_FIELDS, RecordUpdate, RecordVersion, Thread, WorkingRecord
from threads.models.records import RESTORED
from threads.policies.threads import in_archive, may_write_record
from threads.rules.limits import FIELD_LENGTH
from threads.rules.texts import cleaned, plain


@action
def save_record(
    *, by: Member, thread: Thread, fields: Mapping[str, str], version: int | None = None, together: bool = False
) -> WorkingRecord:
    """Write fields of the working record; those not given stay. What was there before is a version, and so is this.

    Raises Conflict when `version` is given and somebody else wrote since, so that nobody is overwritten unseen. With
    `together` only when they wrote in a field that this changes as well; fields left as they were read stay as they
    are now.
    """
    thread = lock_thread(thread)
    if not may_write_record(by, thread):
        raise Forbidden("may_not_write_record")
    return write_record(thread, fields, by=by, version=version, together=together)


@action
def restore_record(*, by: Member, thread: Thread, number: int, version: int | None = None) -> WorkingRecord:
    """Write what the record said in version `number` as its newest version. Refused as save_record is."""
    thread = lock_thread(thread)
    if not may_write_record(by, thread):
        raise Forbidden("may_not_write_record")
    past = RecordVersion.objects.filter(record=thread.pk, number=number).first()
    if past is None:
        raise NotThere("no_version")
    return write_record(thread, past.fields, by=by, version=version, reason=f"{RESTORED}{number}")


def write_record(
    thread: Thread,
    fields: Mapping[str, str],
    *,
    by: Member,
    version: int | None = None,
    together: bool = False,
    reason: str = "",
) -> WorkingRecord:
    """Write the record of a locked thread; the caller has judged. `version` and `together` as for save_record.

    A field that differs only in blank space at its ends is left as it is, so that who writes there is not disturbed.
    """
    record, known = lock_record(thread), _known_fields(fields)
    if together and version is not None:
        known, version = _changed_since(record, known, version)
    if version is not None and version != record.version:
        raise _meanwhile(record)
    new = checked_fields(known) if not reason else known
    changed = {name: text for name, text in new.items() if _settled(text) != _settled(getattr(record, name))}
    if not changed:
        return record
    if in_archive(thread):
        raise Conflict("already_recorded", _("This thread is in the archive. Revise the practice instead."))
    cut(thread, record)
    copy = bring_to({record.pk: record.version}, {})[record.pk]
    update = copy.document.write(changed)
    if update is None:
        return record
    record.version += 1
    record.updated_by, record.updated_at = by, clock.now()
    for name, text in copy.document.texts.items():
        setattr(record, name, plain(text))
    record.save()
    RecordUpdate.objects.create(record=record, seq=record.version, author=by, at=record.updated_at, update=update)
    cut(thread, record, reason=reason)
    return record


def _changed_since(record: WorkingRecord, fields: dict[str, str], version: int) -> tuple[dict[str, str], int]:
    """The fields that were changed by whoever read them at a version, as a change of what the record says now.

    Everything as it was given when others changed the same fields meanwhile, or when it cannot be told.
    """
    read = texts_at(record.pk, version) if version < record.version else None
    if read is None:
        return fields, version
    changed = {name: text for name, text in fields.items() if _settled(text) != _settled(read.get(name, ""))}
    by_others = {name for name, text in record.fields.items() if _settled(text) != _settled(read[name])}
    if changed.keys() & by_others:
        return fields, version
    return changed, record.version


def _settled(text: str) -> str:
    """What two texts have in common that differ only in what a form does to them."""
    return plain(text.replace("\r\n", "\n")).strip()


def _meanwhile(record: WorkingRecord) -> Conflict:
    name = record.updated_by.name if record.updated_by else _("Somebody")
    message = _("%(name)s saved this record meanwhile. Your text is kept below: compare, then save again.")
    return Conflict("saved_meanwhile", message % {"name": name})


def checked_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """The texts of record fields, cleaned. Raises Invalid for a field that a record does not have."""
    return {name: cleaned(name, text, most=FIELD_LENGTH) for name, text in _known_fields(fields).items()}


def _known_fields(fields: Mapping[str, str]) -> dict[str, str]:
    unknown = sorted(set(fields) - set(RECORD_FIELDS))
    if unknown:
        raise Invalid({unknown[0]: _("A record has the fields problem, environment, cause and resolution.")})
    return dict(fields)
