"""Whose the Yjs clients of a record are: each is whose it was first, for good, who wrote as it or said that it is
theirs. Nobody writes as somebody else's."""

from collections.abc import Collection, Iterable, Mapping
from itertools import islice

from threads.models import RecordClient
from threads.rules.document import SITE, Document
from threads.rules.yjs import Update

_AT_ONCE = 900
_MOST_SILENT = 1000  # clients of a record that are kept for somebody though they wrote nothing


class Clients:
    """Of one record, while it is locked.

    `known` is what the process has found out, which stays true. `announced` are clients that may not be stored yet,
    with who speaks for them.
    """

    def __init__(self, record_id: int, known: dict[int, int], announced: Mapping[int, int]) -> None:
        self._record_id = record_id
        self._known = known
        self._announced = announced
        self._new: dict[int, int] = {}

    def lets_write(self, member_id: int, brings: Collection[int]) -> bool:
        """Whether a member may write as these clients."""
        self._look_up(brings)
        return all((self._owner(each) or self._announced.get(each, member_id)) == member_id for each in brings)

    def says_nothing_else(self, member_id: int, update: Update, brings: Collection[int], document: Document) -> bool:
        """Whether what an update has of others' clients, without bringing it, is what the document has of them."""
        said = {piece.client for piece in update.pieces}.difference(brings)
        self._look_up(said)
        others = {each for each in said if self._owner(each) != member_id}
        return not others or document.agrees(update, others)

    def take(self, member_id: int, brings: Iterable[int]) -> None:
        """A member writes as these clients."""
        self._new |= {each: member_id for each in brings if self._owner(each) is None}

    def forget(self) -> None:
        """Nothing was written of what was taken."""
        self._new.clear()

    def claim(self, claims: Mapping[int, int]) -> None:
        """Members say that these clients are theirs; of those that are another's already that is not so."""
        self._look_up(claims)
        self._new |= {each: member for each, member in claims.items() if self._owner(each) is None}

    def keep(self) -> None:
        """Store whose those are that were taken."""
        rows = [
            RecordClient(record_id=self._record_id, client=each, member_id=member) for each, member in self._new.items()
        ]
        RecordClient.objects.bulk_create(rows)
        self._known |= self._new
        self._new = {}

    def _owner(self, client: int) -> int | None:
        return self._known.get(client) or self._new.get(client)

    def _look_up(self, clients: Iterable[int]) -> None:
        unknown = [each for each in clients if each != SITE and self._owner(each) is None]
        for start in range(0, len(unknown), _AT_ONCE):
            rows = RecordClient.objects.filter(record=self._record_id, client__in=unknown[start : start + _AT_ONCE])
            self._known.update(rows.values_list("client", "member"))


def forget_silent(record_id: int, wrote: Collection[int]) -> None:
    """Of those that somebody said are theirs and that are not among these, which wrote, keep the newest ones only.

    Nothing is read while they can be kept all; and once there were more, so many go that the next ones find room.
    """
    rows = RecordClient.objects.filter(record=record_id)
    if rows.count() - len(wrote) <= _MOST_SILENT:
        return
    every = rows.order_by("-pk").values_list("pk", "client").iterator(chunk_size=_AT_ONCE)
    silent = list(islice((pk for pk, client in every if client not in wrote), _MOST_SILENT * 3 // 4, None))
    for start in range(0, len(silent), _AT_ONCE):
        RecordClient.objects.filter(pk__in=silent[start : start + _AT_ONCE]).delete()
