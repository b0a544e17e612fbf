"""What the records desk does in its database thread, where the copies of the records live and nobody else is."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import InterfaceError, OperationalError

from realtime import doorbell
from realtime.doors import Pair, pens_of
from realtime.facts import Doors
from realtime.people import Ticket
from realtime.records.holding import HeldDoors, Moved
from threads.actions.live_records import (
    Announced,
    Copy,
    Sent,
    Standing,
    Written,
    catch_up,
    standings,
    write_updates,
)
from threads.rules.yjs import Malformed

AWAY = (InterfaceError, OperationalError)
MOST_MOVES = 3  # while one round is stored; then it waits as for a database that is away


class Wanted(NamedTuple):
    """What is to be done for one record: store these, then say what those lack who know so much.

    `told` is the number up to which its seats were told everything, with the vector of then; None when nobody was.
    `announced` says who speaks for which client, `claims` for which of them that is to be stored.
    """

    sent: Sequence[Sent]
    vectors: Sequence[bytes]
    told: tuple[int, bytes] | None
    announced: Mapping[int, int]
    claims: Mapping[int, int]


@dataclass(frozen=True)
class Round:
    """What is to be done for several. `newcomers` are to be judged; `trusted` (member, thread) were when the doors
    stood at `doors`, and so were the tickets, but for those that are `fresh`. `watched` are records of which it is
    asked where they stand, `turn` whom to judge again."""

    records: Mapping[int, Wanted]
    newcomers: Collection[Pair]
    trusted: Collection[tuple[int, int]]
    fresh: Collection[Ticket]
    doors: Doors | None
    watched: Collection[int] = ()
    turn: Collection[Pair] = ()


class Found(NamedTuple):
    """How a record is after a round. `answers` are for the vectors, None for one that is malformed. Who has what it
    said before number `mended` has to read it anew."""

    seq: int
    mended: int
    vector: bytes
    news: bytes | None
    verdicts: Sequence[str]
    answers: Sequence[bytes | None]


@dataclass(frozen=True)
class Results:
    """`records` lacks those that do not exist. `allowed` are those who may see one, with whether they may write it.
    `doors` is where the doors stood after all that was read."""

    records: Mapping[int, Found]
    allowed: Mapping[Pair, bool]
    standings: Mapping[int, Standing]
    doors: Doors


@dataclass
class Rounds:
    """All methods run in the database thread."""

    copies: dict[int, Copy] = field(default_factory=dict)

    def serve(self, asked: Round) -> Results:
        """Do it. Raises what goes wrong, whereupon nothing is stored and the copies are read anew."""
        records = self._stored(asked)
        allowed = pens_of({*asked.newcomers, *asked.turn})
        found = standings(asked.watched) if asked.watched else {}
        return Results(records, allowed, found, doorbell.doors_now())

    def _stored(self, asked: Round) -> dict[int, Found]:
        """Judged anew, all of it, when somebody's right to write ended just while it was stored."""
        for attempt in range(1, MOST_MOVES + 1):
            try:
                return self._serve(asked)
            except Moved:
                self.forget(asked.records)
                if attempt == MOST_MOVES:
                    raise
            except BaseException:
                self.forget(asked.records)
                raise
        raise AssertionError

    def _serve(self, asked: Round) -> dict[int, Found]:
        """Copies that stand where the seats do know what is new; for the others it is found out."""
        level = {pk for pk, wanted in asked.records.items() if wanted.told and self._number(pk) == wanted.told[0]}
        sent = {pk: wanted.sent for pk, wanted in asked.records.items() if wanted.sent or wanted.claims}
        announced = {pk: asked.records[pk].announced for pk in sent}
        claims = {pk: asked.records[pk].claims for pk in sent}
        written = self._write(sent, _doors(asked), announced, claims) if sent else {}
        read = catch_up([pk for pk in asked.records if pk not in sent], self.copies)
        found = {}
        for pk, wanted in asked.records.items():
            if pk in read or (pk in written and pk in self.copies):
                done = written.get(pk) or Written(self.copies[pk].seq, None, [])
                news = done.news if pk in written and pk in level else self._news(pk, wanted)
                found[pk] = self._found(pk, done._replace(news=news), wanted.vectors)
            else:
                self.copies.pop(pk, None)
        return found

    def _write(
        self, sent: Mapping[int, Sequence[Sent]], doors: HeldDoors, announced: Announced, claims: Announced
    ) -> dict[int, Written]:
        return write_updates(sent=sent, copies=self.copies, doors=doors, announced=announced, claims=claims)

    def _number(self, pk: int) -> int | None:
        copy = self.copies.get(pk)
        return None if copy is None else copy.seq

    def _news(self, pk: int, wanted: Wanted) -> bytes | None:
        """What the seats have not been told."""
        copy = self.copies[pk]
        if wanted.told is None or wanted.told[0] == copy.seq:
            return None
        return copy.document.since(wanted.told[1])

    def _found(self, pk: int, written: Written, vectors: Iterable[bytes]) -> Found:
        copy = self.copies[pk]
        document = copy.document
        answers: list[bytes | None] = []
        for vector in vectors:
            try:
                answers.append(document.since(vector))
            except Malformed:
                answers.append(None)
        return Found(written.seq, copy.mended, document.vector, written.news, written.verdicts, answers)

    def forget(self, ids: Iterable[int]) -> None:
        """Let copies go."""
        for pk in ids:
            self.copies.pop(pk, None)


def _doors(asked: Round) -> HeldDoors:
    tickets = {message.by for wanted in asked.records.values() for message in wanted.sent}
    return HeldDoors(asked.doors, asked.trusted, tickets, asked.fresh, asked.records)
