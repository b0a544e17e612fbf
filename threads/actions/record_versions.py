"""Versions of a record: what was written since the last one becomes a version, and the log behind it one state."""

import logging
from collections.abc import Sequence
from itertools import groupby
from typing import Any, NamedTuple

from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.attachments import carry_files
from threads.actions.indexing import index_thread
from threads.actions.locking import lock_record, lock_thread
from threads.actions.mirroring import mirror_record
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
from threads.rules.document import Document
from threads.rules.runs import NOBODY, Followed, Runs
from threads.rules.sittings import is_over
from threads.rules.texts import plain

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

    What takes long is done before anything is locked: nobody who writes waits for it.
    """
    sitting = _sitting_that_is_over(thread_id)
    return NOT_DUE if sitting is None else _cut_prepared(thread_id=thread_id, sitting=sitting)


def _sitting_that_is_over(thread_id: int) -> "_Sitting | None":
    sitting = _Sitting(RecordState.objects.filter(pk=thread_id).first())
    updates = _updates_after(thread_id, sitting.seq)
    if not updates or updates[0].seq != sitting.seq + 1:
        return None
    if not is_over(updates=len(updates), first=updates[0].at, last=updates[-1].at, now=clock.now()):
        return None
    sitting.play(updates)
    sitting.read_again()
    return sitting


@action
def _cut_prepared(*, thread_id: int, sitting: "_Sitting") -> Cut:
    """Make a version of what was read, and of what has come since; nothing when somebody else has."""
    thread = lock_thread(thread_id)
    record = lock_record(thread)
    begun = RecordState.objects.filter(pk=thread_id).values_list("seq", flat=True).first()
    if (begun or 0) != sitting.start:
        return NOT_DUE
    sitting.play(_updates_after(thread_id, sitting.seq))
    return _cut(thread, record, sitting)


def cut(thread: Thread, record: WorkingRecord, *, reason: str = "") -> Cut:
    """Make a version of what a locked record of a locked thread has that is none yet; the caller has judged."""
    sitting = _Sitting(RecordState.objects.filter(pk=record.pk).first())
    updates = _updates_after(record.pk, sitting.seq)
    if not updates:
        return NOT_DUE
    sitting.play(updates)
    return _cut(thread, record, sitting, reason=reason)


def _updates_after(thread_id: int, seq: int) -> list[RecordUpdate]:
    rows = RecordUpdate.objects.filter(record=thread_id, seq__gt=seq)
    return list(rows.order_by("seq").select_related("author"))


def _cut(thread: Thread, record: WorkingRecord, sitting: "_Sitting", *, reason: str = "") -> Cut:
    mended = sitting.mend(record)
    last = record.versions.order_by("number").last()
    if record.fields != (last.fields if last else dict.fromkeys(RECORD_FIELDS, "")):
        _keep_version(record, sitting, number=last.number + 1 if last else 1, reason=reason)
        _tell_saved(thread, record, sitting)
        mirror_record(thread, record.fields)
    index_thread(thread)
    record.indexed = record.version
    record.save(update_fields=["indexed"])
    kept: dict[str, Any] = {"seq": record.version, "state": sitting.document.state}
    if mended:
        kept["mended"] = record.version
    RecordState.objects.update_or_create(record=record, defaults=kept)
    RecordUpdate.objects.filter(record=record, seq__lte=record.version).delete()
    return Cut(made=True, mended=mended)


class _Sitting:
    """The updates of a version, played again to see who wrote what: from number `start` up to `seq`."""

    def __init__(self, begun: RecordState | None) -> None:
        self.start = self.seq = begun.seq if begun else 0
        self.document = Document.loaded(bytes(begun.state) if begun else None)
        self._texts = {name: Followed(text) for name, text in self.document.texts.items()}
        self._written: dict[int, tuple[int, int]] = {}
        self._members: dict[int, Member] = {}
        self._read: dict[str, str] | None = None
        self.ended = clock.now()

    def play(self, updates: Sequence[RecordUpdate]) -> None:
        """These come next."""
        for writer, rows in groupby(updates, lambda update: update.author):
            self._play(writer, [bytes(row.update) for row in rows])
        if updates:
            self.seq, self.ended, self._read = updates[-1].seq, updates[-1].at, None

    def _play(self, writer: Member | None, updates: Sequence[bytes]) -> None:
        """What somebody wrote without anybody else in between."""
        self.document.take(updates)
        key = writer.pk if writer else NOBODY
        if writer is not None:
            self._members[key] = writer
        inserted, deleted = self._written.get(key, (0, 0))
        for name, text in self.document.texts.items():
            more, less = self._texts[name].become(text, key) if text != self._texts[name].text else (0, 0)
            inserted, deleted = inserted + more, deleted + less
        self._written[key] = inserted, deleted

    @property
    def authors(self) -> list[tuple[Member, int, int]]:
        """Everybody who wrote, whoever wrote most first: with how many characters they put in and took out."""
        rows = [(member, *self._written.get(pk, (0, 0))) for pk, member in self._members.items()]
        return sorted(rows, key=lambda row: (-row[1], -row[2], row[0].pk))

    @property
    def runs(self) -> dict[str, Runs]:
        """Who wrote what of each text."""
        return {name: followed.runs() for name, followed in self._texts.items()}

    def read_again(self) -> dict[str, str]:
        """What the texts are when the state is read that is about to be kept."""
        if self._read is None:
            self._read = Document.loaded(self.document.state).texts
        return self._read

    def mend(self, record: WorkingRecord) -> bool:
        """Read the state again that is about to be kept; whether the document had to be put right.

        Forged updates can put neighbours in an order in which no client writes. Such a document says something else
        each time it is read. What people saw is then taken out and put in again by the site, so that all agree on it.
        """
        texts, seen, read = self.document.texts, record.fields, self.read_again()
        torn = {
            name: text if plain(text) == seen[name] else seen[name]
            for name, text in texts.items()
            if read[name] != text or plain(text) != seen[name]
        }
        if not torn:
            return False
        names = ", ".join(member.handle for member, _inserted, _deleted in self.authors)
        log.warning("record %s says something else when read again; written by %s", record.pk, names)
        self.document.write(dict.fromkeys(torn, ""))
        self.document.write(torn)
        record.version += 1
        record.save(update_fields=["version"])
        return True


def _keep_version(record: WorkingRecord, sitting: _Sitting, *, number: int, reason: str) -> None:
    authors = sitting.authors
    version = RecordVersion.objects.create(
        record=record, number=number, seq=record.version, fields=record.fields,
        author=authors[0][0] if authors else None, at=sitting.ended, reason=reason, runs=sitting.runs,
    )  # fmt: skip
    RecordAuthor.objects.bulk_create(
        RecordAuthor(version=version, member=member, inserted=inserted, deleted=deleted)
        for member, inserted, deleted in authors
    )


def _tell_saved(thread: Thread, record: WorkingRecord, sitting: _Sitting) -> None:
    authors = [member for member, _inserted, _deleted in sitting.authors]
    for author in authors:
        carry_files(thread, record.fields.values(), by=author)
    thread.version += 1
    thread.save(update_fields=["version"])
    tell(
        thread,
        RECORD_SAVED,
        by=authors[0] if authors else None,
        data={"version": record.version, "fields": record.fields},
    )
