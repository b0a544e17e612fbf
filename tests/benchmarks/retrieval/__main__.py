"""What `similar` finds, beside plain BM25: `python -m tests.benchmarks.retrieval`.

Two sets of real questions, each in a database of its own, through the site's own importers, index and query: questions
whose relevant answer is an older question (`similar-questions`), and questions for which a practice is looked for
(`mozilla-support`). Plain BM25 is that of rank-bm25, on title and body, and the same with rarities that are never
negative; ratios are to the better of the two. Where the sentence model is installed,
the model alone and `similar` with it are asked as well (`SEMANTIC=off`: not). Exits 1, unless `--no-bounds`, below
1.06 x plain BM25 by words, 1.4 x with the model, 0.98 x the better of model and words; all without votes of uses.

R@n is the share of what is relevant among the first n, hit@10 whether any of it is. `--halves` prints both halves of
the questions as well, `--time` how long a query takes on a large site instead.
"""

import argparse
import sys
from pathlib import Path

from tests.benchmarks.matching.apart import alone
from tests.benchmarks.retrieval.apart import evaluate, time_one

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
DATABASES = ("sqlite", "postgresql")


def main() -> int:
    """Measure what was asked for, each part in a process and a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, action="append", help="folders of either shape")
    parser.add_argument("--database", choices=DATABASES, action="append")
    parser.add_argument("--most", type=int, help="only so many of the questions")
    parser.add_argument("--halves", action="store_true")
    parser.add_argument("--no-bounds", action="store_true")
    parser.add_argument("--time", action="store_true")
    parser.add_argument("--threads", type=int, default=50_000)
    options = parser.parse_args()
    databases = options.database or DATABASES
    if options.time:
        texts = (options.data or [DATA / "mozilla-support"])[0]
        return max(alone(time_one, (name, texts, options.threads)) for name in databases)
    folders = options.data or [DATA / "similar-questions", DATA / "mozilla-support"]
    asked = (options.most, options.halves, not options.no_bounds)
    return max(alone(evaluate, (name, folder, *asked)) for folder in folders for name in databases)


if __name__ == "__main__":
    sys.exit(main())
