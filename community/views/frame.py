"""What every page's frame shows, and the pages that are about the site itself."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from community.views.shared import THEMES, frame_of_request

_YEAR = 60 * 60 * 24 * 365


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame."""
    return {"frame": frame_of_request(request)}


@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """Shortcuts, Markdown, and what the words mean."""
    return render(request, "help.html")


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Choose light, dark, or (`system`) what the device says."""
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(back if safe else "/")
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie("theme")
    return response


@require_GET
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Where the icon is that browsers ask for unasked."""
    return HttpResponseRedirect(static("favicon.svg"))
