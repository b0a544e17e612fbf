"""Versions of a record: what was written since the last one becomes a version, and the log behind it one state."""

import logging
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min

from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.attachments import carry_files
from threads.actions.indexing import index_thread
from threads.actions.locking import lock_record, lock_thread
from threads.actions.mirroring import mirror_record
from threads.actions.record_clients import forget_silent
from threads.actions.record_sittings import Sitting, played_beside, turn_at
from threads.actions.telling import tell
from threads.facts.threads import RECORD_SAVED
from threads.models import (
    RECORD_FIELDS,
    RecordAuthor,
    RecordState,
    RecordUpdate,
    RecordVersion,
    Thread,
    WorkingRecord,
)
from threads.rules.sittings import is_over

log = logging.getLogger(__name__)


class Cut(NamedTuple):
    """Whether a version was cut, or at least the log compacted; and whether the texts had to be put right.

    After `mended` copies of the record, in processes and at clients, may say something else: they begin anew.
    """

    made: bool
    mended: bool


NOT_DUE = Cut(made=False, mended=False)


def cut_version(*, thread_id: int) -> Cut:
    """Make a version of what was written live in a record, if that is over by now. May be called at any time.

    What takes long is done before anything is locked, and in small pieces: nobody who writes waits for it. What is
    written meanwhile may become part of the next one.
    """
    if not _is_due(thread_id):
        return NOT_DUE
    with turn_at(thread_id) as mine:
        if not mine:
            return NOT_DUE
        sitting, torn = played_beside(thread_id)
        return NOT_DUE if sitting.is_empty else _cut_prepared(thread_id=thread_id, sitting=sitting, torn=torn)


def _is_due(thread_id: int) -> bool:
    waiting = RecordUpdate.objects.filter(record=thread_id)
    found = waiting.aggregate(updates=Count("pk"), first=Min("at"), last=Max("at"))
    return found["updates"] > 0 and is_over(**found, now=clock.now())


@action
def _cut_prepared(*, thread_id: int, sitting: Sitting, torn: bool) -> Cut:
    """Make a version of what was played; nothing when somebody else has. Who writes waits only if a text is torn."""
    thread = lock_thread(thread_id)
    begun = RecordState.objects.filter(pk=thread_id).values_list("seq", flat=True).first()
    if (begun or 0) != sitting.start:
        return NOT_DUE
    if torn:
        return _cut(thread, lock_record(thread), sitting)
    return _keep(thread, sitting)


def cut(thread: Thread, record: WorkingRecord, *, reason: str = "") -> Cut:
    """Make a version of what a locked record of a locked thread has that is none yet; the caller has judged."""
    return _cut(thread, record, Sitting(record.pk), reason=reason)


def _cut(thread: Thread, record: WorkingRecord, sitting: Sitting, *, reason: str = "") -> Cut:
    """Up to where the locked record is."""
    sitting.play(record.version)
    if sitting.is_empty:
        return NOT_DUE
    torn = sitting.torn(record.fields)
    if torn:
        _mend(record, sitting, torn)
    return _keep(thread, sitting, reason=reason, mended=bool(torn))


def _mend(record: WorkingRecord, sitting: Sitting, torn: dict[str, str]) -> None:
    """Forged updates can put neighbours in an order in which no client writes. Such a document says something else
    each time it is read. What people saw is then taken out and put in again by the site, so that all agree on it."""
    names = ", ".join(member.handle for member, _inserted, _deleted in sitting.authors)
    log.warning("record %s says something else when read again; written by %s", record.pk, names)
    sitting.document.write(dict.fromkeys(torn, ""))
    sitting.document.write(torn)
    record.version += 1
    record.save(update_fields=["version"])
    sitting.seq = record.version


def _keep(thread: Thread, sitting: Sitting, *, reason: str = "", mended: bool = False) -> Cut:
    """The thread's lock keeps other cuts away; what is written meanwhile follows what is kept here."""
    last = RecordVersion.objects.filter(record=thread.pk).defer("runs").order_by("number").last()
    fields = sitting.fields
    if fields != (last.fields if last else dict.fromkeys(RECORD_FIELDS, "")):
        authors = sitting.authors
        _keep_version(thread, sitting, fields, authors, number=last.number + 1 if last else 1, reason=reason)
        _tell_saved(thread, sitting.seq, fields, [member for member, _inserted, _deleted in authors])
        mirror_record(thread, fields)
    index_thread(thread)
    kept: dict[str, Any] = {"seq": sitting.seq, "state": sitting.document.state}
    if mended:
        kept["mended"] = sitting.seq
    RecordState.objects.update_or_create(record_id=thread.pk, defaults=kept)
    RecordUpdate.objects.filter(record=thread.pk, seq__lte=sitting.seq).delete()
    forget_silent(thread.pk, sitting.document.clocks)
    WorkingRecord.objects.filter(pk=thread.pk, version=sitting.seq).update(indexed=sitting.seq)
    return Cut(made=True, mended=mended)


def _keep_version(
    thread: Thread,
    sitting: Sitting,
    fields: dict[str, str],
    authors: Sequence[tuple[Member, int, int]],
    *,
    number: int,
    reason: str,
) -> None:
    version = RecordVersion.objects.create(
        record_id=thread.pk, number=number, seq=sitting.seq, fields=fields,
        author=authors[0][0] if authors else None, at=sitting.ended, reason=reason, runs=sitting.runs,
    )  # fmt: skip
    RecordAuthor.objects.bulk_create(
        RecordAuthor(version=version, member=member, inserted=inserted, deleted=deleted)
        for member, inserted, deleted in authors
    )


def _tell_saved(thread: Thread, seq: int, fields: dict[str, str], authors: Sequence[Member]) -> None:
    for author in authors:
        carry_files(thread, fields.values(), by=author)
    thread.version += 1
    thread.save(update_fields=["version"])
    tell(thread, RECORD_SAVED, by=authors[0] if authors else None, data={"version": seq, "fields": fields})
