"""How pages for strangers are answered: nobody is looked up, and everybody is answered alike."""

from collections.abc import Callable, Hashable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.http import http_date, parse_etags
from django.utils.translation import override

from community.http.static import release
from threads.rendering.public_answers import HTML, KEPT, NOT_KEPT, POLICY, drawn, look, tag_of

View = Callable[..., HttpResponse]


def for_strangers(view: View) -> View:
    """A view for everybody, signed in or not, in the site's language; what is not there has a page of its own."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        with override(settings.LANGUAGE_CODE):
            try:
                return view(request, **kwargs)
            except Http404:
                return said("public/missing.html", 404)

    return answer


def answered(
    request: HttpRequest,
    template: str,
    facts: Hashable,
    context: Mapping[str, Any],
    *,
    content_type: str = HTML,
    changed_at: datetime | None = None,
) -> HttpResponse:
    """What a template says of these facts, from which alone the context is made; nothing when the reader has it."""
    facts = (template, settings.SITE_URL, release(), look(), facts)
    tag = tag_of(facts)
    headers = {"Cache-Control": KEPT, "ETag": tag, "Vary": "Accept-Encoding", "Content-Security-Policy": POLICY}
    if changed_at is not None:
        headers["Last-Modified"] = http_date(changed_at.timestamp())
    if _has(request, tag):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(drawn(template, facts, context), content_type=content_type, headers=headers)


def _has(request: HttpRequest, tag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or tag in known or tag.removeprefix("W/") in known


def said(template: str, status: int, context: Mapping[str, Any] | None = None, **headers: str) -> HttpResponse:
    """A page that nobody keeps: a refusal, or a form."""
    kept = {"Cache-Control": NOT_KEPT, "Content-Security-Policy": POLICY, **headers}
    body = render_to_string(template, {"site_url": settings.SITE_URL, **(context or {})})
    return HttpResponse(body, status=status, content_type=HTML, headers=kept)
