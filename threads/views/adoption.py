"""What an organization makes of practices: of one, and of all that it decided about."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.adoption import adopt, end_adoption
from threads.forms.spreading import AdoptionForm
from threads.models import Adoption, Practice
from threads.policies.spreading import may_adopt, takes_adoptions
from threads.queries.adoption import adoptions_of, decided_for, outdated_for
from threads.views.loading import load_practice, number_in


@require_http_methods(["GET", "POST"])
def adoption(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide for one's organization, or (`act=end`) take back what was decided."""
    member, practice = viewer(request), load_practice(request, pk)
    if not may_adopt(member, member.organization_id):
        raise PermissionDenied
    if request.method == "POST" and request.POST.get("act") == "end":
        end_adoption(by=member, practice=practice)
        messages.success(request, _("Your organization says nothing of this practice any more."))
        return redirect(practice)
    own = adoptions_of(member, practice).own
    form = AdoptionForm(request.POST or None, initial=_initial(own))
    if request.method == "POST" and form.is_valid() and _adopted(member, practice, form):
        messages.success(request, _("That is what your organization makes of it."))
        return redirect(practice)
    context = {"practice": practice, "form": form, "own": own, "takes_adoptions": takes_adoptions(practice)}
    return render(request, "threads/practice_adoption.html", context, status=422 if form.errors else 200)


def _initial(own: Adoption | None) -> dict[str, Any]:
    return {name: getattr(own, name) for name in ("state", "variant", "reason", "shares")} if own else {}


def _adopted(member: Member, practice: Practice, form: AdoptionForm) -> bool:
    try:
        adopt(by=member, practice=practice, **form.cleaned_data)
    except Invalid as error:
        form.take(error)
    except Refused as error:
        form.add_error(None, words_of(error))
    return form.is_valid()


@require_GET
def decided(request: HttpRequest) -> HttpResponse:
    """All that one's organization decided, first what it decided about something that changed since."""
    member, before = viewer(request), number_in(request, "before")
    rows, following = decided_for(member, before=before) if before else decided_for(member)
    context = {
        "rows": rows,
        "next": following,
        "outdated": [] if before else outdated_for(member),
        "may_adopt": may_adopt(member, member.organization_id),
    }
    return render(request, "threads/adoption.html", context)
