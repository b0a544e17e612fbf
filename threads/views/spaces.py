"""The spaces, and the list of threads in one."""

from dataclasses import dataclass, replace
from html import escape
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community.events.reactors import crowds
from community.views.shared import SharedPage, marker, own, respond
from community.views.viewer import asking_along, viewer
from threads.queries.rows import listed_rows
from threads.queries.spaces import spaces_with_figures
from threads.queries.threads import ThreadFilter
from threads.views.loading import load_space
from threads.views.rows import drawn_threads

_NAMES = ("status", "product", "tag", "author", "owner", "severity", "q")


@dataclass(frozen=True)
class Chip:
    """A filter or order one can choose; `removes` when choosing it takes a filter away."""

    label: str
    url: str
    on: bool = False
    icon: str = ""
    removes: bool = False


@require_GET
def spaces(request: HttpRequest) -> HttpResponse:
    """The spaces open to the member."""
    return render(request, "threads/spaces.html", {"spaces": spaces_with_figures(viewer(request))})


@asking_along()
@require_GET
def space(request: HttpRequest, slug: str) -> HttpResponse:
    """The threads of a space. Filters and order are in the address, so that it can be kept and sent."""
    member, found = viewer(request), load_space(request, slug)
    chosen = {name: request.GET.get(name, "")[:100].replace("\0", "") for name in (*_NAMES, "sort")}
    wanted = ThreadFilter(space=slug, **{name: value for name, value in chosen.items() if value})
    try:
        page = listed_rows(member, wanted, after=request.GET.get("after", ""))
    except ValueError:
        return HttpResponseBadRequest(_("This address is broken. Open the space again."))
    there, more, later = bool(page.rows), page.next is not None, bool(request.GET.get("after"))
    mine = wanted.author == member.handle

    def context() -> dict[str, Any]:
        return {
            "space": found,
            "can": {"ask": True},
            "there": there,
            "filters": _filters(wanted, mine=mine),
            "orders": _orders(wanted),
            "filtered": any(chosen[name] for name in _NAMES),
            "page": {"next_url": own("next") if more else None, "previous_url": _url(wanted) if later else None},
        }

    shown = (found.pk, found.slug, found.name, found.description, found.audience)
    beside = {"rows": drawn_threads(page.rows, crowds()), "next": escape(_url(wanted, after=page.next or ""))}
    facts = (shown, wanted, mine, there, more, later)
    return respond(request, SharedPage("threads/space.html", facts, context, beside, space=found.pk))


def _url(wanted: ThreadFilter, **more: str) -> str:
    chosen = {name: getattr(wanted, name) for name in _NAMES if getattr(wanted, name)}
    if wanted.sort != "latest":
        chosen["sort"] = wanted.sort
    return "?" + urlencode(chosen | more)


def _filters(wanted: ThreadFilter, *, mine: bool) -> list[Chip]:
    base = replace(wanted, status="", author="", owner="")
    by_me = replace(base, author=wanted.author if mine else marker("handle"))
    choices = [
        (_("All"), base, ""),
        (_("Unresolved"), replace(base, status="unresolved"), "open"),
        (_("Waiting"), replace(base, status="waiting"), "waiting"),
        (_("Resolved"), replace(base, status="resolved"), "resolved"),
        (_("Mine"), by_me, ""),
        (_("No owner"), replace(base, status="unresolved", owner="none"), ""),
    ]
    chips = [Chip(label, _url(choice), on=choice == wanted, icon=icon) for label, choice, icon in choices]
    narrowed = [name for name in ("product", "tag", "severity", "q") if getattr(wanted, name)]
    chips += [
        Chip(getattr(wanted, name), _url(replace(wanted, **{name: ""})), on=True, removes=True) for name in narrowed
    ]
    return chips


def _orders(wanted: ThreadFilter) -> list[Chip]:
    words = {
        "latest": _("Last activity"),
        "newest": _("Newest"),
        "severity": _("Severity"),
        "fewest": _("Fewest replies"),
    }
    return [Chip(label, _url(replace(wanted, sort=name)), on=wanted.sort == name) for name, label in words.items()]
