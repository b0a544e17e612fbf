"""All badges of the network: what each says, how many hold it, and how far the viewer is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from community.views.viewer import viewer
from reputation.queries.badges import badge_states


@require_GET
def badges(request: HttpRequest) -> HttpResponse:
    """Each badge with its sentence."""
    member = viewer(request)
    return render(request, "threads/badges.html", {"badges": badge_states(member), "member": member})
