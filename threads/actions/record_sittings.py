"""What was written of a record since its last version, played again to see who wrote what."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from community.models import Member
from community.rules import clock
from threads.models import RecordState, RecordUpdate, WorkingRecord
from threads.rules.document import Document
from threads.rules.runs import NOBODY, Change, Followed, Runs
from threads.rules.sittings import MOST_TIMES, NEARLY_ALL, PAUSE_SECONDS, PLAYED_SECONDS, READ_AT_ONCE
from threads.rules.texts import plain

_TURNS = 0x47_48_00_01 << 32  # beside other people's advisory locks in the same database


class Sitting:
    """From number `start` of a record's log up to `seq`, the last of it written at `ended`."""

    def __init__(self, thread_id: int) -> None:
        begun = RecordState.objects.filter(pk=thread_id).first()
        self.start = self.seq = begun.seq if begun else 0
        self.document = Document.loaded(bytes(begun.state) if begun else None)
        self.ended: datetime = clock.now()
        self._thread_id = thread_id
        self._texts = {name: Followed(text) for name, text in self.document.texts.items()}
        self._written: dict[int, tuple[int, int]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been played."""
        return self.seq == self.start

    def play(self, until: int, rest: Callable[[], None] = lambda: None) -> None:
        """Play what comes next, up to a number, or to where the log goes on with a version; rests now and then."""
        while self.seq < until:
            rows = RecordUpdate.objects.filter(record=self._thread_id, seq__gt=self.seq, seq__lte=until).order_by("seq")
            updates = list(rows.values_list("author", "update", "seq", "at")[:READ_AT_ONCE])
            if not updates or updates[0][2] != self.seq + 1:
                return
            with self.document.followed() as follow:
                for writer, update, _seq, _at in updates:
                    self._note(writer or NOBODY, follow(bytes(update)))
                    rest()
            self.seq, self.ended = updates[-1][2:]

    def _note(self, writer: int, changed: Mapping[str, Sequence[Change]]) -> None:
        inserted, deleted = self._written.get(writer, (0, 0))
        for name, changes in changed.items():
            more, less = self._texts[name].take(changes, writer)
            inserted, deleted = inserted + more, deleted + less
        self._written[writer] = inserted, deleted

    @property
    def fields(self) -> dict[str, str]:
        """The texts, as the columns hold them."""
        return {name: plain(text) for name, text in self.document.texts.items()}

    @property
    def authors(self) -> list[tuple[Member, int, int]]:
        """Everybody who wrote, whoever wrote most first: with how many characters they put in and took out."""
        members = Member.objects.in_bulk([pk for pk in self._written if pk != NOBODY])
        rows = [(member, *self._written[pk]) for pk, member in members.items()]
        return sorted(rows, key=lambda row: (-row[1], -row[2], row[0].pk))

    @property
    def runs(self) -> dict[str, Runs]:
        """Who wrote what of each text."""
        texts = self.document.texts
        return {name: followed.runs(texts[name]) for name, followed in self._texts.items()}

    def torn(self, seen: dict[str, str]) -> dict[str, str]:
        """What people saw of those texts that say something else when the state is read that is to be kept."""
        texts, read = self.document.texts, Document.loaded(self.document.state).texts
        return {
            name: text if plain(text) == seen[name] else seen[name]
            for name, text in texts.items()
            if read[name] != text or plain(text) != seen[name]
        }


def played_beside(thread_id: int) -> tuple[Sitting, bool]:
    """A sitting played while others write, nearly to the end of the log; and whether a text of it is torn."""
    sitting, rest = Sitting(thread_id), _Rest()
    for _time in range(MOST_TIMES):
        record = WorkingRecord.objects.get(pk=thread_id)
        nearly = record.version - sitting.seq <= NEARLY_ALL
        sitting.play(record.version, rest)
        if nearly or sitting.seq < record.version:
            break
    return sitting, bool(sitting.torn(record.fields))


class _Rest:
    """Called between pieces of work: sleeps when it has been working for some time, for which others have waited."""

    def __init__(self) -> None:
        self._since = time.thread_time()

    def __call__(self) -> None:
        if time.thread_time() - self._since >= PLAYED_SECONDS:
            time.sleep(PAUSE_SECONDS)
            self._since = time.thread_time()


@contextmanager
def turn_at(thread_id: int) -> Iterator[bool]:
    """Whether no other process is preparing a version of this record meanwhile: it would be work for nothing.

    Nothing depends on it. On SQLite it is always so.
    """
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_TURNS + thread_id])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_TURNS + thread_id])
