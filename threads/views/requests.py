"""Asking for help, and answering."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.rendering.refusals import words_of
from community.rules import clock
from community.rules.numbers import whole
from community.views.viewer import viewer
from threads.actions.requests import answer as answer_request
from threads.actions.requests import ask_for_help, inform, withdraw_request
from threads.forms.swarm import HelpForm
from threads.models import Asked, HelpRequest, Thread
from threads.policies.swarm import may_ask, may_let_in
from threads.queries.requests import RequestDetails, details_of_requests, first_asked, request_visible_to
from threads.views.foreseeing import foreseen_context
from threads.views.loading import load_thread

_LARGEST = 2**63 - 1


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for help: whom, what is needed, by when."""
    member, found = viewer(request), load_thread(request, pk)
    may, looks = may_ask(member, found), request.POST.get("act") == "look"
    if not may and (looks or request.method != "POST"):  # whoever typed a request keeps their text
        raise PermissionDenied
    form = HelpForm(request.POST or None, by=member, thread=found, initial=_initial(request, found))
    if request.method == "POST" and not looks and form.is_valid():
        try:
            made = ask_for_help(by=member, thread=found, **form.accepted())
        except Invalid as error:
            form.take(Invalid({("tag" if name == "scope" else name): said for name, said in error.fields.items()}))
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _said(made))
            return redirect("request", pk=made.pk)
    if looks:
        form.forget_the_rest()
    context = {"thread": found, "space": found.space, "form": form, "lets_in": may_let_in(member, found)}
    context |= foreseen_context(request, member, found, form) if may else {}
    return render(request, "threads/help.html", context, status=200 if may else 403)


def _initial(request: HttpRequest, found: Thread) -> dict[str, Any]:
    initial: dict[str, Any] = {"what": found.next_action}
    member = request.GET.get("member", "")[:40].replace("\0", "")
    return initial | ({"target": HelpRequest.Target.MEMBERS, "members": member} if member else {})


def _said(made: HelpRequest) -> str:
    if made.state == HelpRequest.State.EXHAUSTED:
        return _("Nobody was found who could be asked. Ask more people.")
    first = first_asked(made)
    if first is None:
        return _("Nobody can be asked at this hour. The next one is asked as soon as somebody can be.")
    return _("%(name)s is asked.") % {"name": first.member.name}


@require_GET
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, of whom, and the answers; the asked one answers here."""
    return _page(request, _load(request, pk))


def _load(request: HttpRequest, pk: int) -> RequestDetails:
    found = request_visible_to(viewer(request), pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    return details_of_requests(viewer(request), found.thread, [found])[0]


def _page(
    request: HttpRequest, found: RequestDetails, error: str = "", typed: tuple[int | None, str] = (None, "")
) -> HttpResponse:
    """The page; `typed` is what somebody wanted to say to one of those asked, shown even when it is too late."""
    asks_back = {row.pk for row in found.asked if row.answer == Asked.Answer.MORE_INFORMATION}
    context = {
        "asked_for": found.request,
        "thread": found.request.thread,
        "space": found.request.thread.space,
        "asked": found.asked,
        "next_at": _next_at(found),
        "mine": found.mine,
        "can": dict.fromkeys(found.can, True),
        "inside": found.is_inside,
        "error": error,
        "note": request.POST.get("note", ""),
        "typed_for": typed[0],
        "typed": typed[1],
        "too_late": "" if "inform" in found.can and typed[0] in asks_back else typed[1],
    }
    return render(request, "threads/request.html", context)


def _next_at(found: RequestDetails) -> datetime | None:
    """When the next one can be asked, while nobody is."""
    at = found.request.next_try_at
    waits = found.request.is_open and all(row.answer for row in found.asked)
    return at if waits and at is not None and at > clock.now() else None


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept, decline, or ask for more information."""
    found = _load(request, pk)
    if found.mine is None:
        raise PermissionDenied
    try:
        said = answer_request(
            by=viewer(request),
            asked=found.mine,
            answer=request.POST.get("answer", ""),
            note=request.POST.get("note", ""),
        )
    except Invalid as error:
        return _page(request, found, " ".join(error.fields.values()))
    except Refused as error:
        now = _load(request, pk)
        if "answer" in now.can:
            return _page(request, now, words_of(error))
        messages.error(request, words_of(error))
        note = request.POST.get("note", "")
        return _page(request, now, typed=(None, note)) if note.strip() else redirect("request", pk=pk)
    if said.answer == Asked.Answer.ACCEPTED:
        messages.success(request, _("You help with this thread now."))
        return redirect(found.request.thread)
    messages.success(request, _("Your answer is sent."))
    still = request_visible_to(viewer(request), pk)
    return redirect("request", pk=pk) if still else redirect("home")


@require_POST
def information(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell somebody what they wanted to know."""
    found = _load(request, pk)
    wanted = whole(request.POST.get("asked", ""))
    asked = next((row for row in found.asked if row.pk == wanted), None)
    if asked is None:
        raise Http404
    text = request.POST.get("text", "")
    try:
        inform(by=viewer(request), asked=asked, text=text)
    except Refused as error:
        messages.error(request, words_of(error))
        return _page(request, _load(request, pk), typed=(wanted, text))
    return redirect("request", pk=pk)


@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request back."""
    found = _load(request, pk)
    try:
        withdraw_request(by=viewer(request), request=found.request)
    except Refused as error:
        messages.error(request, words_of(error))
        return redirect("request", pk=pk)
    messages.success(request, _("The request is taken back."))
    return redirect(found.request.thread)
