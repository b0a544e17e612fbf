"""Coming back to a thread: what changed since one was here, and how far one has read."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from community.rules.numbers import whole
from community.views.viewer import viewer
from threads.actions.reading import mark_seen
from threads.queries.since import since as since_of
from threads.rendering.since import since_lines
from threads.views.loading import load_thread

_LARGEST_BODY = 1_000


@require_GET
def since(request: HttpRequest, pk: int) -> HttpResponse:
    """What others changed since the viewer was here: a page, or with `?part` the lines of it."""
    thread = load_thread(request, pk)
    found = since_of(viewer(request), thread)
    context = {"thread": thread, "space": thread.space, "since": found, "lines": since_lines(thread, found)}
    name = "threads/parts/since.html" if "part" in request.GET else "threads/since.html"
    return render(request, name, context)


@require_http_methods(["PUT", "POST"])
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Say up to which post one has read: the script by PUT, the button of the page by POST."""
    thread, number = load_thread(request, pk), _number(request)
    if number is None:
        raise Http404
    mark_seen(by=viewer(request), thread=thread, number=number)
    return redirect(thread) if request.method == "POST" else HttpResponse(status=204)


def _number(request: HttpRequest) -> int | None:
    if request.method == "POST":
        return whole(request.POST.get("number", ""))
    try:
        given = json.loads(request.body) if len(request.body) <= _LARGEST_BODY else None
    except ValueError:
        return None
    number = given.get("number") if isinstance(given, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) and number >= 0 else None
