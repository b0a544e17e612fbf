"""Who writes where in a record. What goes out is made here: from a client come only the place and the field.

Pure bookkeeping; `desk.py` says when. Nothing of it is kept anywhere.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from realtime.people import Person
from realtime.records.limits import FORGOTTEN_SECONDS, SLOTS
from realtime.records.wire import Entry

FIELDS = ("problem", "environment", "cause", "resolution")
# For clients of others; on the site's own pages colours come from the style sheet, by slot. Each with white text.
COLORS = ("#b42318", "#9a5b00", "#2e7d32", "#0f766e", "#1d4ed8", "#6d28d9", "#be185d", "#7a4a2a")
NO_COLOR = "#4b5563"
_LARGEST = 2**53
Told = tuple[int, dict[str, Any]]  # clock, state


@dataclass(slots=True)
class Stand:
    """What a client of this process said last. `bump` is added to its clock: how often we changed it ourselves."""

    person: Person
    slot: int
    clock: int = -1
    bump: int = 0
    said: dict[str, Any] = field(default_factory=dict)

    def state(self, unnamed: Collection[int]) -> dict[str, Any]:
        """As others see it."""
        return {"user": shown(self.person, self.slot, unnamed), **self.said}


@dataclass(slots=True)
class Elsewhere:
    """Whom another process has, and when it said so."""

    states: dict[int, Told]
    at: float


def shown(person: Person, slot: int, unnamed: Collection[int]) -> dict[str, Any]:
    """Somebody as others see them; who counts without a name has none here either."""
    if person.id in unnamed:
        return {"name": "", "color": NO_COLOR, "colorLight": f"{NO_COLOR}33"}
    color = COLORS[slot]
    told = {"id": person.id, "name": person.name, "organization": person.organization}
    return told | {"color": color, "colorLight": f"{color}33", "slot": slot}


class Whereabouts:
    """Of one record. Those who are gone are told once, with a clock that is one higher."""

    def __init__(self) -> None:
        self._here: dict[int, Stand] = {}
        self._elsewhere: dict[str, Elsewhere] = {}
        self._changed: set[int] = set()
        self._gone: dict[int, int] = {}
        self.news = False

    @property
    def changed(self) -> bool:
        """Whether there is something to tell."""
        return bool(self._changed or self._gone)

    # Here

    def is_elsewhere(self, client: int, member_id: int) -> bool:
        """Whether somebody else speaks for this client in another process."""
        said = (each.states[client][1]["user"] for each in self._elsewhere.values() if client in each.states)
        return any(user.get("id", member_id) != member_id for user in said)

    def hear(self, person: Person, entry: Entry) -> bool:
        """What somebody says of their own client; whether it can be used."""
        try:
            state = json.loads(entry.state)
        except (ValueError, RecursionError):
            return False
        if state is None:
            self.leave(entry.client, entry.clock)
            return True
        if not isinstance(state, dict):
            return False
        stand = self._here.get(entry.client)
        if stand is None:
            stand = self._here[entry.client] = Stand(person, self._free_slot(person.id))
        stand.person = person
        if entry.clock > stand.clock:
            stand.clock, stand.said = entry.clock, {"cursor": _cursor(state), "field": _field(state)}
            self._gone.pop(entry.client, None)
            self._changed.add(entry.client)
            self.news = True
        return True

    def leave(self, client: int, clock: int = -1) -> None:
        """A client is gone, it says with that clock; -1 when it does not say."""
        stand = self._here.pop(client, None)
        if stand is not None:
            self._changed.discard(client)
            self._gone[client] = max(stand.clock + 1, clock) + stand.bump
            self.news = True

    def choose(self, unnamed: Collection[int], before: Collection[int]) -> None:
        """These members, and not those before, have no names from now on."""
        for client, stand in self._here.items():
            if (stand.person.id in unnamed) != (stand.person.id in before):
                stand.bump += 1
                self._changed.add(client)
                self.news = True

    def _free_slot(self, member_id: int) -> int:
        """The same for all of a member's; else their own, else the next that nobody has."""
        taken: dict[int, int] = {}
        for stand in self._here.values():
            taken[stand.slot] = stand.person.id
        for elsewhere in self._elsewhere.values():
            for _clock, state in elsewhere.states.values():
                user = state["user"]
                if "slot" in user:
                    taken.setdefault(user["slot"], user["id"])
        for slot, owner in taken.items():
            if owner == member_id:
                return slot
        mine = member_id % SLOTS
        return next((slot % SLOTS for slot in range(mine, mine + SLOTS) if slot % SLOTS not in taken), mine)

    # Elsewhere

    def hear_others(self, process: str, states: Iterable[tuple[int, int, dict[str, Any]]], now: float) -> None:
        """What another process has now, all of it."""
        told = {client: (clock, state) for client, clock, state in states if client not in self._here}
        before = self._elsewhere.get(process)
        known: Mapping[int, Told] = before.states if before else {}
        self._changed |= {client for client, state in told.items() if known.get(client) != state}
        for client, (clock, _state) in known.items():
            if client not in told:
                self._lose(client, clock)
        if told:
            self._elsewhere[process] = Elsewhere(told, now)
        else:
            self._elsewhere.pop(process, None)

    def forget(self, now: float) -> None:
        """Those are gone of whom their process has said nothing for long."""
        for process, elsewhere in list(self._elsewhere.items()):
            if elsewhere.at < now - FORGOTTEN_SECONDS:
                self.hear_others(process, (), now)

    def _lose(self, client: int, clock: int) -> None:
        if client not in self._here:
            self._changed.discard(client)
            self._gone[client] = clock + 1

    # Told

    def ours(self, unnamed: Collection[int]) -> list[tuple[int, int, dict[str, Any]]]:
        """All of this process, for the others."""
        self.news = False
        return [(client, each.clock + each.bump, each.state(unnamed)) for client, each in self._here.items()]

    def take(self, unnamed: Collection[int]) -> list[Entry]:
        """What changed since the last time, with those who are gone."""
        changed, gone = self._changed, self._gone
        self._changed, self._gone = set(), {}
        entries = [entry for entry in self.entries(unnamed) if entry.client in changed]
        return entries + [Entry(client, clock, b"null") for client, clock in gone.items()]

    def entries(self, unnamed: Collection[int]) -> list[Entry]:
        """Everybody, here and elsewhere."""
        found = {client: _entry(client, clock, state) for client, clock, state in self.everywhere(unnamed)}
        return list(found.values())

    def everywhere(self, unnamed: Collection[int]) -> Iterable[tuple[int, int, dict[str, Any]]]:
        """The same, not written yet; who is here counts more than who is said to be elsewhere."""
        for elsewhere in self._elsewhere.values():
            for client, (clock, state) in elsewhere.states.items():
                yield client, clock, state
        for client, stand in self._here.items():
            yield client, stand.clock + stand.bump, stand.state(unnamed)


def alone(person: Person, entry: Entry, unnamed: Collection[int]) -> Entry | None:
    """What somebody who only reads says, for themselves; None when it cannot be used."""
    try:
        state = json.loads(entry.state)
    except (ValueError, RecursionError):
        return None
    if not isinstance(state, dict):
        return None
    user = shown(person, person.id % SLOTS, unnamed)
    return _entry(entry.client, entry.clock, {"user": user, "cursor": None, "field": None})


def _entry(client: int, clock: int, state: Mapping[str, Any]) -> Entry:
    return Entry(client, clock, json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode())


def _field(state: Mapping[str, Any]) -> str | None:
    said = state.get("field")
    return said if isinstance(said, str) and said in FIELDS else None


def _cursor(state: Mapping[str, Any]) -> dict[str, Any] | None:
    cursor = state.get("cursor")
    if not isinstance(cursor, dict):
        return None
    anchor, head = _place(cursor.get("anchor")), _place(cursor.get("head"))
    return {"anchor": anchor, "head": head} if anchor and head else None


def _place(said: Any) -> dict[str, Any] | None:
    """A relative position in one of the texts."""
    if not isinstance(said, dict) or not isinstance(said.get("tname"), str) or said["tname"] not in FIELDS:
        return None
    item, assoc = said.get("item"), said.get("assoc", 0)
    if item is not None:
        if not isinstance(item, dict) or not (_whole(item.get("client")) and _whole(item.get("clock"))):
            return None
        item = {"client": item["client"], "clock": item["clock"]}
    if type(assoc) is not int or not -1 <= assoc <= 1:
        return None
    return {"type": None, "tname": said["tname"], "item": item, "assoc": assoc}


def _whole(said: Any) -> bool:
    return type(said) is int and 0 <= said < _LARGEST
