"""Staging the rows of one file: each is checked, and what is broken is said and left out."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from threads.importers.broken import Broken, BrokenRows
from threads.importers.columns import Column
from threads.importers.report import FileTally
from threads.importers.staging import Staging

STAGED_AT_ONCE = 2_000


def stage(
    rows: Iterable[tuple[int | str, Mapping[str, str] | ValueError]],
    *,
    path: Path,
    columns: Sequence[Column],
    staging: Staging,
    tally: FileTally,
) -> list[str]:
    """Put rows into the tally's table: what is broken among them. Rows left out are counted as skipped."""
    broken = BrokenRows(path)
    waiting: list[tuple[Any, ...]] = []
    read = staged = 0
    try:
        for line, row in rows:
            read += 1
            try:
                waiting.append(_staged(columns, row))
            except ValueError as error:
                broken.add(line, str(error))
            if len(waiting) >= STAGED_AT_ONCE:
                staged += staging.add(tally.name, waiting)
                waiting = []
    except Broken as error:
        broken.stop(error)
    staged += staging.add(tally.name, waiting)
    tally.read += read
    tally.skip(_("is broken"), broken.count)
    tally.skip(_("the same Id again"), read - staged - broken.count)
    return broken.messages()


def _staged(columns: Sequence[Column], row: Mapping[str, str] | ValueError) -> tuple[Any, ...]:
    if isinstance(row, ValueError):
        raise row
    return tuple([column.value(row) for column in columns])
