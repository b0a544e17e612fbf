"""Who curates which space from when until when."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.terms import cancel_term, plan_term
from threads.forms.curation import TermForm
from threads.policies.desk import has_desk, may_plan_terms
from threads.queries.curated import spaces_curated_by
from threads.queries.terms import terms_listed_for, terms_visible_to

_LARGEST = 2**63 - 1


@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest) -> HttpResponse:
    """The terms that run and those to come; network administrators plan them here."""
    member = viewer(request)
    plans = may_plan_terms(member)
    listed = terms_listed_for(member)
    if not (listed or has_desk(member)):
        raise PermissionDenied
    if request.method == "POST" and not plans:
        raise PermissionDenied
    form = TermForm(request.POST or None, spaces=spaces_curated_by(member)) if plans else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            plan_term(by=member, **form.accepted())
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("The term is planned. The role comes and goes by itself."))
            return redirect("terms")
    context = {"terms": listed, "form": form, "plans": plans, "curates": has_desk(member)}
    return render(request, "threads/desk_terms.html", context, status=422 if form is not None and form.errors else 200)


@require_POST
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a term back, or end one that runs."""
    member = viewer(request)
    found = terms_visible_to(member).filter(pk=pk).first() if pk <= _LARGEST else None
    if found is None:
        raise Http404
    try:
        cancel_term(by=member, term=found)
        messages.success(request, _("The term is taken back."))
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect("terms")
