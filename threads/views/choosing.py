"""Choosing a thread of one's own: to use a practice in, or to go through a playbook."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from community.views.viewer import viewer
from threads.models import Thread
from threads.queries.playbooks import threads_to_start_in
from threads.queries.reuse import is_usable, threads_to_use_in
from threads.queries.threads import titled
from threads.views.loading import load_practice
from threads.views.playbooks import load_playbook

_SHOWN = 20


@require_GET
def practice_use(request: HttpRequest, pk: int) -> HttpResponse:
    """The viewer's unresolved threads, each with a button that says that the practice was used there."""
    found = load_practice(request, pk)
    if not is_usable(found):
        return redirect(found)
    context = _threads(request, threads_to_use_in(viewer(request), found))
    return render(request, "threads/practice_use.html", {"practice": found, **context})


@require_GET
def playbook_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Those of them in which everybody sees the playbook, each with a button that starts it there."""
    found = load_playbook(request, pk)
    if found.retired_at is not None:
        return redirect(found)
    context = _threads(request, threads_to_start_in(viewer(request), found))
    return render(request, "threads/playbook_start.html", {"playbook": found, **context})


def _threads(request: HttpRequest, rows: QuerySet[Thread]) -> dict[str, Any]:
    """Those shown, by words of their title where some were typed, and whether there are more."""
    query = request.GET.get("q", "")[:100]
    found = list(titled(rows, query).select_related("space", "product")[: _SHOWN + 1])
    return {"threads": found[:_SHOWN], "more": len(found) > _SHOWN, "query": query}
