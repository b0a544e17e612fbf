"""Saying whether one can be asked now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.actions.reach import set_state
from community.errors import Invalid
from community.forms.reach import StateForm
from community.queries.reach import reach_of
from community.rendering.hours import hours_words, state_text, state_words, zone_of
from community.rules import clock
from community.rules.reach import state_at
from community.views.viewer import viewer


@require_http_methods(["GET", "POST"])
def state(request: HttpRequest) -> HttpResponse:
    """Say whether one can be asked now: from the menu of every page, or here with a time of one's own."""
    member = viewer(request)
    row = reach_of([member.pk])[member.pk]
    initial = {"state": state_at(row, clock.now()), "until": "day"}
    zone = zone_of(member)
    form = StateForm(request.POST or None, hours=row.hours, zone=zone, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            said = set_state(by=member, state=form.cleaned_data["state"], until=form.chosen_until())
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("You are: %(state)s.") % {"state": state_text(said.state, said.until, zone)})
            return redirect(_back(request) or "profile-state")
    context = {"form": form, "now": state_words(row, clock.now()), "hours": hours_words(row.hours), "zone": str(zone)}
    return render(request, "community/state.html", context)


def _back(request: HttpRequest) -> str:
    address = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if safe else ""
