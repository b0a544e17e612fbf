"""Retiring practices and bringing them back, who looks after them, and which may be the same."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from community.views.viewer import viewer
from threads.actions.claims import claim_pair, give_back_pair
from threads.actions.duplicates import dismiss_pair, propose_pair
from threads.actions.merging import unmerge
from threads.actions.practice_owners import disown, own_practice
from threads.actions.retiring import retire, unretire
from threads.forms.curation import OwnerForm, ReasonForm
from threads.models import Practice
from threads.policies.practices import may_retire
from threads.queries.archive import practices_visible_to
from threads.queries.desk import desk_pair
from threads.views.desk import next_of
from threads.views.loading import load_practice

_LARGEST = 2**63 - 1


@require_http_methods(["GET", "POST"])
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire a practice, bring it back, or take its merging back, and say why."""
    member, found = viewer(request), load_practice(request, pk)
    if not may_retire(member, found):
        raise PermissionDenied
    retired = found.confidence == Practice.Confidence.ARCHIVED
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if found.merged_into_id is not None:
                unmerge(by=member, practice=found, **form.accepted())
            elif retired:
                unretire(by=member, practice=found, **form.accepted())
            else:
                retire(by=member, practice=found, **form.accepted())
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("The practice is back.") if retired else _("The practice is retired."))
            return redirect(found)
    context = {"practice": found, "form": form, "retired": retired, "merged": found.merged_into_id is not None}
    return render(request, "threads/practice_retirement.html", context, status=422 if form.errors else 200)


@require_POST
def owner(request: HttpRequest, pk: int) -> HttpResponse:
    """Look after a practice, have somebody look after it, or (`act=leave`) no more."""
    member, found = viewer(request), load_practice(request, pk)
    form = OwnerForm(request.POST)
    try:
        if request.POST.get("act") == "leave":
            disown(by=member, practice=found)
            messages.success(request, _("Nobody looks after this practice now."))
        elif form.is_valid():
            owned = own_practice(by=member, practice=found, member=form.cleaned_data["member"])
            name = owned.owner.name if owned.owner else ""
            messages.success(request, _("%(name)s looks after this practice now.") % {"name": name})
        else:
            messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect(next_of(request, found.get_absolute_url()))


@require_POST
def same(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a practice may be the same as another one: curators look at it."""
    member, found = viewer(request), load_practice(request, pk)
    number = whole(request.POST.get("other", "").strip().rstrip("/").rpartition("/")[2])
    other = practices_visible_to(member).filter(pk=number).first() if number is not None else None
    if other is None:
        messages.error(request, _("There is no such practice. Give its address, or the number in it."))
    else:
        try:
            propose_pair(by=member, practice=found, other=other)
            messages.success(request, _("Curators will compare them. Thank you."))
        except Refused as error:
            messages.error(request, words_of(error))
    return redirect(found)


@require_POST
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that two practices differ; look into it (`act=claim`), or let others do that (`act=release`)."""
    member, act = viewer(request), request.POST.get("act")
    found = desk_pair(member, pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    try:
        if act == "claim":
            claim_pair(by=member, pair=found)
            messages.success(request, _("They are yours to look into for four hours."))
        elif act == "release":
            give_back_pair(by=member, pair=found)
            messages.success(request, _("Others can look into it now."))
        else:
            dismiss_pair(by=member, pair=found)
            messages.success(request, _("They are kept apart."))
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect(next_of(request, "/desk/?queue=duplicates"))
