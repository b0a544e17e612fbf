"""How the live part of the site does under load, beside a bare server: `python -m tests.benchmarks.live`.

Makes a site of its own with PostgreSQL and Redis, lets a crowd in through the real door, posts through the API, and
prints one table. `--row arrival --sockets 1000` measures less. Ends by itself and leaves nothing behind.
"""

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.live import arrival, broadcast, burst, cursors, outage, pages, record, stalled, streams
from tests.benchmarks.live.crowd import WINDOW, raise_file_limit
from tests.benchmarks.live.figures import Figure, machine, none_of, table
from tests.benchmarks.live.options import Options
from tests.benchmarks.live.site import Network, Site, network

ROWS: dict[str, tuple[Callable[[Site, Options], Iterator[Figure]], tuple[int, ...]]] = {
    "broadcast": (broadcast.measure, (1, 2)),
    "arrival": (arrival.measure, (1, 2)),
    "streams": (streams.measure, (2,)),
    "burst": (burst.measure, (2,)),
    "viewers": (burst.measure_viewers, (2,)),
    "pages": (pages.measure, (2,)),
    "stalled": (stalled.measure, (1, 2)),
    "outage": (outage.measure, (2,)),
    "record": (record.measure, (1, 2)),
    "cursors": (cursors.measure, (1,)),
    "records": (record.measure_open, (1,)),
    "open": (record.measure_long, (1,)),
}
TOGETHER = {"record": ("record", "cursors", "records")}  # asked for by the first's name
LOG_SHOWN = 3000  # characters of the server's log, when something went wrong
OWN_FILES = 1000  # beside its sockets a process has other files open


def main() -> None:
    """Measure the rows asked for, each on a server that was just started."""
    rows, processes, options, members = asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    say(machine())
    crowd = max(options.sockets, options.streams * options.listeners)
    raise_file_limit(crowd + OWN_FILES)
    figures: list[Figure] = []
    centers = max(1, members // 8)
    with (
        tempfile.TemporaryDirectory(prefix="guildhall-live-") as folder,
        network(members=members, centers=centers, threads=options.streams, folder=Path(folder)) as made,
    ):
        for name in rows:
            for count in processes or ROWS[name][1]:
                figures += measured(made, name, count, options)
    say("\n" + table(figures))


def measured(made: Network, name: str, processes: int, options: Options) -> list[Figure]:
    """One row; when it cannot be finished, that is its figure."""
    say(f"{name}, {processes} web processes ...")
    began, figures = time.monotonic(), list[Figure]()
    try:
        with made.served(processes) as site:
            for figure in ROWS[name][0](site, options):
                say(f"  {figure.what}: {figure.value}")
                figures.append(figure)
    except (OSError, RuntimeError) as error:
        figures.append(Figure(f"{name} on {processes}", "could not be finished", str(error)[:200], "", good=False))
        say(f"  {error}")
    log = (made.folder / "serve.log").read_text()
    (made.folder / "serve.log").unlink()
    figures.append(none_of(f"{name} on {processes}", "errors in the server's log", log.count("Traceback")))
    if any(figure.good is False for figure in figures[-2:]):
        say(log[-LOG_SHOWN:])
    say(f"  {time.monotonic() - began:.0f} s")
    return figures


def asked() -> tuple[list[str], list[int], Options, int]:
    """The rows, on how many processes (none: what each row is for), how large, and how many members there are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--row", choices=ROWS, action="append", help="a row to measure; again for more; else all")
    parser.add_argument("--processes", type=numbers, default=[], help="web processes, as 1,2; else as the row needs")
    parser.add_argument("--sockets", type=int, default=18_000, help="in one thread")
    parser.add_argument("--posts", type=int, default=25, help="posts to all of them")
    parser.add_argument("--streams", type=int, default=2_200, help="threads of the row streams")
    parser.add_argument("--listeners", type=int, default=8, help="sockets in each of them")
    parser.add_argument("--rate", type=float, default=200, help="posts a second, in all of them together")
    parser.add_argument("--seconds", type=float, default=60, help="for so long")
    parser.add_argument("--writers", type=int, default=32, help="connections to post them on")
    parser.add_argument("--burst", type=int, default=500, help="posts of the row burst")
    parser.add_argument("--burst-listeners", type=int, default=1_000, help="sockets of the row burst")
    parser.add_argument("--viewers", type=numbers, default=[100, 1_000, 5_000], help="sockets of the row viewers")
    parser.add_argument("--window", type=int, default=WINDOW, help="sockets that arrive at the same time")
    parser.add_argument("--room-listeners", type=int, default=500, help="sockets of the rows stalled and outage")
    parser.add_argument("--room-rate", type=float, default=40, help="posts a second of these rows")
    parser.add_argument("--room-seconds", type=float, default=10, help="of a round of stalled, and of the outage")
    parser.add_argument("--stalled", type=numbers, default=[1, 20], help="clients of the row stalled that never read")
    parser.add_argument("--editors", type=int, default=50, help="people who write at once in the row record")
    parser.add_argument("--keystrokes", type=float, default=5, help="of each of them a second")
    parser.add_argument("--records", type=int, default=500, help="open in the row records")
    given = vars(parser.parse_args())
    asked_for, processes = given.pop("row") or list(ROWS), given.pop("processes")
    rows = list(dict.fromkeys(row for name in asked_for for row in TOGETHER.get(name, (name,))))
    options = Options(**given | {name: tuple(given[name]) for name in ("viewers", "stalled")})
    needs = {"streams": options.streams * options.listeners, "burst": options.burst_listeners}
    needs |= {"viewers": max(options.viewers), "pages": max(options.sockets, options.streams * options.listeners)}
    needs |= dict.fromkeys(("stalled", "outage"), options.room_listeners)
    needs |= {"record": options.editors, "cursors": options.editors, "records": options.records, "open": 1}
    return rows, processes, options, max(needs.get(row, options.sockets) for row in rows)


def numbers(text: str) -> list[int]:
    """Numbers between commas."""
    return [int(word) for word in text.split(",")]


def say(line: str) -> None:
    """Print at once: a run takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
