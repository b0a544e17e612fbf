"""What every page's frame shows, and the pages that are about the site itself."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from community.events.reading import newest_number
from community.events.streams import member_stream
from community.queries.inbox import unread_count
from community.queries.organizations import invites_into
from community.queries.spaces import spaces_visible_to
from community.views.viewer import viewer

THEMES = ("light", "dark")
_YEAR = 60 * 60 * 24 * 365


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame: the viewer's spaces, unread notices and theme.

    Nothing of it is read before it is drawn.
    """
    chosen = request.COOKIES.get("theme", "")
    values: dict[str, Any] = {"theme": chosen if chosen in THEMES else ""}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        member = viewer(request)
        values |= {
            "spaces": SimpleLazyObject(lambda: list(spaces_visible_to(member)[:100])),
            "member_seq": SimpleLazyObject(lambda: newest_number(member_stream(member.pk))),
            "inbox_unread": SimpleLazyObject(lambda: unread_count(member)),
            "invites": SimpleLazyObject(lambda: list(invites_into(member))),
        }
    return {"frame": values}


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
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """That this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Where the icon is that browsers ask for unasked."""
    return HttpResponseRedirect(static("favicon.svg"))
