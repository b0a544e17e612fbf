"""Rings among three thousand members who help each other for a month: who of them is found."""

import random
from collections import Counter
from datetime import timedelta
from itertools import chain

import pytest

from reputation.rules.patterns import WIDE_EACH, WINDOW_DAYS
from reputation.rules.points import FROM_ONE_ORGANIZATION, POINTS
from reputation.rules.rings import Ring, Tie, wide_rings_in
from tests.benchmarks.caps import START
from tests.benchmarks.collusion import CAREFUL, EAGER, HONEST, Manner, colluded, helped, rings_of, world_of

MEMBERS = 3_000


def found(manner: Manner, honest: str, *, spread: int, days: int = WINDOW_DAYS) -> tuple[list[Ring], list[set[int]]]:
    """The rings that are shown, and those that there are."""
    chance = random.Random(f"{manner} {honest}")
    world = HONEST[honest](chance, world_of(chance, MEMBERS))
    rings = rings_of(chance, world, MEMBERS // 20, spread)
    pairs, received = Counter[tuple[int, int]](), Counter[int]()
    for day in range(days):
        at = START + timedelta(days=day)
        busy = (member for member in range(MEMBERS) if chance.random() < world.busy[member])
        lived = chain.from_iterable(helped(chance, world, member, at) for member in busy)
        arranged = chain.from_iterable(colluded(chance, world, ring, manner, at) for ring in rings)
        for gift in chain(lived, arranged):
            if gift.giver is not None:
                pairs[gift.giver, gift.member] += 1
                received[gift.member] += 1
    places = world.organization
    ties = [Tie(*pair, gifts, places[pair[0]] == places[pair[1]]) for pair, gifts in pairs.items() if gifts > 1]
    return wide_rings_in(ties, received), [set(ring) for ring in rings]


def all_found(shown: list[Ring], rings: list[set[int]]) -> bool:
    """Whether nine tenths of each are in one group, and nobody is in any who is not one of them but a few."""
    strangers = set().union(*(group.members for group in shown)) - set().union(*rings)
    each = all(any(10 * len(ring & group.members) >= 9 * len(ring) for group in shown) for ring in rings)
    return each and len(strangers) <= MEMBERS // 200


@pytest.mark.parametrize("honest", HONEST)
@pytest.mark.parametrize("spread", [5, 20])
def test_a_ring_across_organizations_that_fills_the_caps_is_found(honest: str, spread: int) -> None:
    assert all_found(*found(CAREFUL, honest, spread=spread))
    assert all_found(*found(EAGER, honest, spread=spread, days=5))


def test_a_large_ring_of_one_organization_is_found_when_it_overdoes_it() -> None:
    assert all_found(*found(EAGER, "acquaintances", spread=1))
    assert found(CAREFUL, "acquaintances", spread=1)[0] == [], "it looks as a team does, and is bound by its cap"


@pytest.mark.parametrize("honest", HONEST)
def test_honest_members_are_no_ring(honest: str) -> None:
    assert found(CAREFUL._replace(of_the_caps=0.0), honest, spread=5)[0] == []


def test_who_stays_below_gains_no_more_than_one_other_organization_may_give() -> None:
    assert WIDE_EACH * POINTS["helped"] <= FROM_ONE_ORGANIZATION
