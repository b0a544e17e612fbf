"""Groups whose members all give to each other, among any number of people: a matter of arithmetic."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from reputation.rules.patterns import (
    RING_EACH,
    RING_LEAST,
    RING_MOST,
    RING_SHARE,
    RING_TIES,
    TEAM_EACH,
    WIDE_EACH,
    WIDE_KEPT,
    WIDE_MOST,
    WIDE_SHARE,
    WIDE_TIES,
)


class Tie(NamedTuple):
    """How many gifts one member gave another, and whether all of them within one organization."""

    giver: int
    receiver: int
    gifts: int
    inside: bool = True


class Ring(NamedTuple):
    """A group, how many gifts it gave itself, and how many its members got in all."""

    members: frozenset[int]
    gifts: int
    received: int


class _Ties:
    """Ties by who gave."""

    def __init__(self, ties: Iterable[Tie]) -> None:
        self._by_giver: dict[int, list[Tie]] = defaultdict(list)
        for tie in ties:
            self._by_giver[tie.giver].append(tie)

    def of(self, least: int) -> list[Tie]:
        """Those of so many gifts."""
        return [tie for ties in self._by_giver.values() for tie in ties if tie.gifts >= least]

    def among(self, group: Collection[int]) -> list[Tie]:
        """Those from one of the group to another."""
        givers = [self._by_giver[member] for member in sorted(group) if member in self._by_giver]
        return [tie for ties in givers for tie in ties if tie.receiver in group]


def rings_in(ties: Iterable[Tie], received: Mapping[int, int]) -> list[Ring]:
    """The groups in which everybody is reached from everybody by ties, that are small and live of themselves.

    Groups that are too large are looked at again by stronger ties. `received` is what each member got from anybody.
    """
    found: list[Ring] = []
    left = [list(ties)]
    for least in RING_TIES:
        larger: list[list[Tie]] = []
        for part in map(_Ties, left):
            for group in _circles(part.of(least)):
                inside = part.among(group)
                if len(group) > RING_MOST:
                    larger.append(inside)
                elif (ring := _small_ring(group, inside, received)) is not None:
                    found.append(ring)
        left = larger
    return found


def wide_rings_in(ties: Iterable[Tie], received: Mapping[int, int], kinds: Sequence[int] = WIDE_TIES) -> list[Ring]:
    """The same across organizations, and of more than fit a small group.

    Whoever lives of others is left out first: ties between the many who know each other a little would make one group
    of them all. Each group is looked at again by stronger ties, which tell apart what hardly hangs together, and count
    when they leave nearly everybody in.
    """
    found: list[Ring] = []
    part = _Ties(ties)
    for circle in _circles(part.of(kinds[0])):
        closed = _Ties(part.among(_closed(circle, part.among(circle), received)))
        for group in _circles(closed.of(kinds[0])):
            inside = closed.among(group)
            finer = wide_rings_in(inside, received, kinds[1:]) if kinds[1:] else []
            whole = _wide_ring(group, inside, received)
            if whole is None or sum(len(ring.members) for ring in finer) >= WIDE_KEPT * len(group):
                found += finer
            else:
                found.append(whole)
    return found


def _small_ring(group: frozenset[int], inside: list[Tie], received: Mapping[int, int]) -> Ring | None:
    ring = _ring(group, inside, received)
    enough = ring.gifts >= RING_EACH * len(group) and ring.gifts >= RING_SHARE * ring.received
    return ring if enough and len(group) >= RING_LEAST else None


def _wide_ring(group: frozenset[int], inside: list[Tie], received: Mapping[int, int]) -> Ring | None:
    if not RING_LEAST <= len(group) <= WIDE_MOST:
        return None
    ring, across = _ring(group, inside, received), sum(tie.gifts for tie in inside if not tie.inside)
    overdone = len(group) > RING_MOST and ring.gifts >= TEAM_EACH * len(group)
    enough = overdone or across >= WIDE_EACH * len(group)
    return ring if enough and ring.gifts >= WIDE_SHARE * ring.received else None


def _ring(group: frozenset[int], inside: list[Tie], received: Mapping[int, int]) -> Ring:
    return Ring(group, sum(tie.gifts for tie in inside), sum(received.get(member, 0) for member in group))


def _closed(group: frozenset[int], inside: list[Tie], received: Mapping[int, int]) -> set[int]:
    """Who remains when everybody has left who got too little of theirs from those who remain."""
    got, given = Counter[int](), defaultdict(list)
    for tie in inside:
        got[tie.receiver] += tie.gifts
        given[tie.giver].append(tie)
    remaining, looked_at = set(group), sorted(group)
    while looked_at:
        member = looked_at.pop()
        if member in remaining and got[member] < WIDE_SHARE * received.get(member, 0):
            remaining.remove(member)
            for tie in given[member]:
                got[tie.receiver] -= tie.gifts
                looked_at.append(tie.receiver)
    return remaining


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
