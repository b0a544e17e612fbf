"""The first pass: every file read to its end and checked, its rows put into staging. Nothing else is written."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from threads.importers.dump import Broken, DumpReader, Row
from threads.importers.report import Report
from threads.importers.stackexchange.files import FILES, Column, DumpFile, Kind
from threads.importers.staging import Staging

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_MESSAGES = 20
_STAGED_AT_ONCE = 2_000
_MICROSECOND = timedelta(microseconds=1)
_LONGEST_NUMBER = 18
_COUNT_LIMIT = 1 << 31


class UnusableDump(Exception):
    """The folder is no dump, or some of its files are broken; `messages` say what and where."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


def dump_files(folder: Path) -> dict[DumpFile, Path]:
    """The files of the dump in `folder`. Raises UnusableDump when it is not one."""
    if not folder.is_dir():
        raise UnusableDump([_("%(folder)s is not a folder.") % {"folder": folder}])
    there = {path.name.lower(): path for path in sorted(folder.iterdir()) if path.is_file()}
    found = {file: there[name] for file in FILES if (name := f"{file.name}.xml".lower()) in there}
    missing = [f"{file.name}.xml" for file in FILES if file.needed and file not in found]
    if missing:
        message = _("%(folder)s is not a Stack Exchange dump: it has no %(files)s.")
        raise UnusableDump([message % {"folder": folder, "files": ", ".join(missing)}])
    return found


def check(files: dict[DumpFile, Path], staging: Staging, report: Report, told: Callable[[int], object]) -> None:
    """Read all files into staging. Raises UnusableDump with every broken place, up to a limit for each file."""
    broken: list[str] = []
    removed = 0
    for file in FILES:
        staging.table(file.name, [(column.name, _SQL_KINDS[column.kind]) for column in file.columns])
        if file not in files:
            report.missing.append(file.name)
            continue
        reader = DumpReader(files[file], file.root, told)
        tally = report.of(file.name)
        broken += _stage(file, reader, staging, report)
        removed += reader.removed
        tally.skipped.update({} if tally.adds_up else {_("the same Id again"): tally.read - tally.made})
        tally.made = 0
    report.remarks[_("control character removed")] += removed
    if broken:
        raise UnusableDump(broken)


def _stage(file: DumpFile, reader: DumpReader, staging: Staging, report: Report) -> list[str]:
    """Stage one file; its messages. While it runs, `made` counts the rows that were staged."""
    tally = report.of(file.name)
    broken: list[str] = []
    unsaid = 0
    rows: list[tuple[Any, ...]] = []
    try:
        for line, row in reader.rows():
            tally.read += 1
            try:
                rows.append(tuple([_value(column, row) for column in file.columns]))
            except ValueError as error:
                unsaid += len(broken) >= MOST_MESSAGES
                broken += [str(Broken(reader.path, line, str(error)))] if len(broken) < MOST_MESSAGES else []
            if len(rows) >= _STAGED_AT_ONCE:
                tally.made += staging.add(file.name, rows)
                rows = []
    except Broken as error:
        broken.append(str(error))
    tally.made += staging.add(file.name, rows)
    return [*broken, *_more(reader.path, unsaid)]


def _more(path: Path, count: int) -> Iterator[str]:
    if count:
        message = ngettext("%(path)s: and %(count)d more broken row", "%(path)s: and %(count)d more broken rows", count)
        yield message % {"path": path, "count": count}


def _value(column: Column, row: Row) -> int | str | None:
    """One attribute as it is staged. Raises ValueError, saying what is wrong with it."""
    text = row.get(column.name)
    if text is None:
        if column.needed:
            raise ValueError(_("the row has no %(name)s") % {"name": column.name})
        return None
    if column.kind is Kind.TEXT:
        return text
    if not text and not column.needed:
        return None
    try:
        return _moment(text) if column.kind is Kind.MOMENT else _number(text, column.kind)
    except (ValueError, OverflowError) as error:
        is_moment = column.kind is Kind.MOMENT
        message = _("%(name)s is no date: “%(value)s”") if is_moment else _("%(name)s is no number: “%(value)s”")
        raise ValueError(message % {"name": column.name, "value": text[:40]}) from error


def _moment(text: str) -> int:
    given = datetime.fromisoformat(text)
    return ((given.astimezone(UTC) if given.tzinfo else given.replace(tzinfo=UTC)) - EPOCH) // _MICROSECOND


def moment(staged: int) -> datetime:
    """A staged moment as a date."""
    return EPOCH + timedelta(microseconds=staged)


def _number(text: str, kind: Kind) -> int:
    number = int(text)
    too_large = kind is Kind.COUNT and not -_COUNT_LIMIT <= number < _COUNT_LIMIT
    if "_" in text or len(text) > _LONGEST_NUMBER or too_large:
        raise ValueError(text)
    return number


_SQL_KINDS = {Kind.NUMBER: "INTEGER", Kind.COUNT: "INTEGER", Kind.MOMENT: "INTEGER", Kind.TEXT: "TEXT"}
