"""Rows a second of `import_stackexchange` on SQLite, checking pass included: `python -m tests.benchmarks.importing`.

`--copies 20` imports a dump made of twenty copies of the real one, under other ids, to show that neither the rate nor
the memory depends on the size.
"""

import argparse
import os
import re
import resource
import sys
import tempfile
import time
from pathlib import Path

DUMP = Path(__file__).resolve().parents[3] / "shared" / "data" / "stackexchange" / "iot"
OFFSET = 10_000_000
_IDS = re.compile(r' (Id|PostId|ParentId|AcceptedAnswerId|RelatedPostId|OwnerUserId|UserId)="(\d+)"')
_GUID = re.compile(r'RevisionGUID="')


def main() -> None:
    """Measure once, in a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dump", type=Path, default=DUMP)
    parser.add_argument("--copies", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "community.settings"
        os.environ.pop("DATABASE_URL", None)
        dump = options.dump if options.copies == 1 else _copied(options.dump, Path(folder) / "large", options.copies)
        measure(dump)


def measure(dump: Path) -> None:
    """Import a dump and say how long it took."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from threads.importers.stackexchange.run import Order, import_dump

    call_command("migrate", verbosity=0, skip_checks=True)
    before = _peak_mib()
    started, busy = time.perf_counter(), time.process_time()
    report = import_dump(Order(dump, "measured", "iot", lambda *_facts: _NoBar()))
    took, busy = time.perf_counter() - started, time.process_time() - busy
    made = sum(tally.made for tally in report.files.values())
    sys.stdout.write(
        f"{dump.name}, {connection.vendor}: {report.read:,} rows read, {made:,} made in {took:.1f} s "
        f"({busy:.1f} s of processor): {report.read / took:,.0f} rows/s; "
        f"peak memory {_peak_mib():.0f} MiB, {before:.0f} MiB before\n"
    )


class _NoBar:
    def update(self, n: float | None = 1) -> bool | None:
        """Show nothing."""

    def close(self) -> None:
        """Nothing was opened."""


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _copied(source: Path, target: Path, copies: int) -> Path:
    """A dump that has each row of `source` so many times, every time under other ids."""
    target.mkdir()
    for file in source.glob("*.xml"):
        head, *rows, foot = file.read_text(encoding="utf-8-sig").replace("?>\n", "?>", 1).splitlines()
        with (target / file.name).open("w", encoding="utf-8") as out:
            out.write(head + "\n")
            for copy in range(copies):
                out.writelines(_renamed(row, copy) + "\n" for row in rows)
            out.write(foot + "\n")
    return target


def _renamed(row: str, copy: int) -> str:
    shifted = _IDS.sub(lambda match: f' {match[1]}="{int(match[2]) + copy * OFFSET}"', row)
    return _GUID.sub(f'RevisionGUID="{copy}-', shifted)


if __name__ == "__main__":
    main()
