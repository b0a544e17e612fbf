"""Versions of a record: what was written since the last one becomes a version, and the log behind it one state."""

import logging
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from community.events import action
from community.models import Member
from community.rules import clock
from threads.actions.attachments import carry_files
from threads.actions.indexing import index_thread
from threads.actions.locking import lock_record, lock_thread
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


@action
def cut_version(*, thread_id: int) -> Cut:
    """Make a version of what was written live in a record, if that is over by now. May be called at any time."""
    thread = lock_thread(thread_id)
    record = lock_record(thread)
    updates = list(RecordUpdate.objects.filter(record=record).order_by("seq").select_related("author"))
    if not updates:
        return NOT_DUE
    if not is_over(updates=len(updates), first=updates[0].at, last=updates[-1].at, now=clock.now()):
        return NOT_DUE
    return cut(thread, record, updates)


def cut_rest(thread: Thread, record: WorkingRecord) -> None:
    """Make a version of what was written live in a locked record and has not become one yet."""
    updates = list(RecordUpdate.objects.filter(record=record).order_by("seq").select_related("author"))
    if updates:
        cut(thread, record, updates)


def cut(thread: Thread, record: WorkingRecord, updates: Sequence[RecordUpdate], *, reason: str = "") -> Cut:
    """Make a version of all updates that a locked record of a locked thread has; the caller has judged."""
    sitting = _Sitting(record, updates)
    mended = sitting.mend()
    last = record.versions.order_by("number").last()
    if record.fields != (last.fields if last else dict.fromkeys(RECORD_FIELDS, "")):
        _keep_version(record, sitting, number=last.number + 1 if last else 1, reason=reason)
        _tell_saved(thread, record, sitting)
    RecordState.objects.update_or_create(
        record=record, defaults={"seq": record.version, "state": sitting.document.state}
    )
    RecordUpdate.objects.filter(record=record, seq__lte=record.version).delete()
    return Cut(made=True, mended=mended)


class _Sitting:
    """The updates of a version, played again to see who wrote what."""

    def __init__(self, record: WorkingRecord, updates: Sequence[RecordUpdate]) -> None:
        self._record = record
        self.updates = updates
        begun = RecordState.objects.filter(record=record).first()
        self.document = Document.loaded(bytes(begun.state) if begun else None)
        self._texts = {name: Followed(text) for name, text in self.document.texts.items()}
        self._written: dict[int, tuple[int, int]] = {}
        self._members: dict[int, Member] = {}
        for writer, rows in groupby(updates, lambda update: update.author):
            self._play(writer, [bytes(row.update) for row in rows])

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

    def mend(self) -> bool:
        """Read the state again that is about to be kept; whether the document had to be put right.

        Forged updates can put neighbours in an order in which no client writes. Such a document says something else
        each time it is read. What people saw is then taken out and put in again by the site, so that all agree on it.
        """
        texts, seen = self.document.texts, self._record.fields
        read = Document.loaded(self.document.state).texts
        torn = {
            name: text if plain(text) == seen[name] else seen[name]
            for name, text in texts.items()
            if read[name] != text or plain(text) != seen[name]
        }
        if not torn:
            return False
        names = ", ".join(member.handle for member, _inserted, _deleted in self.authors)
        log.warning("record %s says something else when read again; written by %s", self._record.pk, names)
        self.document.write(dict.fromkeys(torn, ""))
        self.document.write(torn)
        self._record.version += 1
        self._record.save(update_fields=["version"])
        return True


def _keep_version(record: WorkingRecord, sitting: _Sitting, *, number: int, reason: str) -> None:
    authors = sitting.authors
    version = RecordVersion.objects.create(
        record=record, number=number, seq=record.version, fields=record.fields,
        author=authors[0][0] if authors else None, at=sitting.updates[-1].at, reason=reason, runs=sitting.runs,
    )  # fmt: skip
    RecordAuthor.objects.bulk_create(
        RecordAuthor(version=version, member=member, inserted=inserted, deleted=deleted)
        for member, inserted, deleted in authors
    )


def _tell_saved(thread: Thread, record: WorkingRecord, sitting: _Sitting) -> None:
    authors = [member for member, _inserted, _deleted in sitting.authors]
    for author in authors:
        carry_files(thread, record.fields.values(), by=author)
    index_thread(thread)
    thread.version += 1
    thread.save(update_fields=["version"])
    tell(
        thread,
        RECORD_SAVED,
        by=authors[0] if authors else None,
        data={"version": record.version, "fields": record.fields},
    )
