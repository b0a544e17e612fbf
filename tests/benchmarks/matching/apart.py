"""Each part of the benchmark in a process and a database of its own."""

import multiprocessing
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

LEAST = 1.3
ENOUGH = 100


def alone(work: object, args: tuple[object, ...]) -> int:
    process = multiprocessing.get_context("spawn").Process(target=work, args=args)  # type: ignore[arg-type]
    process.start()
    process.join()
    return process.exitcode or 0


def evaluate(dump: Path, most: int | None) -> None:
    """Ask again, print the table; fail below the baseline, and below 1.3 x of it where there are enough questions."""
    with ExitStack() as stack:
        site_of_its_own(stack, "sqlite")
        from tests.benchmarks.matching.evaluating import TAGGED, ranks_in, show
        from threads.rules.matching import WEIGHTS_VERSION

        ranks = ranks_in(dump, most=most)
        sys.stdout.write(f"weights {WEIGHTS_VERSION}\n")
        show(ranks)
        if ranks.ratio(TAGGED) < (LEAST if ranks.count >= ENOUGH else 1.0):
            sys.exit(1)


def time_one(database: str, members: int, posts: int) -> None:
    """Fill a site and time the matcher there."""
    with ExitStack() as stack:
        site_of_its_own(stack, database)
        from tests.benchmarks.matching.timing import measure

        measure(members, posts)


def site_of_its_own(stack: ExitStack, database: str) -> None:
    """An empty site for this process; what it is made of goes with the stack."""
    os.environ["DATA_DIR"] = stack.enter_context(tempfile.TemporaryDirectory())
    os.environ["DJANGO_SETTINGS_MODULE"] = "community.settings"
    os.environ.pop("DATABASE_URL", None)
    if database == "postgresql":
        from tests.services import free_port, postgres

        os.environ["DATABASE_URL"] = stack.enter_context(postgres.running(free_port()))
    import django

    django.setup()
    from django.db import connection

    stack.callback(connection.close)
