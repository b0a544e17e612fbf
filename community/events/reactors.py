"""Consequences upward: upper rooms register what they do when something happens on the people side.

A question or happening is declared here once; rooms register at start-up; the action runs the reactors in its own
transaction. A test prints and pins who reacts to what.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from community.models import Member


@dataclass(frozen=True)
class Label:
    """What an inbox shows of a thing: its title and address."""

    title: str
    url: str


Describer = Callable[[Member, set[int]], dict[int, Label]]
Reactor = Callable[..., None]

MEMBER_CHANGED = "member.changed"
DOORS_CHANGED = "doors.changed"

_describers: dict[str, Describer] = {}
_reactors: dict[str, list[Reactor]] = defaultdict(list)


def describe_with(noun: str, describer: Describer) -> None:
    """Register who knows things named `<noun>:<id>`.

    `describer(viewer, ids)` leaves out what the viewer may not see.
    """
    _describers[noun] = describer


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
        if number.isdigit():
            ids[noun].add(int(number))
    found: dict[str, Label] = {}
    for noun, wanted in ids.items():
        if noun in _describers:
            found |= {f"{noun}:{number}": label for number, label in _describers[noun](viewer, wanted).items()}
    return found


def registered() -> dict[str, list[str]]:
    """Who reacts to what, by name."""
    table = {
        name: [f"{reactor.__module__}.{reactor.__qualname__}" for reactor in them] for name, them in _reactors.items()
    }
    return table | {f"describe {noun}": [f"{fn.__module__}.{fn.__qualname__}"] for noun, fn in _describers.items()}
