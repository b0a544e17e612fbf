"""Importing one dump: what was checked and sorted is stored slice by slice, one kind of thing after the other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Row
from typing import Generic, Protocol, TypeVar

from django.utils.translation import gettext as _

from community.actions.importing import Archive, open_archive
from threads.importers.broken import UnusableDump
from threads.importers.report import Report
from threads.importers.staging import Staging

BATCH = 1_000

Counted = dict[str, int]
Told = Callable[[int], object]
M = TypeVar("M")


class Bar(Protocol):
    """Something that shows how far it has come."""

    def update(self, n: float | None = 1) -> bool | None:
        """Come so much further."""

    def close(self) -> None:
        """Be done."""


@dataclass(frozen=True)
class Order:
    """What is to be imported where. `bar(what, total, unit)` opens a progress bar.

    `lenient` leaves out what is broken and says so, instead of refusing everything.
    """

    folder: Path
    space: str
    site: str
    bar: Callable[[str, int, str], Bar]
    batch: int = BATCH
    dry: bool = False
    lenient: bool = False


@dataclass(frozen=True)
class Import(Generic[M]):
    """One run. Without an archive nothing is written."""

    mapping: M
    site: str
    archive: Archive | None
    report: Report

    @property
    def target(self) -> Archive:
        """The archive that is written to."""
        if self.archive is None:
            raise RuntimeError("a dry run has no archive")
        return self.archive


@dataclass(frozen=True)
class Phase(Generic[M]):
    """One kind of thing: where its rows are staged, how a slice is stored, and how many of it are there already.

    The functions give numbers of rows by file: `weigh` all, `store` those made, `there` those in the database.
    """

    slices: Callable[[Staging, int], Iterator[list[Row]]]
    store: Callable[[Import[M], list[Row]], Counted]
    there: Callable[[Import[M], list[Row]], Counted]
    weigh: Callable[[list[Row]], Counted]


def number_of(name: str) -> Callable[[list[Row]], Counted]:
    """Each row counts as one of this name."""
    return lambda rows: {name: len(rows)}


def taken(name: str) -> Callable[[Staging, int], Iterator[list[Row]]]:
    """The rows of a table that are not left out."""
    return lambda staging, size: staging.taken(name, size)


@dataclass(frozen=True)
class Source(Generic[M]):
    """A dump of one kind: how large it is, how it is staged (what is broken in it), and what becomes of its rows.

    `sort` judges the staged rows, and `reason` puts the reasons for leaving some out into words.
    """

    size: int
    check: Callable[[Staging, Report, Told], list[str]]
    sort: Callable[[Staging, Report], None]
    reason: Callable[[str, str], str]
    mapping: Callable[[Report], M]
    phases: Sequence[Phase[M]]


def import_from(source: Source[M], order: Order) -> Report:
    """Import a dump; what it did. Raises UnusableDump, with nothing written, when something in it is broken.

    Each slice is one transaction that leaves everything consistent, so a run may be interrupted at any moment and
    repeated; it then goes on where it stopped.
    """
    report = Report()
    staging = Staging()
    try:
        bar = order.bar(_("checking"), source.size, "B")
        report.broken += source.check(staging, report, bar.update)
        if report.broken and not order.lenient:
            raise UnusableDump(report.broken)
        source.sort(staging, report)
        bar.close()
        _count_skipped(source, staging, report)
        _store(source, order, staging, report)
    finally:
        staging.close()
    return report


def _count_skipped(source: Source[M], staging: Staging, report: Report) -> None:
    for name, tally in report.files.items():
        for reason, number in staging.reasons(name).items():
            tally.skip(source.reason(name, reason), number)


def _store(source: Source[M], order: Order, staging: Staging, report: Report) -> None:
    archive = None if order.dry else open_archive(site=order.site, space=order.space)
    run = Import(source.mapping(report), order.site, archive, report)
    total = sum(tally.read - tally.skipped.total() for tally in report.files.values())
    bar = order.bar(_("comparing") if order.dry else _("importing"), total, _("rows"))
    for phase in source.phases:
        for rows in phase.slices(staging, order.batch):
            weights = phase.weigh(rows)
            made = phase.store(run, rows) if archive else _missing(phase, run, rows)
            there = weights if archive is None or made == weights else phase.there(run, rows)
            for name, number in weights.items():
                report.of(name).count(made=made[name], there=there[name] - made[name], lost=number - there[name])
            bar.update(sum(weights.values()))
    bar.close()


def _missing(phase: Phase[M], run: Import[M], rows: list[Row]) -> Counted:
    """How many rows a run that writes would make."""
    there = phase.there(run, rows)
    return {name: number - there[name] for name, number in phase.weigh(rows).items()}
