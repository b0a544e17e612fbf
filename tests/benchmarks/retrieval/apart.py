"""Each part in a process and a database of its own."""

import sys
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.matching.apart import site_of_its_own


def evaluate(database: str, folder: Path, most: int | None, halves: bool, bounded: bool) -> None:
    """Ask all questions of a folder, print the table; fail where it finds less than is promised."""
    with ExitStack() as stack:
        site_of_its_own(stack, database)
        from tests.benchmarks.retrieval.asking import ask
        from tests.benchmarks.retrieval.sets import set_of
        from tests.benchmarks.retrieval.tables import show

        chosen = set_of(folder, most)
        missed = show(chosen, ask(chosen), halves=halves)
        for line in missed:
            sys.stdout.write(f"{line}\n")
        if bounded and missed:
            sys.exit(1)


def time_one(database: str, texts: Path, threads: int) -> None:
    """Fill a site with varied real texts and time queries there."""
    with ExitStack() as stack:
        site_of_its_own(stack, database)
        from tests.benchmarks.retrieval.timing import measure

        measure(texts, threads)
