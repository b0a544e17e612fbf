"""The search page."""

from html import escape
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community.views.shared import SharedPage, frame_of_request, own, respond
from community.views.viewer import viewer
from threads.queries.search import KINDS, Hit, SearchResult, search
from threads.views.rows import drawn_once

_OFFERED = 3


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """Threads, practices and members that have the words, best first."""
    query = request.GET.get("q", "")
    kind = request.GET.get("kind", "")
    try:
        found = _found(request, query, kind) if query.strip() else SearchResult()
    except ValueError:
        return HttpResponseBadRequest(_("This address is broken. Search again."))
    later, chosen = bool(request.GET.get("after")), {"q": query, "kind": kind}
    spaces = frame_of_request(request).spaces[:_OFFERED] if not found.hits else ()

    def context() -> dict[str, object]:
        return {
            "query": query,
            "kept": {"kind": kind} if kind in KINDS else {},
            "kinds": _kinds(query, kind),
            "found": bool(found.hits),
            "spaces": spaces,
            "page": {
                "next_url": own("next") if found.next else None,
                "previous_url": _url(**chosen) if later else None,
            },
        }

    beside = {
        "results": "".join(map(_result, found.hits)),
        "next": escape(_url(**chosen, after=found.next or "")),
    }
    facts = (query, kind, bool(found.hits), spaces, found.next is not None, later)
    return respond(request, SharedPage("threads/search.html", facts, context, beside))


def _found(request: HttpRequest, query: str, kind: str) -> SearchResult:
    kinds = (kind,) if kind in KINDS else KINDS
    return search(viewer(request), query, kinds=kinds, after=request.GET.get("after", ""))


def _result(hit: Hit) -> str:
    facts = (hit.facts, hit.kind, hit.url, hit.heading, hit.highlight)
    return drawn_once("threads/parts/search_result.html", facts, lambda: {"item": hit})


def _url(**chosen: str) -> str:
    return "?" + urlencode({name: value for name, value in chosen.items() if value})


def _kinds(query: str, chosen: str) -> list[dict[str, object]]:
    words = {"": _("Everything"), "thread": _("Threads"), "practice": _("Practices"), "member": _("Members")}
    return [
        {
            "label": label,
            "url": _url(q=query, kind=kind),
            "on": kind == (chosen if chosen in KINDS else ""),
            "count": None,
        }
        for kind, label in words.items()
    ]
