"""An archive as one file, for somebody to take along."""

from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from threads.importers.archive.writing import Export, export_archive

NAME = "practices"
_IN_MEMORY = 4 * 1024 * 1024
_ALWAYS = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


def packed(export: Export) -> IO[bytes]:
    """The folder as a zip file, read from its beginning. The same practices are the same bytes."""
    found = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (who asked reads and closes it)
    with TemporaryDirectory(prefix="guildhall-export-") as place, ZipFile(found, "w", ZIP_DEFLATED) as archive:
        folder = Path(place, NAME)
        export_archive(folder, export)
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            entry = ZipInfo(str(path.relative_to(place)), _ALWAYS)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, _READABLE
            archive.writestr(entry, path.read_bytes())
    found.seek(0)
    return found
