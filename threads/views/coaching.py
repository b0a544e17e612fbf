"""What coaches see of their people, and how administrators name them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from community.views.viewer import viewer
from reputation.actions.coaching import end_coaching, name_coach
from reputation.policies.evaluations import may_name_coaches
from reputation.queries.evaluations import coached_by, coaching_with, coachings_in, notes_to_coach
from threads.forms.evaluating import CoachForm
from threads.queries.evaluating import lines_met
from threads.views.evaluations import tables


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Whom one coaches."""
    return render(request, "threads/coaching.html", {"coached": coached_by(viewer(request))})


@require_GET
def person(request: HttpRequest, handle: str) -> HttpResponse:
    """The numbers about somebody whom one coaches, and the notes about them that are for their coach."""
    coach = viewer(request)
    found = next((row.member for row in coached_by(coach) if row.member.handle == handle.lower()), None)
    if found is None:
        raise Http404
    context = {**tables(lines_met(coach, found)), "member": found, "notes": notes_to_coach(coach, found)}
    return render(request, "threads/coached.html", context)


@require_http_methods(["GET", "POST"])
def coaches(request: HttpRequest) -> HttpResponse:
    """Who coaches whom in the administrator's organization; name one, end one."""
    member = viewer(request)
    if not may_name_coaches(member):
        raise PermissionDenied
    if "end" in request.POST:
        return _end(request, member, request.POST["end"])
    form = CoachForm(request.POST or None, by=member)
    if request.method == "POST" and form.is_valid():
        try:
            name_coach(by=member, **form.accepted())
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("Named. They see it on their page, and both what it means."))
            return redirect("organization-coaches")
    context = {
        "form": form,
        "coachings": coachings_in(member.organization_id),
        "organization": member.organization,
    }
    return render(request, "threads/coaches.html", context, status=422 if form.errors else 200)


def _end(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    found = coaching_with(member.organization_id, whole(number, most_digits=18) or 0)
    if found is None:
        raise Http404
    try:
        end_coaching(by=member, coaching=found)
    except Refused as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("Ended. They see nothing of it any more."))
    return redirect("organization-coaches")
