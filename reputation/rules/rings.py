"""Small groups whose members all give to each other, among any number of people: a matter of arithmetic."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from reputation.rules.patterns import RING_EACH, RING_LEAST, RING_MOST, RING_SHARE, RING_TIES


class Tie(NamedTuple):
    """How many gifts one member gave another."""

    giver: int
    receiver: int
    gifts: int


class Ring(NamedTuple):
    """A group, how many gifts it gave itself, and how many its members got in all."""

    members: frozenset[int]
    gifts: int
    received: int


def rings_in(ties: Iterable[Tie], received: Mapping[int, int]) -> list[Ring]:
    """The groups in which everybody is reached from everybody by ties, that are small and live of themselves.

    Groups that are too large are looked at again by stronger ties. `received` is what each member got from anybody.
    """
    found: list[Ring] = []
    left = [list(ties)]
    for least in RING_TIES:
        larger: list[list[Tie]] = []
        for part in left:
            strong = [tie for tie in part if tie.gifts >= least]
            for group in _circles(strong):
                inside = [tie for tie in part if tie.giver in group and tie.receiver in group]
                if len(group) > RING_MOST:
                    larger.append(inside)
                elif (ring := _ring(group, inside, received)) is not None:
                    found.append(ring)
        left = larger
    return found


def _ring(group: frozenset[int], inside: list[Tie], received: Mapping[int, int]) -> Ring | None:
    gifts, got = sum(tie.gifts for tie in inside), sum(received.get(member, 0) for member in group)
    lives_of_itself = gifts >= RING_EACH * len(group) and gifts >= RING_SHARE * got
    return Ring(group, gifts, got) if len(group) >= RING_LEAST and lives_of_itself else None


def _circles(ties: list[Tie]) -> Iterator[frozenset[int]]:
    """Those who reach each other by the ties: forwards in the order of finishing, then backwards (Kosaraju)."""
    forwards: dict[int, list[int]] = defaultdict(list)
    backwards: dict[int, list[int]] = defaultdict(list)
    for tie in ties:
        forwards[tie.giver].append(tie.receiver)
        backwards[tie.receiver].append(tie.giver)
    seen: set[int] = set()
    order = [member for start in sorted(forwards) for member in _finished(start, forwards, seen)]
    seen = set()
    for start in reversed(order):
        group = frozenset(_finished(start, backwards, seen))
        if len(group) > 1:
            yield group


def _finished(start: int, ways: Mapping[int, list[int]], seen: set[int]) -> list[int]:
    """Whoever is reached from `start` and was not seen, each after those reached from them."""
    if start in seen:
        return []
    seen.add(start)
    path, done = [(start, iter(ways.get(start, ())))], []
    while path:
        member, others = path[-1]
        following = next((other for other in others if other not in seen), None)
        if following is None:
            done.append(member)
            path.pop()
        else:
            seen.add(following)
            path.append((following, iter(ways.get(following, ()))))
    return done
