"""Takes up an archive of practices: checks all of it, then imports it in batches. Again it goes on, or does nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import DatabaseError
from django.utils.translation import gettext as _

from threads.actions.importing.practices import Done, Places, import_practices, open_places
from threads.importers.archive.layout import UnusableArchive, own_site
from threads.importers.archive.places import refuse_taken
from threads.importers.archive.reading import Folder, opened
from threads.importers.report import FileTally, Report
from threads.rendering.standard import KINDS
from threads.rules.archived import ArchivedPerson, ArchivedPractice
from threads.rules.masking import found_in

BATCH = 200


@dataclass(frozen=True)
class Order:
    """What is imported and where to. `whole` restores a site as it was."""

    folder: Path
    space: str = ""
    whole: bool = False
    dry: bool = False
    batch: int = BATCH


class Stopped(Exception):
    """Files or the database were changed while an archive was taken up. What `report` counts is here."""

    def __init__(self, report: Report, why: str) -> None:
        super().__init__(why)
        self.report, self.why = report, why


def import_archive(order: Order) -> Report:
    """Take it up; what was done. Raises UnusableArchive, and then nothing was written; Stopped when some of it was."""
    folder = opened(order.folder)
    if order.whole and folder.scope != "whole":
        raise UnusableArchive([_("This archive is not of a whole site; name a space for it instead.")])
    refuse_taken(folder, order.space, whole=order.whole)
    report = Report()
    tally = report.of("practices")
    tally.read = len(folder.names)
    if order.dry:
        tally.made = tally.read
        _tell_details(report, folder.practices())
        return report
    places = _places(folder, order)
    if order.whole:
        _tell_curation(report, folder, places)
    try:
        for rows in _batches(folder.practices(), order.batch):
            _count(tally, import_practices(places=places, rows=rows))
            _tell_details(report, rows)
    except (ValueError, OSError, DatabaseError) as error:
        raise Stopped(report, str(error)) from error
    return report


def _tell_curation(report: Report, folder: Folder, places: Places) -> None:
    """Say who looks after what as it was there, and of whom that was left out."""
    done = places.curated
    for name, rows, made in (
        ("governance", folder.curation["governance"], done.rules),
        ("curators", folder.curation["curators"], done.curators),
    ):
        tally = report.of(name)
        tally.read, tally.made = len(rows), made
        if len(rows) > made:
            tally.skipped[_("is looked after as it is here")] = len(rows) - made
    if folder.curation["kept"] and not places.kept:
        report.remarks[_("details were kept on purpose, and are found anew here")] = len(folder.curation["kept"])
    if folder.spaces:
        words = _("space comes without those who were invited into it, and without other roles than curators")
        report.remarks[words] = len(folder.spaces)


def _tell_details(report: Report, rows: Iterable[ArchivedPractice]) -> None:
    """Say how many practices tell of somebody, and how: whoever imports them answers for what is read there."""
    for row in rows:
        found = found_in({"title": row.title, **row.texts})
        for kind in dict.fromkeys(each.detail.kind for each in found):
            words = _("%(kind)s stands in a practice; look at them, and take it out where it is not needed")
            report.remarks[words % {"kind": KINDS[kind]}] += 1


def _count(tally: FileTally, done: Done) -> None:
    tally.count(made=done.made + done.changed, there=done.there, lost=0)
    if done.conflicting:
        tally.skipped[_("was changed here and there")] += done.conflicting
    if done.elsewhere:
        tally.skipped[_("is in another space here")] += done.elsewhere


def _places(folder: Folder, order: Order) -> Places:
    people = [
        ArchivedPerson(key, row["site"], row["id"], row["name"], row["organization"])
        for key, row in folder.people.items()
    ]
    return open_places(
        site=folder.site, is_own=folder.site == own_site(), space=order.space, whole=order.whole, people=people,
        organizations=folder.organizations, spaces=folder.spaces, products=folder.products, curation=folder.curation,
    )  # fmt: skip


def _batches(rows: Iterable[ArchivedPractice], size: int) -> Iterator[list[ArchivedPractice]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, size)):
        yield batch
