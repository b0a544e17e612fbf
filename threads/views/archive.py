"""The archive: browsing it, a practice's page, recording and revising."""

from html import escape
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from community.errors import Invalid, Refused
from community.rendering.markdown import plain_text
from community.rendering.refusals import words_of
from community.views.shared import SharedPage, own, respond
from community.views.viewer import viewer
from threads.actions.practices import edit_practice, record_practice
from threads.forms.resolution import PracticeForm
from threads.models import Practice
from threads.offers import practice_offers
from threads.policies.practices import may_edit, may_record
from threads.queries.archive import (
    Facet,
    PracticeFilter,
    facets,
    practice_of,
    practice_rows,
    source_thread_of,
    versions_of,
)
from threads.queries.resolutions import record_to_archive
from threads.rules.texts import beginning
from threads.views.loading import load_practice, load_thread, number_in
from threads.views.rows import drawn
from threads.views.thread_page import field_labels
from threads.views.versions import Version, versions_context

_NAMES = ("product", "tag", "confidence", "space")


@require_GET
def archive(request: HttpRequest) -> HttpResponse:
    """Practices by product, tag and confidence, newest change first."""
    member = viewer(request)
    chosen = {name: request.GET.get(name, "")[:100].replace("\0", "") for name in (*_NAMES, "q")}
    try:
        rows, following = practice_rows(member, PracticeFilter(**chosen), after=request.GET.get("after", ""))
    except ValueError:
        return HttpResponseBadRequest(_("This address is broken. Open the archive again."))
    values = facets(member)
    later = bool(request.GET.get("after"))

    def context() -> dict[str, Any]:
        return {
            "query": chosen["q"],
            "kept": {name: chosen[name] for name in _NAMES if chosen[name]},
            "found": bool(rows),
            "filtered": any(chosen.values()),
            "page": {"next_url": own("next") if following else None, "previous_url": _url(chosen) if later else None},
            **_facets(values, chosen),
        }

    beside = {
        "results": "".join(drawn(row, "threads/parts/practice_result.html", _result) for row in rows),
        "next": escape(_url(chosen, after=following or "")),
    }
    counted = tuple((name, tuple(group)) for name, group in values.items())
    facts = (tuple(chosen.items()), bool(rows), following is not None, later, counted)
    return respond(request, SharedPage("threads/archive.html", facts, context, beside))


def _result(practice: Practice) -> dict[str, Any]:
    text = plain_text(practice.resolution_html or practice.problem_html)
    return {"practice": practice, "excerpt": beginning(text, most=260)}


def _url(chosen: dict[str, str], **more: str) -> str:
    return "?" + urlencode({name: value for name, value in (chosen | more).items() if value})


def _facets(found: dict[str, list[Facet]], chosen: dict[str, str]) -> dict[str, Any]:
    labels = {"product": _("Product"), "tag": _("Tag"), "confidence": _("Confidence")}
    shown = [
        {"label": labels[name], "options": [_option(chosen, name, facet) for facet in found[name]]} for name in labels
    ]
    names = {facet.value: facet.label for group in found.values() for facet in group}
    active = [
        {"label": names.get(chosen[name], chosen[name]), "url": _url(chosen | {name: ""})}
        for name in _NAMES
        if chosen[name]
    ]
    return {"facets": shown, "active": active}


def _option(chosen: dict[str, str], name: str, facet: Facet) -> dict[str, Any]:
    on = chosen[name] == facet.value
    return {
        "label": facet.label,
        "count": facet.count,
        "on": on,
        "url": _url(chosen | {name: "" if on else facet.value}),
    }


@require_GET
def practice(request: HttpRequest, pk: int) -> HttpResponse:
    """A practice: how far it can be trusted, its four fields, where it comes from."""
    member, found = viewer(request), load_practice(request, pk)
    thread = source_thread_of(member, found)
    context = {
        "practice": found,
        "thread_visible": thread is not None,
        "fields": _fields(found),
        "confidence_reason": _reason(found),
        "can": dict.fromkeys(practice_offers(member, found), True),
    }
    return render(request, "threads/practice.html", context)


def _reason(found: Practice) -> str:
    reasons = {
        Practice.Confidence.WORK_IN_PROGRESS: _("Its thread is not resolved yet"),
        Practice.Confidence.NOT_VALIDATED: _("Recorded, not yet confirmed by other organizations"),
        Practice.Confidence.VALIDATED: _("A curator has checked it"),
        Practice.Confidence.ARCHIVED: _("Kept for the record; do not use it without checking"),
    }
    return reasons[Practice.Confidence(found.confidence)]


def _fields(found: Practice) -> list[dict[str, Any]]:
    return [
        {"label": label, "html": mark_safe(getattr(found, f"{name}_html"))}  # noqa: S308  (sanitized when written)
        for name, label in field_labels().items()
    ]


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a resolved thread's record into the archive."""
    member, thread = viewer(request), load_thread(request, pk)
    if not may_record(member, thread):
        raise PermissionDenied
    existing = practice_of(member, thread)
    if existing is not None:
        return redirect(existing)
    initial = {
        **record_to_archive(thread),
        "title": thread.title, "product": thread.product, "tags": [tag.slug for tag in thread.tags.all()],
    }  # fmt: skip
    form = PracticeForm(request.POST or None, initial=initial)
    del form.fields["reason"], form.fields["version"]
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = record_practice(
                by=member,
                thread=thread,
                title=data["title"],
                fields=form.record(),
                product=data["product"],
                tags=data["tags"],
            )
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("The practice is in the archive."))
            return redirect(made)
    return render(request, "threads/practice_form.html", {"form": form, "thread": thread, "space": thread.space})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Revise a practice; every version is kept."""
    member, found = viewer(request), load_practice(request, pk)
    if not may_edit(member, found):
        raise PermissionDenied
    initial = {
        **found.fields, "title": found.title, "product": found.product,
        "tags": [tag.slug for tag in found.tags.all()], "version": found.version,
    }  # fmt: skip
    form = PracticeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            edit_practice(
                by=member, practice=found, title=data["title"], fields=form.record(), product=data["product"],
                tags=data["tags"], reason=data["reason"], version=data["version"],
            )  # fmt: skip
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("The practice is saved."))
            return redirect(found)
    return render(request, "threads/practice_form.html", {"form": form, "practice": found})


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What a practice said over time, and what changed."""
    found = load_practice(request, pk)
    versions = [
        Version(row.number, row.author, row.at, row.reason, {"title": row.title, **row.fields})
        for row in versions_of(found)
    ]
    context = versions_context(versions, {"title": _("Title"), **field_labels()}, number_in(request, "version"))
    return render(request, "threads/practice_history.html", {"practice": found, **context})
