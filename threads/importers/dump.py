"""Reading the XML files of a dump as a stream: one `<row .../>` after the other, each with its line.

The parser is expat, fed piece by piece. A file with a document type declaration is refused, so that no entity is ever
declared, expanded or fetched.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from django.utils.translation import gettext as _

from threads.importers.broken import Broken

Row = dict[str, str]

PIECE = 1 << 18
_LONGEST = 12
_UNFINISHED = re.compile(rb"(?:&[^;]*|[\xed\xef][\x80-\xbf]?)\Z")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_FORBIDDEN = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]"
    rb"|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf][\x80-\xbf]"
    rb"|&#0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|6553[45]);"
    rb"|&#[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|[fF]{3}[eEfF]|[dD][89a-fA-F][0-9a-fA-F]{2});"
)


@dataclass
class DumpReader:
    """Reads one file, telling how many bytes. `removed` counts characters that XML forbids and that were left out."""

    path: Path
    root: str
    told: Callable[[int], object] = lambda _size: None
    removed: int = 0
    _rows: list[tuple[int, Row]] = field(default_factory=list)
    _depth: int = 0

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Every row with its line. Raises Broken at the first place where the file is not what it should be."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = lambda name, row: self._start(parser.CurrentLineNumber, name, row)
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = lambda *_facts: self._refuse_doctype(parser.CurrentLineNumber)
        try:
            for piece in self._pieces():
                parser.Parse(piece, False)
                yield from self._taken()
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Broken(self.path, error.lineno, _explained(error)) from error
        except OSError as error:
            raise Broken(self.path, parser.CurrentLineNumber, error.strerror or str(error)) from error
        yield from self._taken()

    def _taken(self) -> list[tuple[int, Row]]:
        rows, self._rows = self._rows, []
        return rows

    def _pieces(self) -> Iterator[bytes]:
        """The file without what XML forbids. A reference cut in two by the end of a piece waits for the next piece."""
        with self.path.open("rb") as file:
            piece = file.read(PIECE)
            clean = not piece.startswith(_UTF_16)
            held = b""
            while piece:
                self.told(len(piece))
                whole = held + piece
                cut = _safe_end(whole) if clean else len(whole)
                held = whole[cut:]
                yield self._cleaned(whole[:cut]) if clean else whole[:cut]
                piece = file.read(PIECE)
            yield self._cleaned(held) if clean else held

    def _cleaned(self, piece: bytes) -> bytes:
        kept, removed = _FORBIDDEN.subn(b"", piece)
        self.removed += removed
        return kept

    def _start(self, line: int, name: str, row: Row) -> None:
        if self._depth == 0 and name != self.root:
            message = _("the outermost element is <%(found)s>; a dump has <%(wanted)s> here")
            raise Broken(self.path, line, message % {"found": name[:40], "wanted": self.root})
        if (self._depth == 1 and name != "row") or self._depth > 1:
            raise Broken(self.path, line, _("unexpected element <%(name)s>") % {"name": name[:40]})
        if self._depth == 1:
            self._rows.append((line, row))
        self._depth += 1

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _refuse_doctype(self, line: int) -> None:
        raise Broken(self.path, line, _("has a document type declaration, which no dump has"))


def _safe_end(piece: bytes) -> int:
    """Where to cut a piece so that nothing that may have to be left out is cut in two."""
    unfinished = _UNFINISHED.search(piece, max(0, len(piece) - _LONGEST))
    return unfinished.start() if unfinished else len(piece)


def _explained(error: expat.ExpatError) -> str:
    reason = expat.ErrorString(error.code) or str(error)
    if error.code in _TRUNCATED:
        return _("the file ends too early (%(reason)s); is it complete?") % {"reason": reason}
    return _("not well-formed XML: %(reason)s") % {"reason": reason}


_TRUNCATED = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}
