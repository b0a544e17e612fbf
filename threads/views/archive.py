"""The archive: browsing it."""

from html import escape
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community.rendering.markdown import plain_text
from community.views.shared import SharedPage, own, respond
from community.views.viewer import asking_along, viewer
from threads.models import Practice
from threads.queries.archive import (
    Facet,
    PracticeFilter,
    facets,
    practice_rows,
)
from threads.queries.carried import Row
from threads.queries.public_pages import is_anything_public
from threads.rules.texts import beginning
from threads.views.practices_used import Goal, goal_of
from threads.views.rows import drawn

_NAMES = ("product", "tag", "confidence", "space")


@asking_along()
@require_GET
def archive(request: HttpRequest) -> HttpResponse:
    """Practices by product, tag and confidence, newest change first."""
    member = viewer(request)
    chosen = {name: request.GET.get(name, "")[:100].replace("\0", "") for name in (*_NAMES, "q")}
    try:
        rows, following = practice_rows(member, PracticeFilter(**chosen), after=request.GET.get("after", ""))
    except ValueError:
        return HttpResponseBadRequest(_("This address is broken. Open the archive again."))
    values, goal = facets(member), goal_of(request)
    lasting = {"for": str(goal.pk)} if goal else {}
    later, is_public = bool(request.GET.get("after")), is_anything_public()

    def context() -> dict[str, Any]:
        return {
            "query": chosen["q"],
            "kept": {name: chosen[name] for name in _NAMES if chosen[name]} | lasting,
            "goal": goal,
            "found": bool(rows),
            "is_public": is_public,
            "filtered": any(chosen.values()),
            "page": {
                "next_url": own("next") if following else None,
                "previous_url": _url(chosen, **lasting) if later else None,
            },
            **_facets(values, chosen, lasting),
        }

    beside = {
        "results": "".join(_row(row, goal) for row in rows),
        "next": escape(_url(chosen, **lasting, after=following or "")),
    }
    counted = tuple((name, tuple(group)) for name, group in values.items())
    facts = (tuple(chosen.items()), bool(rows), following is not None, later, counted, goal, is_public)
    return respond(request, SharedPage("threads/archive.html", facts, context, beside))


def _row(row: Row[Practice], goal: Goal | None) -> str:
    pk = goal.pk if goal else None
    return drawn(row, "threads/parts/practice_result.html", lambda practice: {**_result(practice), "goal": pk}, pk)


def _result(practice: Practice) -> dict[str, Any]:
    text = plain_text(practice.resolution_html or practice.problem_html)
    return {"practice": practice, "excerpt": beginning(text, most=260)}


def _url(chosen: dict[str, str], **more: str) -> str:
    return "?" + urlencode({name: value for name, value in (chosen | more).items() if value})


def _facets(found: dict[str, list[Facet]], chosen: dict[str, str], lasting: dict[str, str]) -> dict[str, Any]:
    labels = {"product": _("Product"), "tag": _("Tag"), "confidence": _("Confidence")}
    chosen = chosen | lasting
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
