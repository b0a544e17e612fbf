"""Search and `similar` on large sites of real texts: `python -m tests.benchmarks.search`.

On each database a site of its own: the archive of `mozilla-support` through its importer, then copies of its threads,
each text varied (a fifth of the words left out, some words of another text put in; the seed is printed), until there
are as many posts as asked for with `--posts`, which may be given again. The copies' rows are written in bulk, their
entries, full text and postings too, from words that the site's own word maker made; everything else is as in life.

Searched for are real titles, real bodies, two common words, and a common word under a tag; `similar` is asked for a
title with its body. Beside each stands whether its 95th percentile by the clock is within bounds: 100 ms up to 100,000
posts, beyond that 200 on PostgreSQL and 500 on SQLite. Exits 1 when one is not, unless `--no-bounds`.
"""

import argparse
import sys
from pathlib import Path

from tests.benchmarks.matching.apart import alone
from tests.benchmarks.search.apart import measure

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "mozilla-support"
DATABASES = ("sqlite", "postgresql")
SIZES = (100_000, 1_000_000)


def main() -> int:
    """Measure each database in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="a folder of the same shape")
    parser.add_argument("--database", choices=(*DATABASES, "both"), action="append")
    parser.add_argument("--posts", type=int, action="append", help=f"default: {SIZES[0]} and {SIZES[1]}")
    parser.add_argument("--asked", type=int, default=100, help="texts of each kind")
    parser.add_argument("--no-bounds", action="store_true")
    options = parser.parse_args()
    databases = [name for name in DATABASES if not options.database or {name, "both"} & set(options.database)]
    sizes = tuple(sorted(options.posts or SIZES))
    asked = (options.data, sizes, options.asked, not options.no_bounds)
    return max(alone(measure, (name, *asked)) for name in databases)


if __name__ == "__main__":
    sys.exit(main())
