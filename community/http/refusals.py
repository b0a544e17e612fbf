"""What is refused before Django is asked: more than the threads can do, and more than anybody needs to send."""

from functools import cache

from django.http import HttpResponse
from django.template.loader import get_template
from django.utils.translation import gettext as _

from community.metrics.instruments import REFUSED
from community.rendering.problems import problem


def too_busy(path: str) -> HttpResponse:
    """503 for a request that would have to wait too long. Costs next to nothing, so that refusing helps."""
    REFUSED.labels(why="too_busy").inc()
    if path.startswith("/api/"):
        response = problem(503, "too_busy", _("The site is very busy just now. Try again in a few seconds."))
    else:
        response = HttpResponse(_page("503.html"), status=503)
    response["Retry-After"] = "5"
    return response


def too_large(path: str) -> HttpResponse:
    """413 for a body that was not read to its end."""
    REFUSED.labels(why="too_large").inc()
    if path.startswith("/api/"):
        return problem(413, "too_big", _("The body is too large. Send less at once."))
    return HttpResponse(_page("413.html"), status=413)


@cache
def _page(template: str) -> str:
    return get_template(template).render({})
