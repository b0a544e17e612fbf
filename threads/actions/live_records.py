"""Writing records live: what a process's records desk calls, once a round."""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import NamedTuple

from community.events import action
from community.rules import clock
from community.rules.rows import save
from threads.actions.locking import lock_records
from threads.actions.record_clients import Clients
from threads.actions.record_copies import Copy, bring_to, catch_up
from threads.actions.record_search import index_record
from threads.actions.record_versions import Cut, cut_version
from threads.models import RECORD_FIELDS, RecordUpdate, WorkingRecord
from threads.policies.sight import Sight, threads_as_things, writable
from threads.queries.live_records import Standing, due_for_cut, due_for_search, rest_of, standings
from threads.rules.document import SITE, Broken, Document
from threads.rules.limits import MERGED_FIELD_LENGTH, MERGED_RECORD_LENGTH
from threads.rules.texts import plain
from threads.rules.yjs import Clocks, Foreign, Malformed, TooLarge, Unusable, Update, read_update

__all__ = [
    "FOREIGN",
    "KNOWN",
    "MALFORMED",
    "MISSING",
    "NOT_THERE",
    "READ_ONLY",
    "SIGNED_OUT",
    "STORED",
    "TOO_LARGE",
    "Announced",
    "Copy",
    "Cut",
    "Doors",
    "Judged",
    "Sent",
    "Standing",
    "Written",
    "catch_up",
    "cut_version",
    "due_for_cut",
    "due_for_search",
    "index_record",
    "standings",
    "write_updates",
]

STORED, KNOWN, MISSING = "stored", "known", "missing"
MALFORMED, FOREIGN, TOO_LARGE = Malformed.code, Foreign.code, TooLarge.code
READ_ONLY, NOT_THERE, SIGNED_OUT = "may_not_write_record", "no_thread", "signed_out"


class Sent(NamedTuple):
    """An update that somebody sent. `whole` when it is all that the site lacked (a SyncStep2).

    `by` is what they were let in by: a session or token, which may be over while the member has others.
    """

    member_id: int
    update: bytes
    whole: bool
    by: Hashable = None


class Judged(NamedTuple):
    """Of whom (member, thread) it is known that they may see the thread and write its record; by what nobody is let in
    any more."""

    trusted: Collection[tuple[int, int]] = ()
    over: Collection[Hashable] = ()


class Doors:
    """What is known of who may write, asked in the transaction that stores. Here it is nothing: all are judged."""

    def look(self) -> Judged:
        """How things stand, once the records are locked."""
        return Judged()

    def hold(self) -> None:
        """Once all is written: what was found stays true until it is committed. Raises when it is true no more."""


UNKNOWN = Doors()
Announced = Mapping[int, Mapping[int, int]]
NOBODY: Announced = {}


class Written(NamedTuple):
    """The number that a record has come to, what is new as one update, and for each update sent what became of it.

    New is what the copy did not have before the call: it may come from another process, and then even when nothing that
    was sent was stored.

    The verdicts: `stored`; `known`, it changes nothing; `missing`, it builds on something that the site does not have;
    or why it was refused: `malformed`, `foreign`, `too_large`, `may_not_write_record`, `no_thread`, `signed_out`.
    """

    seq: int
    news: bytes | None
    verdicts: list[str]


@action
def write_updates(
    *,
    sent: Mapping[int, Sequence[Sent]],
    copies: dict[int, Copy],
    doors: Doors = UNKNOWN,
    announced: Announced = NOBODY,
    claims: Announced = NOBODY,
) -> dict[int, Written]:
    """Check, apply and store what was sent to records, by thread; all of it in one transaction.

    Of whom the doors know nothing it is found out. `announced` says, by thread, which member speaks for which client
    there; as a client that is somebody's nobody else writes, whatever that says. `claims` are those of them that are
    to be stored, which also keeps others away. When anything is raised, throw the
    copies away: they may be ahead of the log.
    """
    numbers = lock_records(sent)
    behind = {pk: copies[pk].document.vector for pk, seq in numbers.items() if pk in copies and copies[pk].seq != seq}
    bring_to(numbers, copies)
    may = _Rights(sent, doors.look())
    written = {}
    for pk, messages in sorted(sent.items()):
        if pk in numbers:
            written[pk] = _Writing(pk, copies[pk], may, announced.get(pk, {})).write(messages, claims.get(pk, {}))
            if pk in behind:
                written[pk] = written[pk]._replace(news=copies[pk].document.since(behind[pk]))
        else:
            written[pk] = Written(0, None, [NOT_THERE] * len(messages))
    doors.hold()
    return written


class _Rights:
    """Who of those who sent something sees the thread and may write its record, and which records take changes.

    Those who are trusted may.
    """

    def __init__(self, sent: Mapping[int, Sequence[Sent]], judged: Judged) -> None:
        self.writable = writable(sent)
        self._over = set(judged.over)
        pairs = {(message.member_id, pk) for pk, messages in sent.items() for message in messages}
        self._seeing = pairs & set(judged.trusted)
        self._writing = set(self._seeing)
        unknown = pairs - self._seeing
        if unknown:
            things = threads_as_things({pk for _member, pk in unknown})
            sight = Sight({member for member, _pk in unknown}, things.values())
            there = {(member, pk) for member, pk in unknown if pk in things}
            self._seeing |= {(member, pk) for member, pk in there if sight.sees(member, things[pk])}
            self._writing |= {(member, pk) for member, pk in there if sight.writes_record(member, things[pk])}

    def is_over(self, by: Hashable) -> bool:
        return by in self._over

    def sees(self, member_id: int, thread_id: int) -> bool:
        return (member_id, thread_id) in self._seeing

    def writes(self, member_id: int, thread_id: int) -> bool:
        return thread_id in self.writable and (member_id, thread_id) in self._writing


class _Writing:
    """One record's part of a round."""

    def __init__(self, pk: int, copy: Copy, may: _Rights, announced: Mapping[int, int]) -> None:
        self._pk = pk
        self._copy = copy
        self._may = may
        self._clients = Clients(pk, copy.clients, announced)

    def write(self, messages: Sequence[Sent], claims: Mapping[int, int]) -> Written:
        written = self._write(messages) if messages else Written(self._copy.seq, None, [])
        if claims:
            self._clients.claim(claims)
            self._clients.keep()
        return written

    def _write(self, messages: Sequence[Sent]) -> Written:
        document, before = self._copy.document, self._copy.document.texts
        vector, known = document.vector, document.clocks
        size = sum(map(len, before.values()))
        verdicts = []
        for message in messages:
            verdict, update = self._verdict(message, document, known, size)
            verdicts.append(verdict)
            if verdict == STORED and update is not None:
                brings = update.brings(known)
                self._clients.take(message.member_id, brings)
                known |= brings
                size += update.inserted
        try:
            news = document.take([message.update for message in _stored(messages, verdicts)])
            after = _fitting(document)
        except (Broken, TooLarge):
            verdicts = self._one_by_one(messages)
            news, after = self._copy.document.since(vector), self._copy.document.texts
        if news is None:
            verdicts = [KNOWN if verdict == STORED else verdict for verdict in verdicts]
        authors = [message.member_id for message in _stored(messages, verdicts)]
        if not authors:
            return Written(self._copy.seq, None, verdicts)
        self._store([message.update for message in _stored(messages, verdicts)], authors)
        self._keep_texts({name: plain(after[name]) for name in RECORD_FIELDS if after[name] != before[name]}, authors)
        return Written(self._copy.seq, news, verdicts)

    def _verdict(self, message: Sent, document: Document, known: Clocks, size: int) -> tuple[str, Update | None]:
        if self._may.is_over(message.by):
            return SIGNED_OUT, None
        if not self._may.sees(message.member_id, self._pk):
            return NOT_THERE, None
        try:
            update = read_update(message.update)
        except Unusable as error:
            return error.code, None
        brings = update.brings(known)
        changes = bool(brings) or not document.has(update)
        if changes and not self._may.writes(message.member_id, self._pk):
            return READ_ONLY, update
        verdict = _judged(update, brings, known, size) if changes else KNOWN
        if verdict in {STORED, KNOWN} and not self._is_theirs(message.member_id, update, brings, document):
            return FOREIGN, update
        return verdict, update

    def _is_theirs(self, member_id: int, update: Update, brings: Clocks, document: Document) -> bool:
        """Whether they say nothing new as somebody else's client, and nothing else than that one."""
        if not self._clients.lets_write(member_id, brings):
            return False
        return self._clients.says_nothing_else(member_id, update, brings, document)

    def _one_by_one(self, messages: Sequence[Sent]) -> list[str]:
        """Begin again from the log, so that only those are refused who did not fit."""
        taken: list[bytes] = []
        verdicts = []
        self._clients.forget()
        self._copy.document = self._from_log(taken)
        for message in messages:
            document = self._copy.document
            size = sum(map(len, document.texts.values()))
            verdict, _update = self._verdict(message, document, document.clocks, size)
            if verdict == STORED:
                brings = read_update(message.update).brings(document.clocks)
                verdict = _tried(document, message.update)
                if verdict in {STORED, KNOWN}:
                    self._clients.take(message.member_id, brings)
                    taken.append(message.update)
                else:
                    self._copy.document = self._from_log(taken)
            verdicts.append(verdict)
        return verdicts

    def _from_log(self, more: Sequence[bytes]) -> Document:
        rest = rest_of(self._pk, after=None)
        if rest is None or rest.seq != self._copy.seq:
            raise Broken("the log changed though it was locked")
        return Document.loaded(rest.state, [*rest.updates, *more])

    def _store(self, updates: Sequence[bytes], authors: Sequence[int]) -> None:
        now, last = clock.now(), self._copy.seq
        RecordUpdate.objects.bulk_create(
            RecordUpdate(record_id=self._pk, seq=last + place, author_id=author, at=now, update=update)
            for place, (author, update) in enumerate(zip(authors, updates, strict=True), start=1)
        )
        self._copy.seq += len(updates)
        self._clients.keep()

    def _keep_texts(self, texts: Mapping[str, str], authors: Sequence[int]) -> None:
        record = WorkingRecord(
            pk=self._pk, version=self._copy.seq, updated_by_id=authors[-1], updated_at=clock.now(), **texts
        )
        save(record, "version", "updated_by", "updated_at", *texts)


def _judged(update: Update, brings: Clocks, known: Clocks, size: int) -> str:
    if SITE in brings:
        return FOREIGN
    if update.is_missing_something(known):
        return MISSING
    return TOO_LARGE if size + update.inserted > MERGED_RECORD_LENGTH else STORED


def _stored(messages: Sequence[Sent], verdicts: Sequence[str]) -> list[Sent]:
    return [message for message, verdict in zip(messages, verdicts, strict=True) if verdict == STORED]


def _fitting(document: Document) -> dict[str, str]:
    """The document's texts. Raises TooLarge when one of them has become too long."""
    texts = document.texts
    if any(len(text) > MERGED_FIELD_LENGTH for text in texts.values()):
        raise TooLarge
    return texts


def _tried(document: Document, update: bytes) -> str:
    try:
        news = document.take([update])
        _fitting(document)
    except Broken:
        return MALFORMED
    except TooLarge:
        return TOO_LARGE
    return STORED if news is not None else KNOWN
