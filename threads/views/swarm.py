"""What people do in the swarm of a thread: join, leave, hand over, let others in."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import Conflict, Invalid, Refused
from community.models import Member
from community.queries.members import member_with_handle
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.guests import check_wider, end_guest, let_in, widen
from threads.actions.helpers import join, leave_swarm, remove_helper
from threads.actions.ownership import answer_hand_over, hand_over, put_note_away, withdraw_hand_over
from threads.forms.swarm import HandOverForm, LetInForm, WidenForm
from threads.models import Thread
from threads.policies.audience import is_in_audience
from threads.policies.swarm import may_hand_over, may_let_in
from threads.queries.guests import guests_of, preview_for, preview_of_widening
from threads.queries.requests import hand_over_visible_to
from threads.views.loading import load_thread


@require_POST
def helpers(request: HttpRequest, pk: int) -> HttpResponse:
    """Join the swarm, leave it, or remove somebody."""
    found, member, act = load_thread(request, pk), viewer(request), request.POST.get("act")
    try:
        if act == "leave":
            leave_swarm(by=member, thread=found)
        elif act == "remove":
            remove_helper(by=member, thread=found, member=_named(request))
        else:
            join(by=member, thread=found)
    except Refused as error:
        messages.error(request, words_of(error))
        return redirect(found)
    return redirect(f"{found.get_absolute_url()}#panel-swarm")


def _named(request: HttpRequest) -> Member:
    found = member_with_handle(request.POST.get("member", "").replace("\0", ""))
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def handing_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer the thread to somebody, or leave a note for whoever takes over."""
    member, found = viewer(request), load_thread(request, pk)
    may = may_hand_over(member, found)
    if not may and request.method != "POST":  # whoever typed keeps their text
        raise PermissionDenied
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            offered = hand_over(by=member, thread=found, **form.accepted())
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            told = _("%(name)s is asked to take over. You own the thread until they accept.")
            note = _("Your note is on the thread. You own it until somebody takes over.")
            messages.success(request, told % {"name": offered.to.name} if offered.to else note)
            return redirect(found)
    context = {"thread": found, "space": found.space, "form": form}
    return render(request, "threads/hand_over.html", context, status=200 if may else 403)


@require_POST
def hand_over_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept a thread, decline it, take the offer back, or put the note of an accepted one away."""
    found, act = hand_over_visible_to(viewer(request), pk), request.POST.get("answer")
    if found is None:
        raise Http404
    try:
        if act == "read":
            put_note_away(by=viewer(request), hand_over=found)
        elif act == "withdraw":
            withdraw_hand_over(by=viewer(request), hand_over=found)
        else:
            note = request.POST.get("note", "")
            answer_hand_over(by=viewer(request), hand_over=found, accepts=act == "accept", note=note)
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect(found.thread)


@require_http_methods(["GET", "POST"])
def guests(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one person in, with a look at what they will see; or end somebody's right."""
    member, found = viewer(request), load_thread(request, pk)
    if request.POST.get("act") == "end":
        return _end_guest(request, found)
    if not may_let_in(member, found):
        raise PermissionDenied
    form = LetInForm(request.POST or None, initial={"member": request.GET.get("member", "")[:40].replace("\0", "")})
    asks = "ask" in (request.POST.get("then"), request.GET.get("then"))
    context: dict[str, Any] = {"thread": found, "space": found.space, "form": form, "guests": guests_of(found)}
    context["asks"] = asks
    if request.method == "POST" and form.is_valid():
        whom: Member = form.cleaned_data["member"]
        if is_in_audience(whom, found):
            form.add_error("member", _("%(name)s sees this thread already.") % {"name": whom.name})
        elif form.cleaned_data["preview"] and _done(
            request, form, lambda: let_in(by=member, thread=found, **form.accepted())
        ):
            messages.success(request, _("%(name)s sees the thread now.") % {"name": whom.name})
            return redirect(f"{reverse('thread-help', args=[found.pk])}?member={whom.handle}" if asks else found)
        else:
            context |= {"whom": whom, "preview": preview_for(found, whom)}
    return render(request, "threads/guests.html", context)


def _end_guest(request: HttpRequest, found: Thread) -> HttpResponse:
    try:
        end_guest(by=viewer(request), thread=found, member=_named(request))
    except Refused as error:
        messages.error(request, words_of(error))
        return redirect("thread-guests", pk=found.pk)
    return redirect("thread-guests", pk=found.pk) if may_let_in(viewer(request), found) else redirect("home")


def _done(request: HttpRequest, form: LetInForm | WidenForm, act: Any) -> bool:
    """Whether it was done; what changed since the preview is shown again, other refusals beside the form."""
    try:
        act()
    except Invalid as error:
        form.take(error)
    except Conflict as error:
        messages.warning(request, words_of(error))
    except Refused as error:
        form.add_error(None, words_of(error))
    else:
        return True
    return False


@require_http_methods(["GET", "POST"])
def audience(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the thread to a wider audience, with a look at what they will see and how many they are."""
    member, found = viewer(request), load_thread(request, pk)
    if not may_let_in(member, found):
        raise PermissionDenied
    form = WidenForm(request.POST or None, thread=found)
    context: dict[str, Any] = {"thread": found, "space": found.space, "form": form}
    if request.method == "POST" and form.is_valid():
        rung, organizations = form.cleaned_data["audience"], list(form.cleaned_data["organizations"])
        try:
            check_wider(found, rung, organizations)
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            if form.cleaned_data["preview"] and _done(
                request, form, lambda: widen(by=member, thread=found, **form.accepted())
            ):
                messages.success(request, _("The thread is open to them now."))
                return redirect(found)
            context |= {"preview": preview_of_widening(found, rung, organizations), "chosen": organizations}
    return render(request, "threads/audience.html", context)
