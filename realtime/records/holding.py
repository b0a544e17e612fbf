"""Who may write, held while it is stored: what is committed after somebody's session, token or right has ended was not
written by them (DESIGN rule 5)."""

from collections.abc import Collection, Hashable

from django.db import OperationalError, connection

from community.events.streams import raise_numbers
from community.models import Stream
from community.rules import clock
from community.rules.statements import rows_of
from realtime import doorbell
from realtime.doorbell import Concerned
from realtime.facts import Doors as Standing
from realtime.facts import doors_stream
from realtime.people import Ticket
from realtime.tickets import ended
from threads.actions.live_records import Doors, Judged

_HOLD = f"SELECT 1 FROM {Stream._meta.db_table} WHERE kind = %s AND subject_id = %s AND part = '' FOR SHARE"  # noqa: S608


class Moved(OperationalError):
    """Somebody may not write any more whose words were just being stored: it is to be judged again."""


class HeldDoors(Doors):
    """Of one round: `trusted` pairs and `tickets` were good when the doors stood at `known`, but for the fresh ones,
    which were good when they were looked up. All of it is about these `threads`."""

    def __init__(
        self,
        known: Standing | None,
        trusted: Collection[tuple[int, int]],
        tickets: Collection[Hashable],
        fresh: Collection[Ticket],
        threads: Collection[int],
    ) -> None:
        self._stand = known
        self._trusted = trusted
        self._tickets = {ticket for ticket in tickets if isinstance(ticket, Ticket)}
        self._fresh = set(fresh)
        self._threads = set(threads)

    def look(self) -> Judged:
        """All are trusted whom nothing concerns that happened since."""
        before, self._stand = self._stand, doorbell.doors_now()
        changed = doorbell.concerned(before, self._stand) if before != self._stand else Concerned()
        doubtful = {ticket for ticket in self._tickets if self._is_doubtful(ticket, changed)}
        trusted = [
            (member, thread)
            for member, thread in self._trusted
            if not (changed.everybody or member in changed.members or thread in changed.threads)
        ]
        return Judged(trusted, ended(doubtful) if doubtful else ())

    def _is_doubtful(self, ticket: Ticket, changed: Concerned) -> bool:
        return (
            changed.everybody
            or ticket.member_id in changed.members
            or (ticket in self._fresh and ticket.doors != self._stand)
            or (ticket.expires is not None and ticket.expires <= clock.now())
        )

    def hold(self) -> None:
        """Whoever ends somebody's access waits until this is committed. On SQLite they wait from the beginning."""
        if connection.vendor != "postgresql":
            return
        key = doors_stream()
        if not rows_of(_HOLD, [key.kind, key.subject_id]):
            raise_numbers({key: 0})
        now = doorbell.doors_now()
        if self._stand != now and self._concerns(doorbell.concerned(self._stand, now)):
            raise Moved("the doors moved")

    def _concerns(self, changed: Concerned) -> bool:
        members = {ticket.member_id for ticket in self._tickets}
        return changed.everybody or bool(members & changed.members or self._threads & changed.threads)
