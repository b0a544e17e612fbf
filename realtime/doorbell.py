"""Whether who may see what has changed, and for whom (DESIGN rule 5).

Actions that change it tell the doors' stream in their own transaction (through the reactors of `community`), and every
change made in Django's admin leaves an entry there. Whoever reads events first and where the doors stand after them
knows of every change that was committed before those events.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import connection

from community.events import emit
from community.events.streams import streams_named
from community.models import Event, Member, Stream
from realtime.facts import DOORS, Doors, doors_stream
from realtime.rules import EDITS_LOOKED_AT, MOST_CONCERNED

_LOG, _STREAM = LogEntry._meta.db_table, Stream._meta.db_table
# Asked at every delivery, hence by hand: one query, at the two ends of two indexes.
_DOORS = f"""
SELECT (SELECT seq FROM {_STREAM} WHERE kind = %s AND subject_id = %s AND part = ''), newest.id,
       (SELECT COUNT(*) FROM {_LOG} WHERE id > newest.id - {EDITS_LOOKED_AT})
FROM (SELECT MAX(id) AS id FROM {_LOG}) AS newest
"""  # noqa: S608  (names of our own tables)


@dataclass(frozen=True)
class Concerned:
    """Whose doors, and which, are to be asked again."""

    everybody: bool = False
    members: frozenset[int] = frozenset()
    threads: frozenset[int] = frozenset()


def doors_now() -> Doors:
    """Where the doors stand."""
    key = doors_stream()
    with connection.cursor() as cursor:
        cursor.execute(_DOORS, [key.kind, key.subject_id])
        seq, edit, edits = cursor.fetchone()
    return Doors(seq or 0, edit or 0, edits)


def concerned(before: Doors | None, now: Doors) -> Concerned:
    """Who is concerned by what changed between two readings: everybody when that cannot be told."""
    if before is None or before[1:] != now[1:] or not 0 <= now.seq - before.seq <= MOST_CONCERNED:
        return Concerned(everybody=True)
    rows = Event.objects.filter(stream__in=streams_named([doors_stream()]), seq__gt=before.seq, seq__lte=now.seq)
    told = list(rows.values_list("data", flat=True))
    if len(told) != now.seq - before.seq or not all(any(data.values()) for data in told):
        return Concerned(everybody=True)
    return Concerned(members=_all(told, "members"), threads=_all(told, "threads"))


def _all(told: Iterable[dict[str, list[int]]], name: str) -> frozenset[int]:
    return frozenset(number for data in told for number in data.get(name, ()))


def doors_changed(
    *,
    member: Member | None = None,
    member_ids: Collection[int] = (),
    thread_ids: Collection[int] = (),
    **_facts: Any,
) -> None:
    """The reactor to every such change: tells the servers, in the transaction that made it."""
    members = {*member_ids, *([member.pk] if member is not None else ())}
    named = {"members": sorted(members), "threads": sorted(thread_ids)}
    few = sum(map(len, named.values())) <= MOST_CONCERNED
    data = {name: ids for name, ids in named.items() if ids and few}
    emit(doors_stream(), DOORS, actor=None, data=data)
