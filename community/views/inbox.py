"""The inbox."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.actions.inbox import choose, mark_read
from community.events.reading import newest_number
from community.events.streams import member_stream
from community.queries.inbox import inbox_of, settings_of, unread_count
from community.rules.numbers import whole
from community.views.viewer import viewer


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Notices grouped by thread, newest first."""
    member = viewer(request)
    unread_only = request.GET.get("show") == "unread"
    seq = newest_number(member_stream(member.pk))
    page = inbox_of(member, before=whole(request.GET.get("before", "")), unread_only=unread_only)
    context = {"page": page, "unread_only": unread_only, "stream": {"name": "member:me", "seq": seq}}
    return render(request, "community/inbox.html", context)


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark the notices about the named subjects read, or (none named) all of them."""
    member = viewer(request)
    subjects = [name for name in request.POST.getlist("subject") if "\0" not in name]
    mark_read(by=member, subjects=subjects or None)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"unread": unread_count(member)})
    return redirect("inbox")


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Which kinds of notices the member wants."""
    member = viewer(request)
    if request.method == "POST":
        wanted = set(request.POST.getlist("wanted"))
        for kind, _was in settings_of(member):
            choose(by=member, kind=kind.name, wanted=kind.name in wanted)
        messages.success(request, _("Your choices are saved."))
        return redirect("inbox-settings")
    return render(request, "community/inbox_settings.html", {"settings": settings_of(member)})
