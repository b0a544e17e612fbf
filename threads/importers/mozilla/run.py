"""Importing one export of Mozilla Support."""

from collections.abc import Collection

from threads.importers.mozilla.files import check, tables_in
from threads.importers.mozilla.mapping import Mapping
from threads.importers.mozilla.phases import PHASES
from threads.importers.mozilla.sorting import reason_in_words, sort
from threads.importers.report import Report
from threads.importers.run import Order, Source, import_from


def import_export(order: Order, *, locales: Collection[str] = ()) -> Report:
    """Import an export, or what of it is in these languages; what it did. Raises UnusableDump, with nothing written."""
    tables = tables_in(order.folder)
    source = Source(
        size=sum(path.stat().st_size for path in tables.values()),
        check=lambda staging, report, told: check(tables, staging, report, told),
        sort=lambda staging, report: sort(staging, report, site=order.site, locales=locales),
        reason=reason_in_words,
        mapping=lambda report: Mapping(order.site, report),
        phases=PHASES,
    )
    return import_from(source, order)
