"""Consequences upward: upper rooms register what they do when something happens on the people side.

A question or happening is declared here once; rooms register at start-up; the action runs the reactors in its own
transaction. A test prints and pins who reacts to what.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from community.models import Member
from community.rules.numbers import whole


@dataclass(frozen=True)
class Label:
    """What an inbox shows of a thing: its title and address; and a `note` that is the viewer's own.

    `words` say what happened in place of the sentence of the notice's kind.
    """

    title: str
    url: str
    note: str = ""
    words: str = ""


Describer = Callable[[Member, set[int]], dict[int, Label]]
Seer = Callable[[Member, list[int]], set[int]]
Audience = Callable[[int, Collection[int]], set[int]]
Reactor = Callable[..., None]
Finder = Callable[[Collection[int]], set[int]]
Rows = Callable[[Member], "QuerySet[Any]"]

MEMBER_CHANGED = "member.changed"
MEMBER_MOVED = (
    "member.moved"  # Their access began or ended, they left in good standing, or they are of another organization.
)
DOORS_CHANGED = "doors.changed"
MEMBER_ERASED = "member.erased"  # With `was`: the member as they were called.

_crowds: list[Callable[[], dict[int, int]]] = []
_finders: list[Finder] = []
_desks: list[Rows] = []
_describers: dict[str, Describer] = {}
_seers: dict[str, Seer] = {}
_audiences: dict[str, Audience] = {}
_reactors: dict[str, list[Reactor]] = defaultdict(list)


def describe_with(noun: str, describer: Describer, seer: Seer) -> None:
    """Register who knows things named `<noun>:<id>`.

    `describer(viewer, ids)` leaves out what the viewer may not see; `seer(viewer, ids)` says only which they may. It
    has `by_marks` when that is the same as long as the marks of the viewer and of who sees what are (`facts.marks`).
    """
    _describers[noun] = describer
    _seers[noun] = seer


def see_with(noun: str, audience: Audience) -> None:
    """Register who knows which members see things named `<noun>:<id>`.

    `audience(id, members)` says which of the members (ids) may see the thing now, in a fixed number of queries.
    """
    _audiences[noun] = audience


def count_crowds_with(counter: Callable[[], dict[int, int]]) -> None:
    """Register who knows how many people are in which thread now, as far as this process can tell."""
    _crowds.append(counter)


def crowds() -> dict[int, int]:
    """How many people are in which thread now; empty where nothing live runs."""
    found: dict[int, int] = {}
    for counter in _crowds:
        found |= counter()
    return found


def desk_with(rows: Rows) -> None:
    """Register rows that there are for whoever has a curators' desk without being a curator."""
    _desks.append(rows)


def desks_of(viewer: Member) -> "list[QuerySet[Any]]":
    """Rows any of which give the viewer a curators' desk."""
    return [rows(viewer) for rows in _desks]


def find_people_here_with(finder: Finder) -> None:
    """Register who knows which of some members (ids) are on line now, as far as this process can tell."""
    _finders.append(finder)


def people_here(member_ids: Collection[int]) -> set[int]:
    """Those of the members who are known to be on line; nobody where nothing live runs.

    Who is not among them may be on line all the same: another process has them, or they do not show it.
    """
    return {pk for finder in _finders for pk in finder(member_ids)}


def react_with(happening: str, reactor: Reactor) -> None:
    """Register what else is done when `happening` happens."""
    _reactors[happening].append(reactor)


def react(happening: str, **facts: Any) -> None:
    """Run everything registered for `happening`, in the caller's transaction."""
    for reactor in _reactors[happening]:
        reactor(**facts)


def describe(viewer: Member, names: Iterable[str]) -> dict[str, Label]:
    """Labels of those of the named things that the viewer may see."""
    ids: dict[str, set[int]] = defaultdict(set)
    for name in names:
        noun, _colon, number = name.partition(":")
        if (pk := whole(number)) is not None:
            ids[noun].add(pk)
    found: dict[str, Label] = {}
    for noun, wanted in ids.items():
        if noun in _describers:
            found |= {f"{noun}:{number}": label for number, label in _describers[noun](viewer, wanted).items()}
    return found


def seen_among(viewer: Member, names: Iterable[str]) -> set[str]:
    """Those of the named things that the viewer may see."""
    return {f"{noun}:{pk}" for noun, wanted in _numbered(names).items() for pk in _seers[noun](viewer, wanted)}


def seen_by_marks(names: Iterable[str]) -> bool:
    """Whether what `seen_among` says of these is the same as long as the marks are."""
    return all(getattr(_seers[noun], "by_marks", False) for noun in _numbered(names))


def _numbered(names: Iterable[str]) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = defaultdict(list)
    for name in names:
        noun, _colon, number = name.partition(":")
        if noun in _seers and number.isdecimal():
            ids[noun].append(int(number))
    return ids


def those_who_see(name: str, members: Collection[int]) -> set[int]:
    """Those of the members (ids) who may see the named thing; nobody when no room answers for it."""
    noun, _colon, number = name.partition(":")
    pk = whole(number)
    return _audiences[noun](pk, members) if noun in _audiences and pk is not None else set()


def registered() -> dict[str, list[str]]:
    """Who reacts to what, by name."""
    table = {name: [_name(reactor) for reactor in reactors] for name, reactors in _reactors.items()}
    table |= {f"describe {noun}": [_name(describer)] for noun, describer in _describers.items()}
    table |= {f"see {noun}": [_name(audience)] for noun, audience in _audiences.items()}
    table |= {"crowds": [_name(counter) for counter in _crowds]}
    return table | {"people here": [_name(finder) for finder in _finders]}


def _name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
