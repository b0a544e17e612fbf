"""The leaderboard of the viewer's own organization: looking at it, and switching it on and off."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.models import Member
from community.rules import clock
from community.views.viewer import viewer
from reputation.actions.profile import switch_leaderboard
from reputation.policies.profile import leaderboard_of, may_switch_leaderboard
from reputation.queries.leaderboard import MOST_PLACES, places_for, subjects_for
from reputation.queries.profile import shown_by
from reputation.rules.profile import Period, period_named
from threads.queries.profile import subjects_named
from threads.rendering.profile import periods_to_choose


@require_http_methods(["GET", "POST"])
def leaderboard(request: HttpRequest) -> HttpResponse:
    """Who earned most in one's organization. While it is off it is there for administrators alone, to switch it on."""
    member = viewer(request)
    if request.method == "POST":
        return _switch(request, member)
    board, may_switch = leaderboard_of(member), may_switch_leaderboard(member)
    if board is None and not may_switch:
        raise Http404
    period, scope = _asked(request, member)
    context = {
        "organization": member.organization,
        "board": board,
        "may_switch": may_switch,
        "most": MOST_PLACES,
        "choice": {"period": period.name, "subject": scope},
        "periods": periods_to_choose(clock.now().date(), period.name),
        "subject_choices": _subjects(member, period, scope),
        "places": places_for(member, period, scope=scope),
        "is_left_out": shown_by(member).off_leaderboards,
        "choosing_url": f"{reverse('member-profile', args=[member.handle])}#shown",
    }
    return render(request, "threads/leaderboard.html", context)


def _switch(request: HttpRequest, member: Member) -> HttpResponse:
    if leaderboard_of(member) is None and not may_switch_leaderboard(member):
        raise Http404
    on = request.POST.get("on") == "yes"
    switch_leaderboard(by=member, on=on)
    messages.success(request, _("The leaderboard is on.") if on else _("The leaderboard is off."))
    return redirect("leaderboard")


def _asked(request: HttpRequest, member: Member) -> tuple[Period, str]:
    """Period and subject. What is unknown, or not for the viewer to know, is not there."""
    today = clock.now().date()
    period = period_named(request.GET.get("period") or f"{today:%Y-%m}", today)
    scope = request.GET.get("subject", "")
    if period is None or (scope and not subjects_named(member, [scope])):
        raise Http404
    return period, scope


def _subjects(member: Member, period: Period, scope: str) -> list[tuple[str, str]]:
    names = subjects_named(member, [*subjects_for(member, period), *([scope] if scope else [])])
    return [("", _("All subjects")), *names.items()]
