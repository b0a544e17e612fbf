"""The page that explains standing: what earns, what limits it, what it lets one do, and how far one is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from community.views.viewer import viewer
from reputation.rules.points import RULES_VERSION, WINDOW_DAYS
from threads.queries.met import labels_of
from threads.queries.privileges import own_privileges
from threads.rendering.standing_rules import caps, earned, privileges


@require_GET
def standing(request: HttpRequest) -> HttpResponse:
    """The rules with their reasons, and one's own privileges."""
    own = own_privileges(viewer(request))
    labels = labels_of({scope for each in own.values() for scope in (*each.held, each.best) if scope})
    rows = [
        {
            "line": line,
            "held": [labels[scope] for scope in own[line.name].held],
            "have": own[line.name].have,
            "best": labels.get(own[line.name].best, ""),
        }
        for line in privileges()
    ]
    context = {
        "privileges": rows, "earned": list(earned()), "caps": list(caps()), "days": WINDOW_DAYS,
        "version": RULES_VERSION, "member": viewer(request),
    }  # fmt: skip
    return render(request, "threads/standing.html", context)
