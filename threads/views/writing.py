"""What helps while writing: preview, drafts, and likely answers taken instead of posting."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.queries.members import members_by_handle
from community.queries.spaces import space_visible_to
from community.rendering.markdown import mentioned_handles, render
from community.views.viewer import viewer
from threads.actions.deflecting import Sitting, note_opened, note_solved
from threads.actions.drafts import drop_draft, save_draft
from threads.queries.drafts import draft_at
from threads.rules.limits import BODY_LENGTH


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Markdown as it will look."""
    text = request.POST.get("body", "")[:BODY_LENGTH]
    known = [member.handle for member in members_by_handle(mentioned_handles(text))]
    return HttpResponse(render(text, handles=known))


@require_http_methods(["GET", "PUT", "DELETE"])
def draft(request: HttpRequest) -> HttpResponse:
    """What the member typed at a place and has not sent; `place` is a parameter, or in the body of a PUT."""
    member = viewer(request)
    if request.method == "PUT":
        body = _json_of(request)
        if body is None:
            return HttpResponseBadRequest(_("Send a place and its content as JSON."))
        save_draft(by=member, place=body["place"], content=body["content"])
        return HttpResponse(status=204)
    place = request.GET.get("place", "").replace("\0", "")
    if request.method == "DELETE":
        drop_draft(by=member, place=place)
        return HttpResponse(status=204)
    found = draft_at(member, place)
    kept = (
        {"content": found.content, "saved_at": found.saved_at.isoformat()}
        if found
        else {"content": None, "saved_at": None}
    )
    return JsonResponse(kept)


def _json_of(request: HttpRequest) -> dict[str, Any] | None:
    """The body, when every database can keep it: not NaN, not too deep, nothing that is no text."""
    try:
        body = json.loads(request.body)
        json.dumps(body, allow_nan=False, ensure_ascii=False).encode()
        fits = isinstance(body, dict) and isinstance(body.get("place"), str) and isinstance(body.get("content"), dict)
        return body if fits and not _has_nul(body) else None
    except (ValueError, RecursionError):
        return None


def _has_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_has_nul(name) or _has_nul(held) for name, held in value.items())
    if isinstance(value, list):
        return any(_has_nul(held) for held in value)
    return isinstance(value, str) and "\0" in value


@require_POST
def deflections(request: HttpRequest) -> HttpResponse:
    """A likely answer was opened, or chosen instead of posting: remember it, and open it when a form asked."""
    member, thing = viewer(request), request.POST.get("chosen", "")
    space = space_visible_to(member, request.POST.get("space", "").replace("\0", ""))
    sitting = Sitting(request.POST.get("sitting", ""), space, request.POST.get("text", ""))
    note = note_opened if request.POST.get("outcome") == "opened" else note_solved
    note(by=member, sitting=sitting, thing=thing)
    noun, _colon, number = thing.partition(":")
    if "text/html" in request.headers.get("Accept", "") and "csrfmiddlewaretoken" in request.POST:
        return redirect(noun, pk=int(number))
    return HttpResponse(status=204)
