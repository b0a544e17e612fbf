"""Bulletins: all that reach one, one of them, sending and taking back, and saying that one has read it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.rules import clock
from community.views.shared import frame_of_request
from community.views.viewer import viewer
from threads.actions.bulletins import acknowledge, end_bulletin, send_bulletin
from threads.forms.spreading import BulletinForm
from threads.models import Bulletin
from threads.policies.bulletins import may_end
from threads.queries.bulletins import bulletin_for, bulletins_of, progress, receipt_of, subjects_of
from threads.views.loading import number_in

_LARGEST, _LONGEST = 2**63 - 1, 200


@require_GET
def bulletins(request: HttpRequest) -> HttpResponse:
    """The latest first; what one is asked to say is read is marked."""
    member, before = viewer(request), number_in(request, "before")
    rows, following = bulletins_of(member, before=before) if before else bulletins_of(member)
    return render(request, "threads/bulletins.html", {"rows": rows, "next": following, "now": clock.now()})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Send one."""
    member = viewer(request)
    initial = {name: request.GET[name][:_LONGEST] for name in ("practice", "playbook") if name in request.GET}
    form = BulletinForm(request.POST or None, member=member, initial=initial)
    if request.method == "POST" and form.is_valid():
        sent = _sent(member, form)
        if sent is not None:
            messages.success(request, _("It is sent."))
            return redirect(sent)
    context = {"form": form, "spaces": frame_of_request(request).spaces}
    return render(request, "threads/bulletin_form.html", context, status=422 if form.errors else 200)


def _sent(member: Member, form: BulletinForm) -> Bulletin | None:
    try:
        return send_bulletin(by=member, **form.cleaned_data)
    except Invalid as error:
        form.take(error)
    except Refused as error:
        form.add_error(None, words_of(error))
    return None


def _load(member: Member, pk: int) -> Bulletin:
    found = bulletin_for(member, pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    return found


@require_GET
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """What it says, whether one said that one has read it, and who has, for who may know."""
    member = viewer(request)
    found = _load(member, pk)
    subjects = subjects_of(member, [found])
    context: dict[str, Any] = {
        "bulletin": found,
        "practice": subjects.practices.get(found.practice_id or 0),
        "playbook": subjects.playbooks.get(found.playbook_id or 0),
        "receipt": receipt_of(member, found),
        "progress": progress(member, found, clock.now().date()),
        "may_end": may_end(member, found),
        "over": found.acknowledge_until is not None and found.acknowledge_until < clock.now(),
    }
    return render(request, "threads/bulletin.html", context)


@require_POST
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one has read it."""
    member = viewer(request)
    found = _load(member, pk)
    acknowledge(by=member, bulletin=found)
    messages.success(request, _("Noted: you have read it."))
    return redirect(found)


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    member = viewer(request)
    found = _load(member, pk)
    try:
        end_bulletin(by=member, bulletin=found)
    except Refused as error:
        messages.error(request, words_of(error))
        return redirect(found)
    messages.success(request, _("It is taken back: nobody else sees it any more."))
    return redirect("bulletins")
