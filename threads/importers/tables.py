"""Reading tables: CSV files, also compressed, one row after the other, each with its line."""

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from django.utils.translation import gettext as _

from threads.importers.broken import Broken
from threads.importers.columns import Column
from threads.importers.texts import storable

LONGEST_FIELD = 10_000_000
LONGEST_LINE = 2 * LONGEST_FIELD
Row = dict[str, str] | ValueError


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines of a text. Raises csv.Error for one that is longer than a row can be: a file without any ends never."""
    while line := text.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise csv.Error(_("a line is longer than %(most)d characters") % {"most": LONGEST_LINE})
        yield line


@dataclass
class TableReader:
    """Reads one file, telling how many bytes. `removed` counts characters that cannot be stored and were left out.

    Its first line names the columns, in any order; `id` is called Id.
    """

    path: Path
    columns: Sequence[Column]
    told: Callable[[int], object] = lambda _size: None
    removed: int = 0

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Every row with its line. Raises Broken at the first place where the file is not what it should be."""
        csv.field_size_limit(LONGEST_FIELD)
        line = 1
        try:
            with self.path.open("rb") as raw:
                text = self._text(raw)
                reader = csv.reader(_lines(text), strict=True)
                names = self._names(next(reader, []))
                line, seen = reader.line_num + 1, 0
                for values in reader:
                    seen = self._tell(raw, seen)
                    if values:
                        yield line, self._row(names, values)
                    line = reader.line_num + 1
                self._tell(raw, seen)
        except UnicodeDecodeError as error:
            raise Broken(self.path, line, _("this is no text in UTF-8")) from error
        except csv.Error as error:
            message = _("cannot be read from here on: %(reason)s")
            raise Broken(self.path, line, message % {"reason": error}) from error
        except EOFError as error:
            message = _("the file ends too early (%(reason)s); is it complete?")
            raise Broken(self.path, line, message % {"reason": error}) from error
        except (OSError, zlib.error) as error:
            raise Broken(self.path, line, str(getattr(error, "strerror", None) or error)) from error

    def _text(self, raw: BinaryIO) -> io.TextIOWrapper:
        whole = cast("BinaryIO", gzip.GzipFile(fileobj=raw)) if self.path.suffix.lower() == ".gz" else raw
        return io.TextIOWrapper(whole, encoding="utf-8-sig", newline="")

    def _tell(self, raw: BinaryIO, seen: int) -> int:
        now = raw.tell()
        if now > seen:
            self.told(now - seen)
        return now

    def _names(self, header: list[str]) -> list[str]:
        """The names of the columns. Raises Broken unless all that are needed are there, once."""
        names = ["Id" if name.strip().lower() == "id" else name.strip().lower() for name in header]
        missing = [column.name for column in self.columns if column.needed and column.name not in names]
        if missing:
            message = _("the first line has to name the columns; there is no %(names)s")
            raise Broken(self.path, 1, message % {"names": ", ".join(missing)})
        twice = [name[:40] for name, number in Counter(names).items() if number > 1]
        if twice:
            raise Broken(self.path, 1, _("the first line names %(names)s twice") % {"names": ", ".join(twice)})
        return names

    def _row(self, names: list[str], values: list[str]) -> Row:
        if len(values) != len(names):
            message = _("the row has %(found)d values; there are %(wanted)d columns")
            return ValueError(message % {"found": len(values), "wanted": len(names)})
        return {name: self._storable(value) for name, value in zip(names, values, strict=True)}

    def _storable(self, value: str) -> str:
        kept, removed = storable(value)
        self.removed += removed
        return kept
