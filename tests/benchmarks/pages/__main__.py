"""How many pages the real server makes, beside a bare view on the same server.

The bare view is 12 KB that never change, from a synchronous view without middleware or database, called by the same
handler in the same threads, and once more by Django's own ASGI handler beside it in the same processes. They and the
pages are read in turn, in short rounds, so that the ratios hold on a machine that is not quiet. Columns: requests per
second (the middle round), median and 99th percentile of the answer times in milliseconds, milliseconds of processor of
the web processes for one request, and the share of the bare views' requests per second in the same round: of the first,
then of Django's own (for the last two tables: of their first row).
"""

import argparse
import sys
import time

from tests.benchmarks.live.figures import machine
from tests.benchmarks.pages.measuring import HEAD, HEAD_DJANGO, first_visits, lengths, pages
from tests.benchmarks.pages.reader import Reader, reading
from tests.benchmarks.pages.site import Filled, filled

DATABASES = ("sqlite", "postgresql")
AT_LEAST = 0.25


def main() -> None:
    """Measure what was asked for and print it as it comes."""
    options, began = arguments().parse_args(), time.monotonic()
    say(machine())
    with reading() as reader:
        for database in DATABASES if options.database == "both" else (options.database,):
            with filled(database, options.lengths) as site:
                for processes in options.processes:
                    loaded(site, reader, processes, options)
                alone(site, reader, options)
    say(f"\n{(time.monotonic() - began) / 60:.1f} minutes")


def loaded(site: Filled, reader: Reader, processes: int, options: argparse.Namespace) -> None:
    """Pages and bare view on some connections."""
    with site.served(processes) as served:
        for connections in options.connections:
            head = f"{site.database}, {processes} of the server's processes, {connections} connections"
            say(f"\n{head}\n{HEAD}{HEAD_DJANGO}")
            for row in pages(served, reader, connections, options.rounds, options.seconds):
                reached = "" if row.name != "thread" else "  reached" if row.ratios[0] >= AT_LEAST else "  MISSED"
                say(f"{row}{reached}")


def alone(site: Filled, reader: Reader, options: argparse.Namespace) -> None:
    """What one reader sees on a server that has just been started, and then in threads of any length."""
    with site.served(1) as served:
        say(f"\n{site.database}, 1 process, one after the other\n{HEAD}")
        for row in (*first_visits(served, reader), *lengths(served, reader, options.rounds)):
            say(str(row))


def arguments() -> argparse.ArgumentParser:
    """Which part of all of it, and how long."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.pages", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--processes", type=numbers, default=(1, 2), metavar="1,2")
    parser.add_argument("--connections", type=numbers, default=(1, 16, 64), metavar="1,16,64")
    parser.add_argument("--seconds", type=float, default=1.0, help="of each page in each round (%(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="(%(default)s)")
    parser.add_argument("--lengths", type=numbers, default=(50, 5_000, 50_000), metavar="50,5000,50000")
    return parser


def numbers(text: str) -> tuple[int, ...]:
    """Whole numbers with commas between them."""
    return tuple(int(part) for part in text.split(","))


def say(line: str) -> None:
    """Print it now."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
