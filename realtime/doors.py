"""The door of every stream: who may listen (DESIGN rule 5).

Asked when somebody subscribes, and again for everybody when doors changed. The doors' number says whether they did:
actions that change who sees what raise it in their own transaction (through the reactors of `community`), and so does
every change made in Django's admin. Whoever reads events first and this number after them knows of every change that
was committed before those events. What changes neither is found by the sweep, which asks every door each time.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Max

from community.events import emit
from community.events.reading import newest_number
from community.events.streams import StreamKey, member_stream
from community.models import Member, Space, Stream
from community.policies.spaces import may_see_space
from realtime.database import in_chunks
from realtime.facts import DOORS, doors_stream
from threads.models import Thread
from threads.models.audience import Audience
from threads.policies.threads import may_see
from threads.queries.audience import viewers_of

Pair = tuple[int, str]
OWN, SPACE = "member:me", "space:"


def place_named(name: str, member_id: int) -> str | None:
    """The full name of what a client calls `name`: `member:me` is its own stream. None for what has no such name."""
    if name == OWN:
        return str(member_stream(member_id))
    if name.startswith(SPACE):
        return name if re.fullmatch(r"[-\w]{1,60}", name.removeprefix(SPACE), re.ASCII) else None
    try:
        key = StreamKey.parse(name)
    except ValueError:
        return None
    return name if key.kind == Stream.Kind.THREAD and str(key) == name else None


def wire_name(place: str) -> str:
    """What clients call a place: only a member's own stream is ever heard, so it needs no number."""
    return OWN if place.startswith("member:") else place


def may_listen(member: Member, place: str) -> bool:
    """The single door. What does not exist and what one may not see are alike; threads have no restricted parts yet."""
    if not member.is_active:
        return False
    if place.startswith(SPACE):
        space = Space.objects.filter(slug=place.removeprefix(SPACE)).first()
        return space is not None and may_see_space(member, space)
    key = StreamKey.parse(place)
    if key.kind == Stream.Kind.MEMBER:
        return key == member_stream(member.pk)
    if key.part:
        return False
    thread = Thread.objects.select_related("space").filter(pk=key.subject_id).first()
    return thread is not None and may_see(member, thread)


def those_who_may(pairs: Collection[Pair]) -> set[Pair]:
    """The door's other face: those of many (member, place) who may listen, in a number of queries that grows with
    the number of different audiences, not of listeners."""
    listeners: dict[str, set[int]] = defaultdict(set)
    for member_id, place in pairs:
        listeners[place].add(member_id)
    allowed = _own(listeners)
    for thing, places in _by_audience(listeners).values():
        members = set().union(*(listeners[place] for place in places))
        seen = _viewers(thing, members)
        allowed |= {(member_id, place) for place in places for member_id in listeners[place] & seen}
    return allowed


def _own(listeners: dict[str, set[int]]) -> set[Pair]:
    own = {place: ids for place, ids in listeners.items() if place.startswith("member:")}
    mine = {member_id for place, ids in own.items() for member_id in ids if place == str(member_stream(member_id))}
    active: set[int] = set()
    for ids in in_chunks(mine):
        active.update(Member.objects.filter(pk__in=ids, is_active=True).values_list("pk", flat=True))
    return {(member_id, str(member_stream(member_id))) for member_id in active}


def _by_audience(listeners: Iterable[str]) -> dict[tuple[Any, ...], tuple[Thread, list[str]]]:
    """The places grouped by who may see them, each group with one thread that stands for all."""
    groups: dict[tuple[Any, ...], tuple[Thread, list[str]]] = {}
    for thread, place in _things(list(listeners)):
        named = thread.pk if thread.audience == Audience.ORGANIZATIONS else None
        whose = () if thread.audience == Audience.SPACE else (thread.organization_id, thread.center_id, named)
        audience = (thread.space_id, thread.audience, *whose)
        groups.setdefault(audience, (thread, []))[1].append(place)
    return groups


def _things(places: list[str]) -> Iterator[tuple[Thread, str]]:
    keys = {place: StreamKey.parse(place) for place in places if place.startswith("thread:")}
    ids = {key.subject_id: place for place, key in keys.items() if not key.part}
    for some in in_chunks(ids):
        for thread in Thread.objects.select_related("space").filter(pk__in=some):
            yield thread, ids[thread.pk]
    slugs = [place.removeprefix(SPACE) for place in places if place.startswith(SPACE)]
    for names in in_chunks(slugs):
        for space in Space.objects.filter(slug__in=names):
            yield Thread(space=space, audience=Audience.SPACE), f"{SPACE}{space.slug}"


def _viewers(thing: Thread, member_ids: Iterable[int]) -> set[int]:
    seen: set[int] = set()
    for ids in in_chunks(member_ids):
        seen.update(viewers_of(thing, Member.objects.filter(pk__in=ids)).values_list("pk", flat=True))
    return seen


def doors_number() -> int:
    """A number that is another one after every change of who may see what that went through an action or the admin."""
    edits = LogEntry.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return newest_number(doors_stream()) + int(edits)


def doors_changed(**_facts: Any) -> None:
    """The reactor to every such change: tells the servers, in the transaction that made it."""
    emit(doors_stream(), DOORS, actor=None)
