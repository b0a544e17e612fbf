"""How far colluding members get in a year: `python -m tests.benchmarks.collusion`.

18,000 members in 300 organizations of very different sizes live through a year, by the code that the ledger's caps are
applied by (`reputation.rules.books`, which a test holds equal to `grant`). Honest members answer as busily as they are,
and are helped as good as they are: by colleagues, and by others, mostly in one subject of their own. A share of all
members colludes, in rings of twenty, in the same subject: every day each of a ring gives as much as they can think of
to each other one, and records a practice. One kind of ring is of one organization, the other of five. Printed is what
both got, beside the same year without caps. Patterns are not looked for and nobody is suspended: this is what rings get
while nobody notices (`tests.benchmarks.patterns` looks who would).
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import NamedTuple, cast

from reputation.rules import points as rules
from reputation.rules.books import Books, Gift, Rules

MEMBERS, ORGANIZATIONS, DAYS = 18_000, 300, 365
RING = 20
SHARES = (0.01, 0.05, 0.10)
_START = datetime(2026, 1, 1, tzinfo=UTC)
_NO_CAPS = 10**9
# Of all that helps somebody: this much is said by colleagues, and this much solves; answers an active day.
_BY_COLLEAGUES, _SOLVES = 0.4, 0.25


# Who has acquaintances has this share of their help from them: colleagues of their team, others of their circle.
_NEAR, _TEAM, _CIRCLE, _PARTNERS = 0.7, 8, 25, 3


class World(NamedTuple):
    """Who is where: organization by member, members by organization, and how busy each is.

    `teams` and `circles` have the acquaintances of each member within the own organization and anywhere, if any.
    """

    organization: list[int]
    people: list[list[int]]
    busy: list[float]
    teams: Sequence[Sequence[int]] = ()
    circles: Sequence[Sequence[int]] = ()


class Manner(NamedTuple):
    """How a ring gives: so much of what the caps would reward, as evenly as can be; None is all they can think of."""

    name: str
    of_the_caps: float | None


EAGER, CAREFUL, SLOW = Manner("eager", None), Manner("careful", 1.0), Manner("slow", 0.5)


def main() -> int:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=MEMBERS)
    parser.add_argument("--days", type=int, default=DAYS)
    options = parser.parse_args()
    sys.stdout.write(
        f"{options.members:,} members, {ORGANIZATIONS} organizations, {options.days} days;"
        " standing: median / 99th percentile / most\n"
    )
    for share in SHARES:
        for spread in (1, 5):
            for caps in (False, True):
                sys.stdout.write(_line(share, spread, caps, options.members, options.days) + "\n")
    return 0


def _line(share: float, spread: int, caps: bool, members: int, days: int) -> str:
    began = time.perf_counter()
    chance = random.Random(f"{share} {spread}")
    world = world_of(chance, members)
    rings = rings_of(chance, world, int(members * share), spread)
    colluding = {member for ring in rings for member in ring}
    books = Books(rules if caps else _without_caps())
    standing = [0] * members
    for gift in _year(chance, world, rings, colluding, days):
        standing[gift.member] += books.give(gift)[0]
    honest = [standing[member] for member in range(members) if member not in colluding]
    theirs = [standing[member] for member in colluding]
    best = set(sorted(range(members), key=lambda member: -standing[member])[: members // 100])
    edits = rules.THRESHOLDS["edit"]
    return (
        f"{share:4.0%} in rings of {spread} organization{'s' if spread > 1 else ' '} {'caps' if caps else 'none'}:"
        f" honest {_three(honest)}, rings {_three(theirs)};"
        f" rings hold {sum(theirs) / sum(standing):.1%} of all standing and {len(best & colluding) / len(best):.0%} of"
        f" the best hundredth; {sum(points >= edits for points in theirs) / len(theirs):.0%} of them and"
        f" {sum(points >= edits for points in honest) / len(honest):.0%} of the honest reach {edits}"
        f" ({time.perf_counter() - began:.0f} s)"
    )


def _three(values: list[int]) -> str:
    return " / ".join(map(str, median_best(values)))


def median_best(values: list[int]) -> tuple[int, int, int]:
    """The median, the 99th percentile and the most."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], ordered[-1]


def _without_caps() -> Rules:
    def allowed(rule: str, points: int, used: object, *, given: bool, inside: bool) -> tuple[int, str]:
        return points, ""

    return cast(
        "Rules",
        SimpleNamespace(POINTS=rules.POINTS, WINDOW_DAYS=rules.WINDOW_DAYS, OWN_WORD=rules.OWN_WORD, allowed=allowed),
    )


def world_of(chance: random.Random, members: int) -> World:
    """Organizations as large as one over their rank; most members say little, few a lot."""
    weights = [1 / (rank + 3) for rank in range(ORGANIZATIONS)]
    organization = chance.choices(range(ORGANIZATIONS), weights, k=members)
    people: list[list[int]] = [[] for _each in range(ORGANIZATIONS)]
    for member, place in enumerate(organization):
        people[place].append(member)
    return World(organization, people, [min(chance.lognormvariate(-3.5, 1.4), 3.0) for _each in range(members)])


def rings_of(chance: random.Random, world: World, colluding: int, spread: int) -> list[list[int]]:
    """Rings of twenty, each in so many organizations that are large enough, until so many collude."""
    free = [list(members) for members in world.people]
    for members in free:
        chance.shuffle(members)
    each = RING // spread
    rings: list[list[int]] = []
    while sum(map(len, rings)) < colluding:
        places = [place for place, members in enumerate(free) if len(members) >= each]
        if len(places) < spread:
            break
        ring = [free[place].pop() for place in chance.sample(places, spread) for _seat in range(each)]
        rings.append(ring)
    return rings


def _year(
    chance: random.Random, world: World, rings: list[list[int]], colluding: set[int], days: int
) -> Iterator[Gift]:
    members = range(len(world.organization))
    for day in range(days):
        at = _START + timedelta(days=day, hours=12)
        for member in members:
            if member not in colluding and chance.random() < world.busy[member]:
                yield from helped(chance, world, member, at)
        for ring in rings:
            yield from colluded(chance, world, ring, EAGER, at)


def colluded(chance: random.Random, world: World, ring: list[int], manner: Manner, at: datetime) -> Iterator[Gift]:
    """A day of a ring."""
    organization = world.organization
    for member in ring:
        yield Gift(member, organization[member], "practice", None, None, at)
        if manner.of_the_caps is not None:
            yield from _carefully(chance, world, ring, member, manner.of_the_caps, at)
            continue
        # Two of the ring give to each, every day: beyond that a pair's cap is reached within the month anyway.
        for giver in chance.sample(ring, 3):
            if giver != member:
                yield Gift(member, organization[member], "helped", giver, organization[giver], at)
                yield Gift(member, organization[member], "solution", giver, organization[giver], at)


def _carefully(
    chance: random.Random, world: World, ring: list[int], member: int, share: float, at: datetime
) -> Iterator[Gift]:
    own = world.organization[member]
    others = [giver for giver in ring if giver != member]
    seats = Counter(world.organization[giver] for giver in others)
    for giver in others:
        place = world.organization[giver]
        most = rules.FROM_OWN_ORGANIZATION if place == own else rules.FROM_ONE_ORGANIZATION
        gifts = min(most / seats[place], rules.FROM_ONE_MEMBER) / rules.POINTS["helped"]
        if chance.random() < share * gifts / rules.WINDOW_DAYS:
            yield Gift(member, own, "helped", giver, place, at)


def helped(chance: random.Random, world: World, member: int, at: datetime) -> Iterator[Gift]:
    """What an honest day earns: somebody says that it helped, now and then that it solved."""
    for _voice in range(chance.choices((1, 2, 3, 5), (70, 18, 9, 3))[0]):
        giver = _giver(chance, world, member)
        if giver != member:
            yield Gift(member, world.organization[member], "helped", giver, world.organization[giver], at)
            if chance.random() < _SOLVES:
                yield Gift(member, world.organization[member], "solution", giver, world.organization[giver], at)


def _giver(chance: random.Random, world: World, member: int) -> int:
    inside = chance.random() < _BY_COLLEAGUES
    if world.teams and chance.random() < _NEAR:
        return chance.choice((world.teams if inside else world.circles)[member])
    return chance.choice(world.people[world.organization[member]]) if inside else chance.randrange(len(world.busy))


def acquainted(chance: random.Random, world: World) -> World:
    """The same people, each with a team in their organization and a circle of people anywhere."""
    teams = [team for members in world.people for team in _groups(chance, members, _TEAM)]
    circles = _groups(chance, range(len(world.busy)), _CIRCLE)
    of_team, of_circle = ({member: group for group in groups for member in group} for groups in (teams, circles))
    everybody = range(len(world.busy))
    return world._replace(
        teams=[of_team[member] for member in everybody], circles=[of_circle[member] for member in everybody]
    )


def partnered(chance: random.Random, world: World) -> World:
    """The same people with teams, and three organizations that each organization works with."""
    near = acquainted(chance, world)
    places = [place for place, members in enumerate(world.people) if members]
    people = [
        [member for partner in chance.sample(places, _PARTNERS) for member in world.people[partner]]
        for _place in world.people
    ]
    return near._replace(circles=[people[place] for place in world.organization])


HONEST: dict[str, Callable[[random.Random, World], World]] = {
    "anybody": lambda _chance, world: world,
    "acquaintances": acquainted,
    "partners": partnered,
}


def _groups(chance: random.Random, members: Sequence[int], size: int) -> list[list[int]]:
    shuffled = chance.sample(members, len(members))
    return [shuffled[start : start + size] for start in range(0, len(shuffled), size)]


if __name__ == "__main__":
    sys.exit(main())
