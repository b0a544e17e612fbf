"""What strangers say of public practices. Nobody is signed in, so a token would protect nobody: what other sites have
their visitors' browsers send is known by where it comes from.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import Invalid, NotThere, Refused, TooMuch
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from community.views.viewer import viewer
from threads.actions.public import handle_reports, report_publicly, vote_publicly
from threads.models import Practice, PublicReport
from threads.queries.public_pages import public_practice, votable
from threads.views.loading import load_practice
from threads.views.public import gone
from threads.views.public_answering import for_strangers, said

_MOST_BYTES = 16 * 1024
_OWN = {"same-origin", "none"}
_AN_HOUR = "3600"
_ANSWERS = {"yes": True, "no": False}


@csrf_exempt
@for_strangers
@require_POST
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Say whether a practice was helpful."""
    refused = _refusal(request)
    if refused is not None:
        return refused
    helpful = _ANSWERS.get(request.POST.get("helpful", ""))
    if helpful is None:
        return said("public/refused.html", 400, {"words": _("Choose yes or no.")})
    try:
        vote_publicly(practice=_public(slug), helpful=helpful, address=_address(request))
    except NotThere:
        return gone(slug)
    except TooMuch as error:
        return _too_much(error)
    return _back(slug, "thanks")


@csrf_exempt
@for_strangers
@require_http_methods(["GET", "HEAD", "POST"])
def experience(request: HttpRequest, slug: str) -> HttpResponse:
    """Say how a practice did otherwise."""
    found = public_practice(slug)
    if found is None:
        return gone(slug)
    shown: dict[str, Any] = {
        "slug": found.slug, "title": found.title, "outcomes": tuple(PublicReport.Outcome.choices), "typed": (),
        "errors": (),
    }  # fmt: skip
    if request.method != "POST":
        return said("public/experience.html", 200, shown)
    return _refusal(request) or _reported(request, slug, shown)


def _reported(request: HttpRequest, slug: str, shown: dict[str, Any]) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in ("outcome", "environment", "text")}
    trap = request.POST.get("website", "")
    try:
        report_publicly(practice=_public(slug), address=_address(request), trap=trap, **typed)
    except NotThere:
        return gone(slug)
    except TooMuch as error:
        return _too_much(error)
    except Invalid as error:
        return said("public/experience.html", 422, {**shown, "typed": typed, "errors": tuple(error.fields.items())})
    return _back(slug, "reported")


@require_POST
def reports(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that what strangers reported is dealt with."""
    found = load_practice(request, pk)
    try:
        handle_reports(by=viewer(request), practice=found, upto=whole(request.POST.get("upto", "")) or 0)
    except Refused as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("What readers outside said is dealt with."))
    return redirect(found)


def _public(slug: str) -> Practice:
    found = votable(slug)
    if found is None:
        raise NotThere("no_practice")
    return found


def _refusal(request: HttpRequest) -> HttpResponse | None:
    """The answer to what is too large, or what another site had a browser send."""
    length = whole(request.META.get("CONTENT_LENGTH") or "0")
    if length is None or length > _MOST_BYTES or len(request.body) > _MOST_BYTES:
        return said("public/refused.html", 413, {"words": _("This is too long.")})
    if not _comes_from_here(request):
        return said("public/refused.html", 403, {"words": _("This has to be sent from the page itself.")})
    return None


def _comes_from_here(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in _OWN
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    return origin is None or f"{origin}/".startswith(f"{settings.SITE_URL}/")


def _address(request: HttpRequest) -> str:
    """Who asks, as the server has it; a proxy's word is taken there, or not at all."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _too_much(error: TooMuch) -> HttpResponse:
    return said("public/refused.html", 429, {"words": words_of(error)}, **{"Retry-After": _AN_HOUR})


def _back(slug: str, mark: str) -> HttpResponse:
    answer = HttpResponseRedirect(f"{reverse('public-practice', args=[slug])}#{mark}", status=303)
    answer["Cache-Control"] = "no-store"
    return answer
