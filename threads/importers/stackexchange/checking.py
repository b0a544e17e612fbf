"""The first pass: every file read to its end and checked, its rows put into staging. Nothing else is written."""

from collections.abc import Callable
from pathlib import Path

from django.utils.translation import gettext as _

from threads.importers.broken import UnusableDump
from threads.importers.checking import stage
from threads.importers.dump import DumpReader
from threads.importers.report import Report
from threads.importers.stackexchange.files import FILES, DumpFile
from threads.importers.staging import Staging


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


def check(files: dict[DumpFile, Path], staging: Staging, report: Report, told: Callable[[int], object]) -> list[str]:
    """Read all files into staging; every broken place, up to a limit for each file."""
    broken: list[str] = []
    removed = 0
    for file in FILES:
        staging.table(file.name, file.columns)
        if file not in files:
            report.missing.append(f"{file.name}.xml")
            continue
        reader = DumpReader(files[file], file.root, told)
        broken += stage(
            reader.rows(), path=reader.path, columns=file.columns, staging=staging, tally=report.of(file.name)
        )
        removed += reader.removed
    report.remarks[_("control character removed")] += removed
    return broken
