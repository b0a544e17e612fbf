"""The door of every stream: who may listen (DESIGN rule 5). Asked when somebody subscribes, and again as it changes."""

import re
from collections.abc import Collection, Sequence

from community.events.streams import StreamKey, member_stream
from community.models import Stream
from realtime.database import in_chunks
from threads.policies.sight import Sight, Thing, spaces_as_things, threads_as_things

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


def those_who_may(pairs: Collection[Pair]) -> set[Pair]:
    """The single door: those of many (member, place) who may listen, in a few queries for every 900 of them.

    What does not exist and what one may not see are alike; threads have no restricted parts yet.
    """
    allowed: set[Pair] = set()
    for some in in_chunks(sorted(pairs, key=lambda pair: pair[1])):
        allowed |= _those_of(some)
    return allowed


def pens_of(pairs: Collection[Pair]) -> dict[Pair, bool]:
    """Of many (member, thread) those who may see it, with whether they may write its record while it takes changes."""
    pens: dict[Pair, bool] = {}
    for some in in_chunks(sorted(pairs, key=lambda pair: pair[1])):
        things = _things({place for _member_id, place in some})
        sight = Sight({member_id for member_id, _place in some}, things.values())
        for member_id, place in some:
            thing = things.get(place)
            if thing is not None and sight.sees(member_id, thing):
                pens[member_id, place] = sight.writes_record(member_id, thing)
    return pens


def _those_of(pairs: Sequence[Pair]) -> set[Pair]:
    things = _things({place for _member_id, place in pairs})
    sight = Sight({member_id for member_id, _place in pairs}, things.values())
    return {(member_id, place) for member_id, place in pairs if _may(sight, member_id, place, things.get(place))}


def _may(sight: Sight, member_id: int, place: str, thing: Thing | None) -> bool:
    if thing is not None:
        return sight.sees(member_id, thing)
    return place == str(member_stream(member_id)) and sight.is_active(member_id)


def _things(places: Collection[str]) -> dict[str, Thing]:
    """The threads and spaces of these names; restricted parts are nobody's yet."""
    keys = {place: StreamKey.parse(place) for place in places if place.startswith("thread:")}
    ids = {key.subject_id: place for place, key in keys.items() if not key.part}
    slugs = [place.removeprefix(SPACE) for place in places if place.startswith(SPACE)]
    threads = threads_as_things(ids) if ids else {}
    spaces = spaces_as_things(slugs) if slugs else {}
    return {ids[pk]: thing for pk, thing in threads.items()} | {f"{SPACE}{slug}": it for slug, it in spaces.items()}
