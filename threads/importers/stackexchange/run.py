"""Importing one dump: check it all, sort it, then store it slice by slice."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Row
from typing import Protocol

from django.utils.translation import gettext as _

from community.actions.importing import open_archive
from threads.importers.report import Report
from threads.importers.stackexchange.checking import check, dump_files
from threads.importers.stackexchange.mapping import Mapping
from threads.importers.stackexchange.phases import PHASES, Import, Phase
from threads.importers.stackexchange.sorting import reason_in_words, sort
from threads.importers.staging import Staging

BATCH = 1_000


class Bar(Protocol):
    """Something that shows how far it has come."""

    def update(self, n: float | None = 1) -> bool | None:
        """Come so much further."""

    def close(self) -> None:
        """Be done."""


@dataclass(frozen=True)
class Order:
    """What is to be imported where. `bar(what, total, unit)` opens a progress bar."""

    folder: Path
    space: str
    site: str
    bar: Callable[[str, int, str], Bar]
    batch: int = BATCH
    dry: bool = False


def import_dump(order: Order) -> Report:
    """Import a dump; what it did. Raises UnusableDump, with nothing written, when the folder or a file is broken.

    Each slice is one transaction that leaves everything consistent, so a run may be interrupted at any moment and
    repeated; it then goes on where it stopped.
    """
    files = dump_files(order.folder)
    report = Report()
    staging = Staging()
    try:
        bar = order.bar(_("checking"), sum(path.stat().st_size for path in files.values()), "B")
        check(files, staging, report, bar.update)
        sort(staging)
        bar.close()
        _count_skipped(staging, report)
        _store(order, staging, report)
    finally:
        staging.close()
    return report


def _count_skipped(staging: Staging, report: Report) -> None:
    for name, tally in report.files.items():
        reasons = staging.reasons(name)
        tally.skipped.update({reason_in_words(name, reason): number for reason, number in reasons.items()})


def _store(order: Order, staging: Staging, report: Report) -> None:
    archive = None if order.dry else open_archive(site=order.site, space=order.space)
    run = Import(Mapping(order.site, report), archive, report)
    total = sum(tally.read - tally.skipped.total() for tally in report.files.values())
    bar = order.bar(_("comparing") if order.dry else _("importing"), total, _("rows"))
    for phase in PHASES:
        for rows in phase.slices(staging, order.batch):
            weights = phase.weigh(rows)
            made = phase.store(run, rows) if archive else _missing(phase, run, rows)
            there = weights if archive is None or made == weights else phase.there(run, rows)
            for name, number in weights.items():
                report.of(name).count(made=made[name], there=there[name] - made[name], lost=number - there[name])
            bar.update(sum(weights.values()))
    bar.close()


def _missing(phase: Phase, run: Import, rows: list[Row]) -> dict[str, int]:
    """How many rows a run that writes would make."""
    there = phase.there(run, rows)
    return {name: number - there[name] for name, number in phase.weigh(rows).items()}
