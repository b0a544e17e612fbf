"""Importing one Stack Exchange dump."""

from threads.importers.report import Report
from threads.importers.run import Order, Source, import_from
from threads.importers.stackexchange.checking import check, dump_files
from threads.importers.stackexchange.mapping import Mapping
from threads.importers.stackexchange.phases import PHASES
from threads.importers.stackexchange.sorting import reason_in_words, sort


def import_dump(order: Order) -> Report:
    """Import a dump; what it did. Raises UnusableDump, with nothing written, when the folder or a file is broken."""
    files = dump_files(order.folder)
    source = Source(
        size=sum(path.stat().st_size for path in files.values()),
        check=lambda staging, report, told: check(files, staging, report, told),
        sort=lambda staging, _report: sort(staging),
        reason=reason_in_words,
        mapping=lambda report: Mapping(order.site, report),
        phases=PHASES,
    )
    return import_from(source, order)
