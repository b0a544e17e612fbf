"""The search page."""

from html import escape

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community.views.shared import SharedPage, frame_of_request, own, respond
from community.views.viewer import asking_along, viewer
from threads.queries.search import KINDS, Hit, SearchResult, search
from threads.rules.search_text import MAX_QUERY, clean
from threads.views.narrowing import (
    Asked,
    active_of,
    facets_shown,
    kinds_of,
    sentences_of,
    suggestion_of,
    title_of,
    ways_on,
)
from threads.views.practices_used import Goal, goal_of
from threads.views.rows import drawn_once

_OFFERED = 3


@asking_along()
@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """Threads, practices, playbooks and members that have the words, best first."""
    goal = goal_of(request)
    kind = request.GET.get("kind", "")
    asked = Asked(
        text=clean(request.GET.get("q", "")).strip(),
        kind=kind if kind in KINDS else "",
        goal=str(goal.pk) if goal else "",
        exact=request.GET.get("exact") == "1",
    )
    try:
        found = _found(request, asked) if asked.text else SearchResult()
    except ValueError:
        return HttpResponseBadRequest(_("This address is broken. Search again."))
    later = bool(request.GET.get("after"))
    spaces = () if found.hits else frame_of_request(request).spaces[:_OFFERED]
    shown = {
        "kinds": kinds_of(asked, found),
        "active": active_of(asked, found),
        "facets": facets_shown(asked, found),
        "said": sentences_of(found),
        "ways": ways_on(asked, found),
        "suggestion": suggestion_of(asked, found),
        "title": title_of(asked.text),
        "instead": asked.url(exact="1"),
    }
    counted = found.total, found.bounded, found.corrected, bool(found.hits)

    def context() -> dict[str, object]:
        return {
            **shown,
            "query": asked.text,
            "kept": asked.kept,
            "goal": goal,
            "found": bool(found.hits),
            "total": found.total,
            "bounded": found.bounded,
            "corrected": found.corrected,
            "cut": len(asked.text) >= MAX_QUERY,
            "spaces": spaces,
            "page": {
                "next_url": own("next") if found.next else None,
                "previous_url": asked.url() if later else None,
            },
        }

    beside = {
        "results": "".join(_result(hit, goal) for hit in found.hits),
        "next": escape(asked.url(after=found.next or "")),
    }
    facts = (asked, tuple(shown.values()), counted, spaces, found.next is not None, later, goal)
    return respond(request, SharedPage("threads/search.html", facts, context, beside))


def _found(request: HttpRequest, asked: Asked) -> SearchResult:
    after = request.GET.get("after", "")
    kinds = (asked.kind,) if asked.kind else KINDS
    return search(viewer(request), asked.text, kinds=kinds, after=after, mend=not asked.exact, facets=True)


def _result(hit: Hit, goal: Goal | None) -> str:
    used_in = goal.pk if goal and hit.kind == "practice" else None
    facts = (hit.facts, hit.kind, hit.url, hit.heading, hit.highlight, used_in)
    return drawn_once("threads/parts/search_result.html", facts, lambda: {"item": hit, "goal": used_in})
