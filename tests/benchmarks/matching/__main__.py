"""The matcher on imported sites, and what it costs: `python -m tests.benchmarks.matching`.

By default each dump is imported into a database of its own and every question that was solved by somebody else is asked
again (see past.py and evaluating.py). `--time` measures instead how long one question takes on a site of 18,000 members
and 100,000 posts (see timing.py), on SQLite and PostgreSQL.
"""

import argparse
import sys
from pathlib import Path

from tests.benchmarks.matching.apart import alone, evaluate, time_one

DUMPS = Path(__file__).resolve().parents[4] / "shared" / "data" / "stackexchange"


def main() -> int:
    """Measure what was asked for, each part in a process and a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dump", type=Path, action="append")
    parser.add_argument("--most", type=int, help="only the newest so many questions of each dump")
    parser.add_argument("--time", action="store_true")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--members", type=int, default=18_000)
    parser.add_argument("--posts", type=int, default=100_000)
    options = parser.parse_args()
    if options.time:
        databases = options.database or ["sqlite", "postgresql"]
        return max(alone(time_one, (name, options.members, options.posts)) for name in databases)
    return max(alone(evaluate, (dump, options.most)) for dump in options.dump or sorted(DUMPS.iterdir(), reverse=True))


if __name__ == "__main__":
    sys.exit(main())
