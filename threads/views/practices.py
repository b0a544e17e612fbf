"""A practice: its page, revising it, what it said before and bringing that back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.errors import Conflict, Invalid, NotThere, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.practices import edit_practice, restore_practice
from threads.actions.standard import Exposed
from threads.forms.practices import PracticeForm
from threads.forms.resolution import RestorationForm
from threads.models import Practice, PracticeVersion
from threads.offers import practice_offers
from threads.policies.practices import may_edit, may_restore, may_scrub
from threads.queries.archive import source_thread_of, versions_shown
from threads.queries.suggestions import suggestions_for, writers_between
from threads.rendering.diffs import diff
from threads.rendering.standard import ShownPoint
from threads.views.conflicts import Theirs, with_version
from threads.views.loading import load_practice, number_in
from threads.views.reviews import desk_context, led_on
from threads.views.standard import choices_in, exposed_in, points_of
from threads.views.thread_page import field_labels
from threads.views.verdicts import verdicts_context
from threads.views.versions import Version, versions_context


@require_GET
def practice(request: HttpRequest, pk: int) -> HttpResponse:
    """A practice: how far it can be trusted, its four fields, where it comes from, what waits for a decision."""
    member, found = viewer(request), load_practice(request, pk)
    leads_to = led_on(request, found)
    if leads_to is not None:
        return redirect(leads_to)
    thread = source_thread_of(member, found)
    context = {
        "practice": found,
        "thread_visible": thread is not None,
        "fields": _fields(found),
        "can": dict.fromkeys(practice_offers(member, found), True),
        "suggestions": suggestions_for(member, found),
        "points": _points(member, found) if found.follows_record else [],
        **verdicts_context(member, found),
        **desk_context(member, found),
    }
    return render(request, "threads/practice.html", context)


def _points(member: Member, found: Practice) -> list[ShownPoint]:
    """What a practice lacks that is still being written."""
    texts = {"title": found.title, **found.fields}
    return points_of(member, texts, asked=found.title, product=found.product_id is not None)


def _fields(found: Practice) -> list[dict[str, Any]]:
    return [
        {"name": name, "label": label, "html": mark_safe(getattr(found, f"{name}_html"))}  # noqa: S308  (sanitized)
        for name, label in field_labels().items()
    ]


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Revise a practice; every version is kept, and what others changed meanwhile stays."""
    member, found = viewer(request), load_practice(request, pk)
    if not may_edit(member, found):
        raise PermissionDenied
    initial = {
        **found.fields, "title": found.title, "product": found.product,
        "tags": [tag.slug for tag in found.tags.all()], "version": found.version,
    }  # fmt: skip
    form = PracticeForm(request.POST or None, initial=initial)
    texts = {"title": found.title, **found.fields}
    context: dict[str, Any] = {"practice": found}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        texts = {"title": data["title"], **form.record()}
        try:
            saved = edit_practice(
                by=member, practice=found, title=data["title"], fields=form.record(), product=data["product"],
                tags=data["tags"], reason=data["reason"], version=data["version"], **choices_in(request.POST),
            )  # fmt: skip
        except Exposed as error:
            context |= exposed_in(error, request.POST)
        except Invalid as error:
            form.take(error)
        except Conflict as error:
            now = load_practice(request, pk)
            form = PracticeForm(with_version(request.POST, now.version))
            context |= {"conflict": words_of(error), "theirs": theirs_of(now, texts)}
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _saved(saved, data["version"]))
            return redirect(found)
    product = found.product_id is not None
    points = points_of(member, texts, asked=found.problem, product=product)
    return render(request, "threads/practice_form.html", {**context, "form": form, "points": points})


def _saved(saved: Practice, read: int | None) -> str:
    names = writers_between(saved, read, saved.version) if read else []
    if names:
        return _("The practice is saved, joined with what %(names)s changed meanwhile.") % {"names": ", ".join(names)}
    return _("The practice is saved.")


def theirs_of(now: Practice, mine: dict[str, str]) -> list[Theirs]:
    """The texts in which a practice as it is now differs from what somebody typed."""
    labels = {"title": _("Title"), **field_labels()}
    texts = {"title": now.title, **now.fields}
    return [
        Theirs(labels[name], text, diff(text, mine[name]))
        for name, text in texts.items()
        if text.split() != mine[name].split()
    ]


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What a practice said over time, and what changed; any of it can be brought back."""
    member, found = viewer(request), load_practice(request, pk)
    versions = [
        Version(row.number, row.author, row.at, _why(row), {"title": row.title, **row.fields})
        for row in versions_shown(viewer(request), found)
    ]
    context = versions_context(versions, {"title": _("Title"), **field_labels()}, number_in(request, "version"))
    chosen = context["chosen"]
    context["may_scrub"] = not found.follows_record and may_scrub(member, found)
    context["may_restore"] = chosen and chosen["number"] != found.version and may_restore(member, found)
    return render(request, "threads/practice_history.html", {"practice": found, **context})


def _why(row: PracticeVersion) -> str:
    said = row.reason
    if row.restores:
        said = _("Version %(number)d again") % {"number": row.restores} + (f": {said}" if said else "")
    elif row.kind == PracticeVersion.Kind.SUGGESTED:
        said = _("Suggested: %(why)s") % {"why": said}
    return said


@require_POST
def restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an earlier version back, as the newest one."""
    found, form = load_practice(request, pk), RestorationForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("This form is broken. Open the history again."))
    number, version = form.cleaned_data["number"], form.cleaned_data["version"]
    try:
        restore_practice(by=viewer(request), practice=found, number=number, version=version)
    except NotThere as error:
        raise Http404 from error
    except Exposed:
        messages.error(request, _("That version tells of somebody. Copy what you need from it, and edit instead."))
    except Refused as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("The practice says again what version %(number)d says.") % {"number": number})
        return redirect(found)
    return redirect("practice-history", pk=pk)
