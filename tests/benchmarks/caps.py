"""Other caps, and whom they would hold down: `python -m tests.benchmarks.caps`.

The same gifts (`tests.benchmarks.collusion`, 5% of all in eager rings of five and of twenty organizations) are given by
the rules in force and by rules with one cap lowered, or one more. Honest members are helped by anybody; or mostly by
acquaintances, their team and a circle of 25 across organizations; or by their team and three partner organizations.
Printed is what each leaves of a month: median / 99th percentile / most, and the difference it makes to the 99th
percentile of the honest and to the median of the rings. A cap is worth it when it halves both rings and takes less than
5% from the honest in all three worlds.
"""

import argparse
import random
import sys
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import NamedTuple, cast

from reputation.rules import points as in_force
from reputation.rules.books import Books, Gift, Rules
from reputation.rules.points import Used
from tests.benchmarks.collusion import EAGER, HONEST, MEMBERS, colluded, helped, median_best, rings_of, world_of

START = datetime.fromisoformat("2026-01-01T12:00:00+00:00")
SHARE, DAYS = 0.05, 30
SPREADS = (5, 20)


class Before(NamedTuple):
    """What a member got within the window: by giver, by organization of the givers; and what they gave, to whom."""

    givers: dict[int, Counter[int]]
    places: dict[int, Counter[int]]


Room = Callable[[Before, Gift], int]


class Tried(Books):
    """The rules as they are and how much room one more cap leaves to what was given by somebody."""

    def __init__(self, rules: ModuleType, room: Room | None = None) -> None:
        super().__init__(cast("Rules", rules))
        self._real, self._room = rules.allowed, room
        self._rows: deque[tuple[datetime, Gift, int]] = deque()
        self._before = Before(defaultdict(Counter), defaultdict(Counter))
        self._gift: Gift | None = None
        if room is not None:
            rules.allowed = self._allowed  # type: ignore[attr-defined]

    def give(self, gift: Gift) -> tuple[int, str]:
        if self._room is None:
            return super().give(gift)
        while self._rows and self._rows[0][0] <= gift.at - timedelta(days=in_force.WINDOW_DAYS):
            _at, old, points = self._rows.popleft()
            self._note(old, -points)
        self._gift = gift
        given = super().give(gift)
        if gift.giver is not None and given[0]:
            self._rows.append((gift.at, gift, given[0]))
            self._note(gift, given[0])
        return given

    def _note(self, gift: Gift, points: int) -> None:
        if gift.giver is not None and gift.giver_organization is not None:
            for counter, key in (
                (self._before.givers[gift.member], gift.giver),
                (self._before.places[gift.member], gift.giver_organization),
            ):
                counter[key] += points
                if not counter[key]:
                    del counter[key]

    def _allowed(self, rule: str, points: int, used: Used, *, given: bool, inside: bool) -> tuple[int, str]:
        left, capped = self._real(rule, points, used, given=given, inside=inside)
        if not given or self._gift is None or self._room is None:
            return left, capped
        room = max(self._room(self._before, self._gift), 0)
        return (room, "tried") if room < left else (left, capped)


def _best_places(most: int, number: int) -> Room:
    """From the five organizations, say, that gave most together."""

    def room(before: Before, gift: Gift) -> int:
        places = before.places[gift.member]
        others = [points for place, points in places.items() if place != gift.giver_organization]
        return most - sum(sorted(others, reverse=True)[: number - 1]) - places[cast("int", gift.giver_organization)]

    return room


def _best_givers(most: int, number: int) -> Room:
    """From the twenty members, say, who gave most together."""

    def room(before: Before, gift: Gift) -> int:
        givers = before.givers[gift.member]
        others = [points for giver, points in givers.items() if giver != gift.giver]
        return most - sum(sorted(others, reverse=True)[: number - 1]) - givers[cast("int", gift.giver)]

    return room


def _mutual(most: int) -> Room:
    """From a member to whom one gave as well."""

    def room(before: Before, gift: Gift) -> int:
        gave_back = before.givers[cast("int", gift.giver)].get(gift.member, 0)
        return most - before.givers[gift.member].get(cast("int", gift.giver), 0) if gave_back else most + 10**6

    return room


def _changed(**numbers: int) -> ModuleType:
    """A copy of the rules in force with other numbers."""
    rules = ModuleType("rules")
    exec(compile(Path(str(in_force.__file__)).read_text(encoding="utf-8"), "rules", "exec"), rules.__dict__)  # noqa: S102
    for name, number in numbers.items():
        setattr(rules, name, number)
    return rules


def _tried() -> dict[str, Books]:
    return {
        "in force": Tried(_changed()),
        "from one member 30": Tried(_changed(FROM_ONE_MEMBER=30)),
        "from one member 15": Tried(_changed(FROM_ONE_MEMBER=15)),
        "from one organization 75": Tried(_changed(FROM_ONE_ORGANIZATION=75)),
        "from one organization 50": Tried(_changed(FROM_ONE_ORGANIZATION=50)),
        "member 30 and organization 75": Tried(_changed(FROM_ONE_MEMBER=30, FROM_ONE_ORGANIZATION=75)),
        "who gives each other: 10 from one": Tried(_changed(), _mutual(10)),
        "the best five organizations 300": Tried(_changed(), _best_places(300, 5)),
        "the best twenty givers 300": Tried(_changed(), _best_givers(300, 20)),
    }


def main() -> int:
    """Print a table for each world and spread."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=MEMBERS)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--honest", choices=HONEST, action="append")
    options = parser.parse_args()
    for honest in options.honest or HONEST:
        for spread in SPREADS:
            _table(honest, spread, options.members, options.days)
    return 0


def _table(helped_by: str, spread: int, members: int, days: int) -> None:
    chance = random.Random(f"{helped_by} {spread}")
    world = HONEST[helped_by](chance, world_of(chance, members))
    rings = rings_of(chance, world, int(members * SHARE), spread)
    colluding = {member for ring in rings for member in ring}
    tried = _tried()
    standing = {name: [0] * members for name in tried}
    for day in range(days):
        at = START + timedelta(days=day)
        gifts = [gift for ring in rings for gift in colluded(chance, world, ring, EAGER, at)]
        for member in range(members):
            if member not in colluding and chance.random() < world.busy[member]:
                gifts += helped(chance, world, member, at)
        chance.shuffle(gifts)
        for name, books in tried.items():
            reached = standing[name]
            for gift in gifts:
                reached[gift.member] += books.give(gift)[0]
    sys.stdout.write(f"{days} days, rings of {spread} organizations, honest helped by {helped_by}\n")
    honest = [member for member in range(members) if member not in colluding]
    before = [_three(standing["in force"], some) for some in (honest, sorted(colluding))]
    for name, reached in standing.items():
        theirs, ours = _three(reached, sorted(colluding)), _three(reached, honest)
        sys.stdout.write(
            f"  {name:34} honest {' / '.join(map(str, ours))} ({_change(ours[1], before[0][1])}),"
            f" rings {' / '.join(map(str, theirs))} ({_change(theirs[0], before[1][0])})\n"
        )
    sys.stdout.flush()


def _three(reached: list[int], some: list[int]) -> tuple[int, int, int]:
    return median_best([reached[member] for member in some])


def _change(now: int, before: int) -> str:
    return f"{100 * (now - before) / before:+.0f}%"


if __name__ == "__main__":
    sys.exit(main())
