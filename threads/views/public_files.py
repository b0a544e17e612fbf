"""What programs read of public practices: news, the map of the site, and where they may go."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from threads.queries.public_pages import Listed, is_anything_public, listed, mapped, public_map
from threads.rendering.public_answers import in_xml
from threads.views.public_answering import answered, for_strangers

_ATOM = "application/atom+xml; charset=utf-8"
_XML = "application/xml; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@for_strangers
@require_GET
def feed(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The newest public practices, of all or of one product, as Atom."""
    rows, _following = listed(product=slug)
    if slug and not rows:
        raise Http404
    updated = max((row.changed_at for row in rows), default=_NEVER)
    own = reverse("public-product-feed", args=[slug]) if slug else reverse("public-feed")
    page = reverse("public-product", args=[slug]) if slug else reverse("public")
    context = {
        "entries": [_entry(row) for row in rows], "updated": _stamp(updated), "own": own, "page": page,
        "host": urlsplit(settings.SITE_URL).hostname, "scope": slug or "all",
    }  # fmt: skip
    return answered(request, "public/feed.xml", (rows, own), context, content_type=_ATOM, changed_at=updated)


def _entry(row: Listed) -> dict[str, str]:
    return {
        "title": in_xml(row.title), "summary": in_xml(row.summary), "slug": row.slug,
        "published": _stamp(row.published_at), "updated": _stamp(row.changed_at),
    }  # fmt: skip


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@for_strangers
@require_GET
def site_map(request: HttpRequest) -> HttpResponse:
    """The parts of the map."""
    parts = public_map()
    context = {"parts": [(number, _stamp(at)) for number, at in parts]}
    return answered(request, "public/sitemap_index.xml", parts, context, content_type=_XML)


@for_strangers
@require_GET
def site_map_part(request: HttpRequest, number: int) -> HttpResponse:
    """A part of the map."""
    rows = mapped(number) if number < 10**9 else ()
    if not rows:
        raise Http404
    context = {"rows": [(slug, _stamp(at)) for slug, at in rows]}
    return answered(request, "public/sitemap.xml", rows, context, content_type=_XML)


@for_strangers
@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """Programs may go where something is public, and nowhere else."""
    open_to_all = is_anything_public()
    return answered(request, "public/robots.txt", open_to_all, {"open": open_to_all}, content_type=_TEXT)
