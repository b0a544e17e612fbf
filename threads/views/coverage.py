"""The map of what is known, and where it has holes."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community.views.viewer import viewer
from threads.queries.coverage import Row, coverage
from threads.queries.public_pages import product_name
from threads.rules.coverage import UNKNOWN, UNWRITTEN, Covered
from threads.views.loading import number_in

ROWS = 40


def reason_of(covered: Covered) -> str:
    """Why it is a hole, in words; empty where it is none."""
    if covered.hole == UNWRITTEN:
        return _("Nothing is validated") if covered.not_validated else _("Nobody wrote it down")
    return _("Nobody knows it") if covered.hole == UNKNOWN else ""


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """All products."""
    context = _stretch(request, coverage(viewer(request)))
    context["rows"] = [_shown(row, {"product": row.value} if row.value else {}) for row in context["rows"]]
    return render(request, "threads/coverage.html", context)


@require_GET
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """The topics of a product; one of which the viewer sees nothing is not there."""
    found = coverage(viewer(request), slug)
    if not found:
        raise Http404
    context = _stretch(request, found)
    about = {"product": slug}
    context["rows"] = [_shown(row, {**about, "tag": row.value} if row.value else {}) for row in context["rows"]]
    return render(request, "threads/coverage.html", {**context, "slug": slug, "name": product_name(slug)})


def _stretch(request: HttpRequest, rows: Sequence[Row]) -> dict[str, Any]:
    """The rows of one page, and what is said of those on others; a page that is not there is the first one."""
    begin = (number_in(request, "from") or 1) - 1
    begin = begin if 0 <= begin < len(rows) else 0
    end = begin + ROWS
    return {
        "rows": rows[begin:end],
        "total": len(rows),
        "holes_later": sum(bool(row.covered.hole) for row in rows[end:]),
        "page": {
            "label": _("%(first)d to %(last)d of %(all)d")
            % {"first": begin + 1, "last": min(end, len(rows)), "all": len(rows)},
            "next_url": f"?from={end + 1}" if end < len(rows) else None,
            "previous_url": f"?from={max(begin - ROWS, 0) + 1}" if begin else None,
        },
    }


def _shown(row: Row, about: dict[str, str]) -> tuple[Row, str, str]:
    """A row, why it is a hole, and where its practices are listed; empty where no list has just these."""
    return row, reason_of(row.covered), f"{reverse('archive')}?{urlencode(about)}" if about else ""
