"""The search page."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community.views.viewer import viewer
from threads.queries.search import KINDS, search


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """Threads, practices and members that have the words, best first."""
    query = request.GET.get("q", "")
    kind = request.GET.get("kind", "")
    kinds = (kind,) if kind in KINDS else KINDS
    context: dict[str, object] = {
        "query": query,
        "kept": {"kind": kind} if kind in KINDS else {},
        "kinds": _kinds(query, kind),
    }
    if query.strip():
        try:
            found = search(viewer(request), query, kinds=kinds, after=request.GET.get("after", ""))
        except ValueError:
            return HttpResponseBadRequest(_("This address is broken. Search again."))
        chosen = {"q": query, "kind": kind}
        context |= {
            "items": found.hits,
            "page": {
                "next_url": _url(**chosen, after=found.next) if found.next else None,
                "previous_url": _url(**chosen) if request.GET.get("after") else None,
            },
        }
    return render(request, "threads/search.html", context)


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
