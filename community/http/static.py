"""Static files by release: all under one address that changes when any of them does, so that each is kept for ever.

A hash for each file would have to be written into the imports of the scripts; this one is in the folder's name, and
relative imports and addresses in style sheets stay as they are.
"""

import re
import shutil
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.storage import CompressedStaticFilesStorage

from community.http.trimming import without_comments

_RELEASE = re.compile(r"[0-9a-f]{12}/")
_COMPLETE = ".complete"
_OTHERS_KEPT = 2
_LARGE = 64 * 1024
_OURS = ("js/", "css/")


@cache
def release() -> str:
    """What the addresses of all static files begin with, after STATIC_URL: the same wherever the files are the same.

    Empty while developing, when they change under a running site.
    """
    if settings.DEBUG:
        return ""
    digest = sha256()
    for name, path in sorted(found_files().items()):
        digest.update(f"{name}\0{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return f"{digest.hexdigest()[:12]}/"


def found_files() -> dict[str, Path]:
    """The source of every static file by its name; the first finder that has it wins, as in Django."""
    found: dict[str, Path] = {}
    for finder in finders.get_finders():
        for name, storage in finder.list(None):
            prefix = getattr(storage, "prefix", None)
            found.setdefault(f"{prefix}/{name}" if prefix else name, Path(storage.path(name)))
    return found


def collected() -> bool:
    """Whether `collectstatic` has put this release, compressed, into STATIC_ROOT."""
    return (Path(settings.STATIC_ROOT) / release() / _COMPLETE).exists()


class ReleaseStorage(CompressedStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise is not typed
    """Collects each release into a folder of its own, and keeps the last ones for pages that are still open."""

    def __init__(self) -> None:
        super().__init__(str(Path(settings.STATIC_ROOT) / release()), settings.STATIC_URL + release())
        self._addresses: dict[str, str] = {}

    def url(self, name: str | None) -> str:
        """The file's address; worked out once, because a page has a hundred icons."""
        key = name or ""
        if key not in self._addresses:
            self._addresses[key] = super().url(name)
        return self._addresses[key]

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Trim and compress the files of a release that is not complete."""
        if dry_run or collected():
            return
        for name in paths:
            if name.startswith(_OURS):
                self._trim(Path(self.path(name)))
        yield from super().post_process(paths, dry_run, **options)
        self._forget_others()
        Path(self.path(_COMPLETE)).touch()

    def create_compressor(self, **options: Any) -> Compressor:
        """Large files of others are not worth the minute that their last few percent take."""
        return QuickCompressor(**options)

    def _trim(self, path: Path) -> None:
        path.write_text(without_comments(path.read_text()))

    def _forget_others(self) -> None:
        """But for the last that were completed."""
        marks = Path(settings.STATIC_ROOT).glob(f"*/{_COMPLETE}")
        for mark in sorted(marks, key=lambda mark: mark.stat().st_mtime)[:-_OTHERS_KEPT]:
            shutil.rmtree(mark.parent)


class QuickCompressor(Compressor):  # type: ignore[misc]  # as above
    """Brotli at its best for small files, quick for large ones."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """The data, compressed."""
        compressed: bytes = brotli.compress(data, quality=11 if len(data) < _LARGE else 5)
        return compressed


class StaticMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]  # as above
    """Serves the releases in STATIC_ROOT, and the present one from its sources when it is not collected.

    A release that is not here (another machine's, or one long gone) is answered with the present files: better than
    nothing for a page that is open, or read while machines are brought up to date one by one; nobody may keep them.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer what begins with STATIC_URL, if there is such a file."""
        path = request.path_info
        if self.autorefresh or path in self.files or not path.startswith(self.static_prefix):
            return cast("HttpResponseBase", super().__call__(request))
        name = _RELEASE.sub("", path.removeprefix(self.static_prefix), count=1)
        present = self.files.get(self.static_prefix + release() + name)
        if present is None:
            return cast("HttpResponseBase", self.get_response(request))
        response: HttpResponseBase = self.serve(present, request)
        response["Cache-Control"] = "no-cache"
        return response

    def add_files_from_finders(self) -> None:
        """The sources, where there are no collected files."""
        if not collected():
            for name, path in found_files().items():
                self.add_file_to_dictionary(self.static_prefix + release() + name, str(path))

    def candidate_paths_for_url(self, url: str) -> Iterator[str]:
        """Where the file may be now, while developing and in tests, whatever release is asked for."""
        if not url.startswith(self.static_prefix):
            return
        name = _RELEASE.sub("", url.removeprefix(self.static_prefix), count=1)
        yield from super().candidate_paths_for_url(self.static_prefix + name)

    def immutable_file_test(self, path: str, url: str) -> bool:  # noqa: ARG002  (WhiteNoise passes both)
        """Whatever is in a release stays as it is."""
        return bool(_RELEASE.match(url.removeprefix(self.static_prefix)))
