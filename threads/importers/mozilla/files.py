"""The tables of an export of Mozilla Support, and where they are."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from threads.importers.broken import UnusableDump
from threads.importers.checking import stage
from threads.importers.columns import Column, Kind, number, text, when
from threads.importers.report import Report
from threads.importers.staging import Staging
from threads.importers.tables import TableReader

_ID = number("Id", needed=True)
_CREATED = when("created", needed=True)


@dataclass(frozen=True)
class Table:
    """One table, named as it is staged; its file has the same name in lower case."""

    name: str
    columns: tuple[Column, ...]
    needed: bool = True

    @property
    def file(self) -> str:
        """The file's name, which may have `.gz` behind it."""
        return f"{self.name.lower()}.csv"


TABLES = (
    Table(
        "Questions",
        (
            _ID, _CREATED, text("locale"), text("product"), text("title", needed=True), text("topic"), text("tags"),
            text("creator"), text("content", needed=True),
        ),
    ),
    Table(
        "Answers",
        (
            _ID, number("question_id", needed=True), _CREATED, when("updated"), text("content", needed=True),
            text("creator"), Column("num_helpful", Kind.COUNT), Column("num_unhelpful", Kind.COUNT),
        ),
    ),
    Table(
        "Articles",
        (
            _ID, text("title", needed=True), text("slug", needed=True), text("locale"), text("summary"), text("html"),
            text("text"),
        ),
        needed=False,
    ),
)  # fmt: skip


def tables_in(folder: Path) -> dict[Table, Path]:
    """The tables in `folder`. Raises UnusableDump when those that are needed are not all there."""
    if not folder.is_dir():
        raise UnusableDump([_("%(folder)s is not a folder.") % {"folder": folder}])
    there = {path.name.lower(): path for path in sorted(folder.iterdir()) if path.is_file()}
    found = {}
    for table in TABLES:
        path = there.get(table.file) or there.get(f"{table.file}.gz")
        if path is not None:
            found[table] = path
    missing = [table.file for table in TABLES if table.needed and table not in found]
    if missing:
        message = _("%(folder)s is not an export of Mozilla Support: it has no %(files)s.")
        raise UnusableDump([message % {"folder": folder, "files": ", ".join(missing)}])
    return found


def check(tables: dict[Table, Path], staging: Staging, report: Report, told: Callable[[int], object]) -> list[str]:
    """Read all tables into staging; every broken place, up to a limit for each file."""
    broken: list[str] = []
    removed = 0
    for table in TABLES:
        staging.table(table.name, table.columns)
        if table not in tables:
            report.missing.append(table.file)
            continue
        reader = TableReader(tables[table], table.columns, told)
        tally = report.of(table.name)
        broken += stage(reader.rows(), path=reader.path, columns=table.columns, staging=staging, tally=tally)
        removed += reader.removed
    report.remarks[_("control character removed")] += removed
    return broken
