"""Self-service: the pages of public practices, for everybody, without signing in and without a script."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from threads.queries.public_pages import (
    Listed,
    listed,
    product_name,
    public_practice,
    public_products,
    was_public,
)
from threads.views.public_answering import answered, for_strangers, said
from threads.views.thread_page import field_labels

ENOUGH_VOTES = 5
_LONGEST = 100


def found_in(request: HttpRequest, **about: str) -> tuple[tuple[Listed, ...], str | None]:
    """The page of practices that an address asks for."""
    try:
        return listed(q=_asked(request), after=request.GET.get("after", ""), **about)
    except ValueError as error:
        raise Http404 from error


def _asked(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "")[:_LONGEST].replace("\0", "").split())


@for_strangers
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What is public: the products, and the newest practices or those whose titles have the words asked for."""
    rows, following = found_in(request)
    q, first = _asked(request), not request.GET.get("after")
    products = public_products() if first and not q else ()
    context = {"rows": rows, "next": following, "q": q, "products": products, "first": first}
    facts = (rows, following, q, products, first)
    return answered(request, "public/index.html", facts, context)


@for_strangers
@require_GET
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """The public practices of a product. One that has none is not there."""
    return _about(request, {"product": slug}, lambda: product_name(slug))


@for_strangers
@require_GET
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The public practices with a tag. One that none has is not there."""
    return _about(request, {"tag": slug}, lambda: slug)


def _about(request: HttpRequest, about: dict[str, str], name: Any) -> HttpResponse:
    rows, following = found_in(request, **about)
    if not rows:
        raise Http404
    shown = name()
    context = {"rows": rows, "next": following, "name": shown, **about}
    return answered(request, "public/list.html", (rows, following, shown, tuple(about.items())), context)


@for_strangers
@require_GET
def practice(request: HttpRequest, slug: str) -> HttpResponse:
    """A public practice. What was public once and is not now is gone; what never was is not there."""
    found = public_practice(slug)
    if found is None:
        return gone(slug)
    labels = field_labels()
    votes = found.helpful + found.unhelpful
    context = {
        "practice": found, "votes": votes if votes >= ENOUGH_VOTES else 0,
        "fields": [(name, labels[name], mark_safe(html)) for name, html in found.html],  # noqa: S308  (sanitized)
    }  # fmt: skip
    return answered(request, "public/practice.html", found, context, changed_at=found.changed_at)


def gone(slug: str) -> HttpResponse:
    """Where a practice went that is not public: into another that is, away, or it never was."""
    was, target = was_public(slug)
    if target:
        answer = redirect("public-practice", slug=target, permanent=True)
        answer["Cache-Control"] = "public, max-age=60"
        return answer
    if not was:
        raise Http404
    return said("public/gone.html", 410)
