"""The archive: browsing it."""

from html import escape
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community.rendering.markdown import plain_text
from community.views.shared import SharedPage, own, respond
from community.views.viewer import viewer
from threads.models import Practice
from threads.queries.archive import (
    Facet,
    PracticeFilter,
    facets,
    practice_rows,
)
from threads.rules.texts import beginning
from threads.views.rows import drawn

_NAMES = ("product", "tag", "confidence", "space")


@require_GET
def archive(request: HttpRequest) -> HttpResponse:
    """Practices by product, tag and confidence, newest change first."""
    member = viewer(request)
    chosen = {name: request.GET.get(name, "")[:100].replace("\0", "") for name in (*_NAMES, "q")}
    try:
        rows, following = practice_rows(member, PracticeFilter(**chosen), after=request.GET.get("after", ""))
    except ValueError:
        return HttpResponseBadRequest(_("This address is broken. Open the archive again."))
    values = facets(member)
    later = bool(request.GET.get("after"))

    def context() -> dict[str, Any]:
        return {
            "query": chosen["q"],
            "kept": {name: chosen[name] for name in _NAMES if chosen[name]},
            "found": bool(rows),
            "filtered": any(chosen.values()),
            "page": {"next_url": own("next") if following else None, "previous_url": _url(chosen) if later else None},
            **_facets(values, chosen),
        }

    beside = {
        "results": "".join(drawn(row, "threads/parts/practice_result.html", _result) for row in rows),
        "next": escape(_url(chosen, after=following or "")),
    }
    counted = tuple((name, tuple(group)) for name, group in values.items())
    facts = (tuple(chosen.items()), bool(rows), following is not None, later, counted)
    return respond(request, SharedPage("threads/archive.html", facts, context, beside))


def _result(practice: Practice) -> dict[str, Any]:
    text = plain_text(practice.resolution_html or practice.problem_html)
    return {"practice": practice, "excerpt": beginning(text, most=260)}


def _url(chosen: dict[str, str], **more: str) -> str:
    return "?" + urlencode({name: value for name, value in (chosen | more).items() if value})


def _facets(found: dict[str, list[Facet]], chosen: dict[str, str]) -> dict[str, Any]:
    labels = {"product": _("Product"), "tag": _("Tag"), "confidence": _("Confidence")}
    shown = [
        {"label": labels[name], "options": [_option(chosen, name, facet) for facet in found[name]]} for name in labels
    ]
    names = {facet.value: facet.label for group in found.values() for facet in group}
    active = [
        {"label": names.get(chosen[name], chosen[name]), "url": _url(chosen | {name: ""})}
        for name in _NAMES
        if chosen[name]
    ]
    return {"facets": shown, "active": active}


def _option(chosen: dict[str, str], name: str, facet: Facet) -> dict[str, Any]:
    on = chosen[name] == facet.value
    return {
        "label": facet.label,
        "count": facet.count,
        "on": on,
        "url": _url(chosen | {name: "" if on else facet.value}),
    }
