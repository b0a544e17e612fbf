"""Who would notice rings: `python -m tests.benchmarks.patterns`.

The people of `tests.benchmarks.collusion` live through a month, on SQLite or PostgreSQL (`--database`), a share of them
colluding in rings of twenty. What they give each other is written as rows of the ledger, under its caps, and on some
days `find_patterns` looks as it does every night. Printed is how many rings (half of their members in one flag), how
many of the colluding and how many of the honest were shown to moderators by then, and at the end what the command
takes, in a process of its own, when it has never looked before.

Rings are eager (all they can think of), careful (just what the caps reward, spread evenly) or slow (half of that).
Their members are helped by others besides, as anybody is. Honest members are helped by anybody; or mostly by
acquaintances, their team and a circle of 25 across organizations; or by their team and three partner organizations.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import TYPE_CHECKING, NamedTuple

from reputation.rules import points as rules
from reputation.rules.books import Books, Gift
from tests.benchmarks.collusion import (
    CAREFUL,
    EAGER,
    HONEST,
    MEMBERS,
    ORGANIZATIONS,
    SHARES,
    SLOW,
    Manner,
    World,
    colluded,
    helped,
    rings_of,
    world_of,
)
from tests.benchmarks.matching.apart import alone, site_of_its_own

if TYPE_CHECKING:
    from reputation.models import Award

DATABASES = ("sqlite", "postgresql")
MANNERS = {manner.name: manner for manner in (EAGER, CAREFUL, SLOW)}
LOOKS = (4, 7, 14, 21, 30)
DAYS = 30
_AT_ONCE = 5_000
_MANAGE = Path(__file__).resolve().parents[2] / "manage.py"


class Case(NamedTuple):
    """What is tried."""

    share: float
    spread: int
    manner: Manner
    honest: str

    def __str__(self) -> str:
        places = f"{self.spread} organization{'s' if self.spread > 1 else ''}"
        return f"{self.share:.0%} in {self.manner.name} rings of {places}, honest helped by {self.honest}"


class Site(NamedTuple):
    """The people of a world as members: `least` is the key of the first, `places` has the organizations."""

    world: World
    least: int
    places: list[int]


def main() -> int:
    """Measure each database in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--members", type=int, default=MEMBERS)
    parser.add_argument("--manner", choices=MANNERS, action="append")
    parser.add_argument("--share", type=float, action="append")
    parser.add_argument("--spread", type=int, action="append", help="in how many organizations a ring is")
    parser.add_argument("--look", type=int, action="append", help="after how many days")
    parser.add_argument("--honest", choices=HONEST, action="append")
    options = parser.parse_args()
    cases = [
        Case(share, spread, MANNERS[manner], honest)
        for honest in options.honest or HONEST
        for manner in options.manner or MANNERS
        for share in options.share or SHARES
        for spread in options.spread or (1, 5)
    ]
    return max(
        alone(measure, (name, options.members, cases, options.look or LOOKS)) for name in options.database or DATABASES
    )


def measure(database: str, members: int, cases: list[Case], looks: Sequence[int]) -> None:
    """Live through each case on one site and print what was found."""
    with ExitStack() as stack:
        site_of_its_own(stack, database)
        world = world_of(random.Random("world"), members)
        site = _settled(world)
        sys.stdout.write(f"{database}, {members:,} members, {ORGANIZATIONS} organizations, {DAYS} days\n")
        for case in cases:
            _try(site, case, looks)


def _try(site: Site, case: Case, looks: Sequence[int]) -> None:
    from django.core.management import call_command

    from community.rules import clock
    from reputation.models import Award

    chance = random.Random(str(case))
    world = HONEST[case.honest](chance, site.world)
    rings = rings_of(chance, world, int(len(world.busy) * case.share), case.spread)
    start = datetime.now(UTC) - timedelta(days=DAYS)
    books = Books(rules)
    sys.stdout.write(f"{case}: {len(rings)} rings\n")
    _forget()
    for day in range(1, DAYS + 1):
        _write(site, books, _day(chance, world, rings, case.manner, start + timedelta(days=day - 1)))
        if day in looks:
            with clock.at(start + timedelta(days=day)):
                call_command("find_patterns", stdout=StringIO())
            sys.stdout.write(f"  after {day:2} days {_seen(site, rings)}\n")
    _forget(Award)
    seconds, mib = _apart()
    sys.stdout.write(
        f"  the command: {Award.objects.exclude(giver=None).count():,} gifts looked through in {seconds:.1f} s,"
        f" {mib:,.0f} MiB at most; all at once {_seen(site, rings)}\n"
    )
    sys.stdout.flush()


def _day(chance: random.Random, world: World, rings: list[list[int]], manner: Manner, at: datetime) -> Iterator[Gift]:
    """What is given on a day, spread over its ten working hours."""
    gifts = [
        gift
        for member in range(len(world.busy))
        if chance.random() < world.busy[member]
        for gift in helped(chance, world, member, at)
    ]
    gifts += [gift for ring in rings for gift in colluded(chance, world, ring, manner, at)]
    chance.shuffle(gifts)
    for number, gift in enumerate(gifts):
        yield gift._replace(at=at + timedelta(hours=10 * number / len(gifts)))


def _write(site: Site, books: Books, gifts: Iterator[Gift]) -> None:
    """Rows as `grant` makes them."""
    from reputation.models import Award

    rows: list[Award] = []
    for gift in gifts:
        points, capped = books.give(gift)
        rows.append(_row(site, gift, points, capped, Award))
    Award.objects.bulk_create(rows, batch_size=_AT_ONCE)


def _row(site: Site, gift: Gift, points: int, capped: str, model: "type[Award]") -> "Award":
    name = f"{gift.rule}:{gift.member}:{gift.giver}:{gift.at.timestamp()}#1"
    given = gift.giver is not None and gift.giver_organization is not None
    return model(
        member_id=site.least + gift.member, rule=gift.rule, rules_version=rules.RULES_VERSION, points=points,
        cause=name, subject=name[:60], month=gift.at.year * 100 + gift.at.month, capped=capped,
        giver_id=site.least + gift.giver if gift.giver is not None else None,
        giver_organization_id=site.places[gift.giver_organization or 0] if given else None,
        receiver_organization_id=site.places[gift.organization], at=gift.at,
    )  # fmt: skip


def _seen(site: Site, rings: list[list[int]]) -> str:
    """What moderators are shown, of any time until now."""
    from reputation.models import Flag

    flags = [
        (flag.kind, {member.pk - site.least for member in flag.members.all()})
        for flag in Flag.objects.prefetch_related("members")
    ]
    shown = set().union(*(members for _kind, members in flags))
    colluding = {member for ring in rings for member in ring}
    found = sum(any(2 * len(members & set(ring)) >= len(ring) for _kind, members in flags) for ring in rings)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(Counter(kind for kind, _members in flags).items()))
    innocent = sum(not members & colluding for _kind, members in flags)
    return (
        f"{found} of {len(rings)} rings, {len(shown & colluding):,} of {len(colluding):,} colluding,"
        f" {len(shown - colluding):,} honest; {len(flags)} flags ({kinds or 'none'}), {innocent} of them wrong"
    )


def _apart() -> tuple[float, float]:
    """Seconds and MiB of the command in a process of its own."""
    began = time.perf_counter()
    process = Popen([sys.executable, str(_MANAGE), "find_patterns"], stdout=DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    return time.perf_counter() - began, used.ru_maxrss / 1024


def _settled(world: World) -> Site:
    """An empty site with these people."""
    from django.core.management import call_command

    from community.models import Member, Organization

    call_command("migrate", verbosity=0, skip_checks=True)
    places = Organization.objects.bulk_create(
        Organization(slug=f"o{number}", name=f"Organization {number}") for number in range(ORGANIZATIONS)
    )
    long_ago = datetime.now(UTC) - timedelta(days=400)
    people = [
        Member(
            handle=f"m{number}", name=f"M {number}", email=f"m{number}@example.org", organization=places[place],
            joined_at=long_ago,
        )
        for number, place in enumerate(world.organization)
    ]  # fmt: skip
    made = Member.objects.bulk_create(people)
    return Site(world, min(member.pk for member in made), [place.pk for place in places])


def _forget(*besides: type) -> None:
    """Empty what a month left, but for some of it."""
    from reputation.models import Award, Flag, FlagAward, PatternSearch

    for model in (Flag.members.through, FlagAward, Flag, PatternSearch, Award):
        if model not in besides:
            model._default_manager.all()._raw_delete("default")


if __name__ == "__main__":
    sys.exit(main())
