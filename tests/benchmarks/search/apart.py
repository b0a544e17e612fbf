"""Each database in a process of its own."""

import sys
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.matching.apart import site_of_its_own


def measure(database: str, folder: Path, sizes: tuple[int, ...], asked: int, bounded: bool) -> None:
    """Let one site grow from size to size, and measure it at each."""
    with ExitStack() as stack:
        site_of_its_own(stack, database)
        from tests.benchmarks.search.asking import measure_site
        from tests.benchmarks.search.filling import Site

        site = Site(folder)
        reached = [measure_site(site.grown(posts), asked) for posts in sizes]
        if bounded and not all(reached):
            sys.exit(1)
