"""Practices to take along: what the viewer may see, as one file."""

from django.core.cache import cache
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.views.viewer import viewer
from threads.importers.archive.layout import UnusableArchive
from threads.importers.archive.packing import NAME, packed
from threads.importers.archive.writing import AS, Export

MOST = 500
MOST_AN_HOUR = 6
_HOUR_SECONDS = 3600
_LONGEST = 60


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """How many there are; then the file."""
    member, asked = viewer(request), request.POST if request.method == "POST" else request.GET
    about = {name: asked.get(name, "").replace("\0", "")[:_LONGEST] for name in ("product", "tag")}
    wanted = Export(AS, member, about["product"], about["tag"])
    count = wanted.practices().count()
    if request.method != "POST" or not 0 < count <= MOST:
        return _page(request, about, count, status=409 if request.method == "POST" else 200)
    if not _may_have_another(member.pk):
        return _page(request, about, count, status=429, words=_("That was often. Try again in an hour."))
    try:
        found = packed(wanted)
    except UnusableArchive as error:
        return _page(request, about, count, status=409, words=" ".join(error.messages))
    return FileResponse(found, as_attachment=True, filename=f"{NAME}.zip", content_type="application/zip")


def _page(request: HttpRequest, about: dict[str, str], count: int, *, status: int, words: str = "") -> HttpResponse:
    context = {**about, "count": count, "most": MOST, "words": words}
    return render(request, "threads/archive_export.html", context, status=status)


def _may_have_another(member: int) -> bool:
    """Whether they had fewer than the limit of this hour; without a cache nobody counts."""
    key = f"archive-export:{member}"
    cache.add(key, 0, _HOUR_SECONDS)
    try:
        return cache.incr(key) <= MOST_AN_HOUR
    except ValueError:
        return True
