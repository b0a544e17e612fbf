"""A practice: its page, revising it, what it said before and bringing that back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
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
from threads.models import Practice, PracticeVersion, Thread
from threads.offers import practice_offers
from threads.policies.governance import governance_of
from threads.policies.practices import may_edit, may_restore, may_scrub
from threads.policies.rights import rights_in
from threads.policies.threads import may_write_record
from threads.queries.archive import source_thread_of, versions_shown
from threads.queries.resolutions import prefilled_record
from threads.queries.suggestions import suggestions_for, writers_between
from threads.rendering.diffs import diff
from threads.rendering.version_facts import facts_of, moves_of
from threads.views.conflicts import Theirs, with_version
from threads.views.joining import is_merging, joined_texts, thread_asked
from threads.views.loading import load_practice, number_in
from threads.views.practice_public import public_context
from threads.views.practices_used import spread_context, thread_for
from threads.views.reviews import desk_context, led_on
from threads.views.standard import choices_in, details_in, exposed_in, points_of
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
    if thread is not None:
        found.thread = thread
    known = rights_in(member, found), governance_of(found)
    context = {
        "practice": found,
        "thread_visible": thread is not None,
        "fields": _fields(found),
        "can": dict.fromkeys(practice_offers(member, found, *known), True),
        "suggestions": suggestions_for(member, found),
        **(_in_progress(member, found, thread) if found.follows_record else {}),
        **verdicts_context(member, found, *known),
        **desk_context(member, found, *known),
        **spread_context(member, found, thread=thread_for(request)),
        **public_context(member, found),
    }
    return render(request, "threads/practice.html", context)


def _in_progress(member: Member, found: Practice, thread: Thread | None) -> dict[str, Any]:
    """What a practice lacks that is still being written; for who writes it what is masked in it."""
    texts = {"title": found.title, **found.fields}
    masked: dict[str, Any] = {}
    if thread is not None and may_write_record(member, thread):
        texts = {"title": thread.title, **prefilled_record(thread)}
        masked = {"masked": details_in(member, texts)["details"], "record": reverse("thread-record", args=[thread.pk])}
    points = points_of(member, texts, asked=found.title, product=found.product_id is not None)
    return {"points": points, **masked}


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
    merging = thread_asked(request) if is_merging(request) else None
    initial = {
        **(joined_texts(found, merging) if merging else found.fields), "title": found.title, "product": found.product,
        "tags": [tag.slug for tag in found.tags.all()], "version": found.version,
    }  # fmt: skip
    form = PracticeForm(request.POST or None, initial=initial)
    texts = {"title": found.title, **found.fields}
    context: dict[str, Any] = {"practice": found, "merging": merging}
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
        Version(
            row.number, row.author, row.at, _why(row), {"title": row.title, **row.fields},
            facts=facts_of(row), moves=moves_of(row),
        )
        for row in versions_shown(viewer(request), found)
    ]  # fmt: skip
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
    number, version, reason = (form.cleaned_data[name] for name in ("number", "version", "reason"))
    try:
        restore_practice(
            by=viewer(request), practice=found, number=number, version=version, reason=reason,
            **choices_in(request.POST),
        )  # fmt: skip
    except NotThere as error:
        raise Http404 from error
    except Exposed as error:
        context = {"practice": found, "asked": form.cleaned_data, **exposed_in(error, request.POST)}
        return render(request, "threads/practice_restored.html", context, status=422)
    except Refused as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("The practice says again what version %(number)d says.") % {"number": number})
        return redirect(found)
    return redirect("practice-history", pk=pk)
