"""The spaces, and the list of threads in one."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community.events.reactors import crowds
from community.models import Member
from community.views.viewer import viewer
from threads.queries.spaces import spaces_with_figures
from threads.queries.threads import ThreadFilter, listed
from threads.views.loading import load_space

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


@require_GET
def space(request: HttpRequest, slug: str) -> HttpResponse:
    """The threads of a space. Filters and order are in the address, so that it can be kept and sent."""
    member, found = viewer(request), load_space(request, slug)
    chosen = {name: request.GET.get(name, "")[:100].replace("\0", "") for name in (*_NAMES, "sort")}
    wanted = ThreadFilter(space=slug, **{name: value for name, value in chosen.items() if value})
    try:
        page = listed(member, wanted, after=request.GET.get("after", ""))
    except ValueError:
        return HttpResponseBadRequest(_("This address is broken. Open the space again."))
    context = {
        "space": found,
        "can": {"ask": True},
        "threads": page.threads,
        "crowds": crowds(),
        "filters": _filters(member, wanted),
        "orders": _orders(wanted),
        "filtered": any(chosen[name] for name in _NAMES),
        "page": {
            "next_url": _url(wanted, after=page.next) if page.next else None,
            "previous_url": _url(wanted) if request.GET.get("after") else None,
        },
    }
    return render(request, "threads/space.html", context)


def _url(wanted: ThreadFilter, **more: str) -> str:
    chosen = {name: getattr(wanted, name) for name in _NAMES if getattr(wanted, name)}
    if wanted.sort != "latest":
        chosen["sort"] = wanted.sort
    return "?" + urlencode(chosen | more)


def _filters(member: Member, wanted: ThreadFilter) -> list[Chip]:
    base = replace(wanted, status="", author="", owner="")
    choices = [
        (_("All"), base, ""),
        (_("Unresolved"), replace(base, status="unresolved"), "open"),
        (_("Waiting"), replace(base, status="waiting"), "waiting"),
        (_("Resolved"), replace(base, status="resolved"), "resolved"),
        (_("Mine"), replace(base, author=member.handle), ""),
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
