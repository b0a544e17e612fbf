"""Resolving a thread, and reopening it."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from community.views.viewer import viewer
from threads.actions.practices import record_practice
from threads.actions.resolution import reopen, resolve
from threads.forms.resolution import ResolveForm
from threads.models import Post, Thread
from threads.policies.threads import has_practice, in_archive, may_resolve
from threads.queries.resolutions import Candidate, candidates_in, prefilled_record, record_of, solution_choices
from threads.views.conflicts import Theirs, compared, with_version
from threads.views.loading import load_thread, number_in


@require_http_methods(["GET", "POST"])
def resolution(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what fixed it. The record's fields are filled in from the thread."""
    member, thread = viewer(request), load_thread(request, pk)
    if not may_resolve(member, thread):
        raise PermissionDenied
    if not thread.is_unresolved and request.method != "POST":  # whoever typed keeps their text
        messages.info(request, _("This thread is not open."))
        return redirect(thread)
    marked = number_in(request, "post")
    make_form = partial(
        ResolveForm, choices=solution_choices(thread), recorded=in_archive(thread), practised=has_practice(thread)
    )
    initial = {**prefilled_record(thread, marked or None), "version": record_of(thread).version}
    form, theirs = make_form(request.POST or None, initial=initial), list[Theirs]()
    if request.method == "POST" and form.is_valid():
        try:
            to = _resolve(request, thread, form)
        except Invalid as error:
            form.take(error)
        except Refused as error:
            if error.code == "saved_meanwhile":
                now, typed = record_of(thread), form.record()
                form, theirs = make_form(with_version(request.POST, now.version)), compared(now, typed)
                form.full_clean()
            form.add_error(None, words_of(error))
        else:
            return redirect(to, pk=thread.pk)
    ticked = {number for text in request.POST.getlist("posts") if (number := whole(text)) is not None}
    chosen = ticked if request.method == "POST" else {marked}
    context = _context(thread, form, candidates_in(thread, chosen), chosen)
    return render(request, "threads/resolve.html", {**context, "theirs": theirs})


def _context(thread: Thread, form: ResolveForm, candidates: list[Candidate], chosen: set[int]) -> dict[str, Any]:
    return {
        "thread": thread, "space": thread.space, "form": form, "candidates": candidates, "chosen": chosen,
        "started": "problem" in form.fields and "record_practice" not in form.fields,
    }  # fmt: skip


def _resolve(request: HttpRequest, thread: Thread, form: ResolveForm) -> str:
    """Resolve it, and record it if that is ticked; where to go then: to the recording page, when something lacks."""
    member, data = viewer(request), form.cleaned_data
    posts: list[Post] = list(data["posts"])
    resolve(
        by=member, thread=thread, posts=posts, summary=data["summary"],
        record=form.record(), record_version=data.get("version"),
    )  # fmt: skip
    if not data.get("record_practice"):
        messages.success(request, _("The thread is resolved."))
        return "thread"
    try:
        practice = record_practice(by=member, thread=thread)
    except Invalid:
        messages.warning(
            request, _("The thread is resolved. Before it goes into the archive, something is to be looked at.")
        )
        return "thread-practice"
    except Refused as error:
        messages.warning(
            request, _("The thread is resolved, but not in the archive yet: %(why)s") % {"why": words_of(error)}
        )
    else:
        messages.success(
            request, _("The thread is resolved, and “%(title)s” is in the archive.") % {"title": practice.title}
        )
    return "thread"


@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a resolved thread again."""
    thread = load_thread(request, pk)
    try:
        reopen(by=viewer(request), thread=thread, reason=request.POST.get("reason", ""))
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect(thread)
