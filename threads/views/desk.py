"""The curators' desk: its queues, claiming, and pairs that may be the same."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from community.errors import Refused
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.claims import claim as claim_practice
from threads.actions.claims import give_back
from threads.actions.reviews import start_review
from threads.policies.desk import has_desk
from threads.queries.desk import MOST_COUNTED, QUEUES, Narrowed, desk_counts, desk_page
from threads.queries.terms import own_terms
from threads.views.loading import load_practice

LABELS: dict[str, str | Promise] = {
    "challenged": gettext_lazy("Challenged"),
    "suggested": gettext_lazy("Edits suggested"),
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "due": gettext_lazy("Due for review"),
    "unowned": gettext_lazy("Nobody looks after"),
    "duplicates": gettext_lazy("Likely duplicates"),
    "reused": gettext_lazy("Reused, not validated"),
    "asked": gettext_lazy("Changes asked for"),
}
_ABOUT: dict[str, str | Promise] = {
    "challenged": gettext_lazy("Somebody said that it does not work, is outdated or dangerous. Dangerous ones first."),
    "suggested": gettext_lazy("Somebody suggested a better text. The oldest first."),
    "new": gettext_lazy("Recorded, and no curator has looked at it yet. The oldest first."),
    "changed": gettext_lazy("Changed since a curator last looked. The most used first."),
    "due": gettext_lazy("It was last looked at long ago. The longest overdue first."),
    "unowned": gettext_lazy("Nobody hears when something is said against it. The most used first."),
    "duplicates": gettext_lazy("Two practices that may say the same: merge them, or say that they differ."),
    "reused": gettext_lazy("It helps again and again, and too few organizations have said so. The most used first."),
    "asked": gettext_lazy("A curator asked for changes that have not come yet. The oldest first."),
}
_NAMES = ("product", "tag", "space")


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, in queues; without one chosen the first in which something waits."""
    member = viewer(request)
    if not has_desk(member):
        raise PermissionDenied
    counts = desk_counts(member)
    name = request.GET.get("queue", "") or next((each for each in QUEUES if counts[each]), QUEUES[0])
    chosen = {each: request.GET.get(each, "")[:100].replace("\0", "") for each in _NAMES}
    mine = request.GET.get("mine") == "1"
    if name not in QUEUES:
        raise Http404
    try:
        page = desk_page(member, name, Narrowed(**chosen, mine=mine), after=request.GET.get("after", ""))
    except ValueError:
        return HttpResponseBadRequest(_("This address is broken. Open the desk again."))
    kept = {"queue": name, **chosen, "mine": "1" if mine else ""}
    context = {
        "queues": [_tab(each, counts[each], kept) for each in QUEUES],
        "queue": name,
        "label": LABELS[name],
        "about": _ABOUT[name],
        "rows": page.rows,
        "chips": [{"label": chosen[each], "url": _url(kept | {each: ""})} for each in _NAMES if chosen[each]],
        "mine": {"on": mine, "url": _url(kept | {"mine": "" if mine else "1"})},
        "narrow": {each: _url(kept | {each: ""}) for each in _NAMES},
        "page": {
            "next_url": _url(kept | {"after": page.next}) if page.next else None,
            "previous_url": _back(request, kept),
        },
        "empty": not any(counts.values()),
        "own_terms": own_terms(member),
        "here": request.get_full_path(),
    }
    return render(request, "threads/desk.html", context)


def _tab(name: str, count: int, kept: dict[str, str]) -> dict[str, Any]:
    return {
        "label": LABELS[name],
        "count": f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or ""),
        "url": _url(kept | {"queue": name}),
        "on": name == kept["queue"],
    }


def _url(values: dict[str, str]) -> str:
    return "?" + urlencode({name: value for name, value in values.items() if value})


def _back(request: HttpRequest, kept: dict[str, str]) -> str | None:
    return _url(kept) if request.GET.get("after") else None


@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a practice to work on, or give it back (`act=release`)."""
    member, found = viewer(request), load_practice(request, pk)
    try:
        if request.POST.get("act") == "release":
            give_back(by=member, practice=found)
            messages.success(request, _("Others can work on it now."))
        else:
            claim_practice(by=member, practice=found)
            messages.success(request, _("It is yours to work on for four hours."))
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect(next_of(request, found.get_absolute_url()))


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Claim a practice and open its review."""
    member, found = viewer(request), load_practice(request, pk)
    try:
        opened = start_review(by=member, practice=found)
    except Refused as error:
        messages.error(request, words_of(error))
        return redirect(next_of(request, found.get_absolute_url()))
    return redirect("review", pk=opened.pk)


def next_of(request: HttpRequest, otherwise: str) -> str:
    """Where the form came from, when that is on this site."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None, require_https=False)
    return back if back.startswith("/") and safe else otherwise
