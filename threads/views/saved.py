"""Searches that one keeps: all of them, and one of them."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.saved import change_search, drop_search, open_search, save_search
from threads.forms.saved import KINDS, SavedSearchForm
from threads.models import SavedSearch
from threads.queries.saved import saved_for, saved_of

_LARGEST = 2**63 - 1


@require_http_methods(["GET", "POST"])
def searches(request: HttpRequest) -> HttpResponse:
    """All that one keeps, and what is new in each; a POST keeps another one."""
    member = viewer(request)
    form = SavedSearchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _kept(request, member, form):
        return redirect("saved-searches")
    names = dict(KINDS)
    context = {
        "form": form,
        "rows": [(row, names.get(row.search.kind) if row.search.kind else "") for row in saved_of(member)],
    }
    return render(request, "threads/saved_searches.html", context, status=422 if form.errors else 200)


def _kept(request: HttpRequest, member: Member, form: SavedSearchForm) -> bool:
    try:
        search = save_search(by=member, **form.accepted())
    except Invalid as error:
        form.take(error)
    except Refused as error:
        form.add_error(None, words_of(error))
    else:
        messages.success(request, _("“%(name)s” is saved.") % {"name": search.name})
    return not form.errors


@require_http_methods(["GET", "POST"])
def search(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one; or open it, have it tell, have it be quiet, delete it (`act`)."""
    member = viewer(request)
    found = saved_for(member, pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    act = request.POST.get("act", "")
    if act in _ACTS:
        return _ACTS[act](request, member, found)
    initial = {"q": found.text, "kind": found.kind, "name": found.name, "notifies": found.notifies}
    form = SavedSearchForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _changed(member, found, form):
        messages.success(request, _("It is changed."))
        return redirect("saved-searches")
    context = {"form": form, "search": found}
    return render(request, "threads/saved_search.html", context, status=422 if form.errors else 200)


def _changed(member: Member, found: SavedSearch, form: SavedSearchForm) -> bool:
    try:
        change_search(by=member, search=found, **form.accepted())
    except Invalid as error:
        form.take(error)
    return not form.errors


def _opened(_request: HttpRequest, member: Member, found: SavedSearch) -> HttpResponse:
    open_search(by=member, search=found)
    return redirect(results_url(found))


def results_url(search: SavedSearch) -> str:
    """The page of what a saved search finds now."""
    asked = {"q": search.text} | ({"kind": search.kind} if search.kind else {})
    return f"{reverse('search')}?{urlencode(asked)}"


def _telling(request: HttpRequest, member: Member, found: SavedSearch) -> HttpResponse:
    try:
        change_search(by=member, search=found, notifies=True)
        messages.success(request, _("What comes to fit “%(name)s” comes into your inbox.") % {"name": found.name})
    except Invalid as error:
        messages.error(request, words_of(error))
    return redirect("saved-searches")


def _quiet(request: HttpRequest, member: Member, found: SavedSearch) -> HttpResponse:
    change_search(by=member, search=found, notifies=False)
    messages.success(request, _("“%(name)s” tells you of nothing any more.") % {"name": found.name})
    return redirect("saved-searches")


def _deleted(request: HttpRequest, member: Member, found: SavedSearch) -> HttpResponse:
    drop_search(by=member, search=found)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": found.name})
    return redirect("saved-searches")


_ACTS = {"open": _opened, "tell": _telling, "quiet": _quiet, "delete": _deleted}
