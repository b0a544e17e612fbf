"""Importing one folder of Discourse topics."""

from threads.importers.discourse.checking import check
from threads.importers.discourse.mapping import Mapping
from threads.importers.discourse.phases import PHASES
from threads.importers.discourse.reading import files_in
from threads.importers.discourse.sorting import reason_in_words, sort
from threads.importers.report import Report
from threads.importers.run import Order, Source, import_from


def import_topics(order: Order, *, licence: str = "") -> Report:
    """Import topics, whose texts are under this licence; what it did. Raises UnusableDump, with nothing written."""
    files = files_in(order.folder)
    source = Source(
        size=sum(path.stat().st_size for path in files),
        check=lambda staging, report, told: check(files, staging, report, told),
        sort=sort,
        reason=reason_in_words,
        mapping=lambda report: Mapping(order.site, licence, report),
        phases=PHASES,
    )
    return import_from(source, order)
