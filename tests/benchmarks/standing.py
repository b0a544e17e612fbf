"""Writing standing anew from a large ledger: `python -m tests.benchmarks.standing`.

On each database a site of its own with so many members and rows of the ledger, a twentieth of them reversals, each
about a product, a space and two tags, in one of 36 months, made in bulk. Printed is how long `rebuild_standing`
takes when every standing is wrong, how long `rebuild_standing --check` takes when all is right, and the most memory of
this process.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

from tests.benchmarks.matching.apart import alone, site_of_its_own

DATABASES = ("sqlite", "postgresql")
BOUND = 60.0
_NUMBERS = {
    "sqlite": """
        WITH RECURSIVE numbers(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})
        SELECT n FROM numbers
    """,
    "postgresql": "SELECT generate_series(1, {rows}) AS n",
}
# Every twentieth row takes back the one before it, `of` which it is. Each member works in three products, nine tags and
# three spaces, all the time for three years.
_LEDGER = """
    INSERT INTO reputation_award (id, member_id, rule, rules_version, points, cause, subject, product, tags, space,
        month, capped, why, receiver_organization_id, reverses_id, at)
    SELECT n, {least} + who, 'helped', 1, CASE WHEN of = n THEN 10 ELSE -10 END, 'made:' || n, 'post:' || of,
        'product-' || ((who * 7 + time % 3) % 50), {tags}, 'space-' || ((who + time % 3) % 30),
        202301 + 100 * (month / 12) + month % 12, '', '', {organization}, CASE WHEN of <> n THEN of END, {now}
    FROM (
        SELECT n, of, of % {members} AS who, of / {members} AS time, of / {members} * 36 / {times} AS month
        FROM (SELECT n, CASE WHEN n % 20 = 0 THEN n - 1 ELSE n END AS of FROM ({numbers}) AS counted) AS numbered
    ) AS placed
"""
_TAGS = "'[\"tag-' || ((who * 13 + time % 6) % 400) || '\", \"tag-' || ((who * 5 + time % 3) % 37) || '\"]'"


def main() -> int:
    """Measure each database in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--members", type=int, default=18_000)
    options = parser.parse_args()
    return max(alone(measure, (name, options.rows, options.members)) for name in options.database or DATABASES)


def measure(database: str, rows: int, members: int) -> None:
    """Fill an empty site and print the figures; exits with 1 beyond the bound on PostgreSQL."""
    with ExitStack() as stack:
        site_of_its_own(stack, database)
        from reputation.actions.rebuilding import differences, rebuild
        from reputation.models import MonthlyStanding, Standing

        _fill(rows, members)
        wrong, took = _timed(rebuild)
        none, check = _timed(lambda: differences(most=20)[0])
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(
            f"{database}, {rows:,} rows of {members:,} members, {Standing.objects.count():,} standings and"
            f" {MonthlyStanding.objects.count():,} of months: all {wrong:,}"
            f" written anew in {took:.1f} s; checked in {check:.1f} s ({none} differ); {memory:,.0f} MiB at most\n"
        )
        if database == "postgresql" and took > BOUND:
            sys.exit(1)


def _timed(work: Callable[[], int]) -> tuple[int, float]:
    before = time.perf_counter()
    result = work()
    return result, time.perf_counter() - before


def _fill(rows: int, members: int) -> None:
    from django.core.management import call_command
    from django.db import connection

    from community.models import Member, Organization

    call_command("migrate", verbosity=0, skip_checks=True)
    own = Organization.objects.create(slug="own", name="Own")
    people = [
        Member(handle=f"m{n}", name=f"M {n}", email=f"m{n}@example.org", organization=own) for n in range(members)
    ]
    least = min(member.pk for member in Member.objects.bulk_create(people))
    now = "now()" if connection.vendor == "postgresql" else "CURRENT_TIMESTAMP"
    tags = f"({_TAGS})::jsonb" if connection.vendor == "postgresql" else _TAGS
    words = {
        "least": least,
        "members": members,
        "times": rows // members + 1,
        "organization": own.pk,
        "now": now,
        "tags": tags,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LEDGER.format(numbers=_NUMBERS[connection.vendor].format(rows=rows), **words))
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    sys.exit(main())
