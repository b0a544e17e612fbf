"""Whether who may see what has changed, and for whom (DESIGN rule 5).

Actions that change it tell the doors' stream in their own transaction (through the reactors of `community`), and every
change made in Django's admin leaves an entry there. Whoever reads events first and where the doors stand after them
knows of every change that was committed before those events.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry

from community.events import emit
from community.events.streams import streams_named
from community.models import Event, Member, Stream
from community.rules.numbers import whole
from community.rules.statements import rows_of
from realtime.facts import DOORS, Doors, doors_stream
from realtime.rules import EDITS_LOOKED_AT, MOST_CONCERNED

MEMBER = "community.member"
# What no door depends on, as long as it is there.
NO_DOORS = frozenset(
    f"{room}.{model}"
    for room, models in {
        "community": ("organization", "center", "workrole", "assignment", "invitation"),
        "threads": ("product",),
    }.items()
    for model in models
)
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
    ((seq, edit, edits),) = rows_of(_DOORS, [key.kind, key.subject_id])
    return Doors(seq or 0, edit or 0, edits)


def concerned(before: Doors | None, now: Doors) -> Concerned:
    """Who is concerned by what changed between two readings: everybody when that cannot be told."""
    if before is None or not 0 <= now.seq - before.seq <= MOST_CONCERNED:
        return Concerned(everybody=True)
    edited = _edited(before, now)
    if edited is None:
        return Concerned(everybody=True)
    rows = Event.objects.filter(stream__in=streams_named([doors_stream()]), seq__gt=before.seq, seq__lte=now.seq)
    told = list(rows.values_list("data", flat=True))
    if len(told) != now.seq - before.seq or not all(any(data.values()) for data in told):
        return Concerned(everybody=True)
    return Concerned(members=_all(told, "members") | edited, threads=_all(told, "threads"))


def _edited(before: Doors, now: Doors) -> frozenset[int] | None:
    """The members whose doors may have been closed in Django's admin; None when that can be anybody's."""
    if before[1:] == now[1:]:
        return frozenset()
    edits = LogEntry.objects.filter(pk__gt=before.edit - EDITS_LOOKED_AT, pk__lte=now.edit).select_related(
        "content_type"
    )
    found = list(edits.order_by("pk")[: EDITS_LOOKED_AT + MOST_CONCERNED])
    new = [edit for edit in found if edit.pk > before.edit]
    if not new or new[-1].pk != now.edit or len(found) - len(new) != before.edits:
        return None
    members: set[int] = set()
    for edit in new:
        about = ".".join(edit.content_type.natural_key()) if edit.content_type else ""
        if edit.action_flag == ADDITION or (edit.action_flag == CHANGE and about in NO_DOORS):
            continue
        member = whole(edit.object_id or "") if about == MEMBER else None
        if member is None:
            return None
        members.add(member)
    return frozenset(members)


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
