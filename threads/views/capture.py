"""Recording a thread in the archive: like ones are offered first, and nothing that tells of somebody goes in unseen."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.practices import record_practice
from threads.actions.standard import Exposed
from threads.actions.wip import start_practice
from threads.forms.practices import PracticeForm
from threads.models import RECORD_FIELDS, Thread
from threads.policies.practices import hides_practice, may_record
from threads.policies.threads import may_reply
from threads.queries.archive import practice_of
from threads.queries.resolutions import prefilled_record, record_to_archive
from threads.queries.similar import much_like
from threads.views.loading import load_thread
from threads.views.standard import choices_in, details_in, exposed_in, points_of


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a resolved thread's record into the archive, or find out that it is there already in other words."""
    member, thread = viewer(request), load_thread(request, pk)
    if not may_record(member, thread) or hides_practice(member, thread):
        raise PermissionDenied
    existing = practice_of(member, thread)
    if existing is not None and (not existing.follows_record or thread.is_unresolved):
        return redirect(existing)
    initial = {
        **record_to_archive(thread),
        "title": thread.title, "product": thread.product, "tags": [tag.slug for tag in thread.tags.all()],
    }  # fmt: skip
    form = PracticeForm(request.POST or None, initial=initial)
    del form.fields["reason"], form.fields["version"]
    texts = {name: str(initial[name]) for name in ("title", *RECORD_FIELDS)}
    shown = {} if form.is_bound else details_in(member, texts)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        texts = {"title": data["title"], **form.record()}
        try:
            made = record_practice(
                by=member, thread=thread, title=data["title"], fields=form.record(), product=data["product"],
                tags=data["tags"], **choices_in(request.POST),
            )  # fmt: skip
        except Exposed as error:
            shown = exposed_in(error, request.POST)
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("The practice is in the archive."))
            return redirect(made)
    context = {"form": form, "thread": thread, "space": thread.space, **shown, **_beside(member, thread, texts)}
    if form.is_bound:
        context["like_it"] = []
    return render(request, "threads/practice_form.html", context)


def _beside(member: Member, thread: Thread, texts: dict[str, str]) -> dict[str, Any]:
    """What helps to write it well, or not at all: like practices, and the standard."""
    text = "\n".join(texts[name] for name in ("title", "problem", "resolution"))
    return {
        "like_it": much_like(member, text, exclude=thread),
        "may_apply": may_reply(member, thread),
        "points": points_of(member, texts, asked=thread.title, product=thread.product_id is not None),
    }


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the record of an unresolved thread in the archive, as work in progress."""
    thread = load_thread(request, pk)
    try:
        begun = start_practice(by=viewer(request), thread=thread)
    except Refused as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("The record is shown in the archive as work in progress."))
        if details_in(viewer(request), {"title": thread.title, **prefilled_record(thread)})["details"]:
            messages.info(request, _("It tells of somebody: that is masked in the archive. The practice says what."))
            return redirect(begun)
    return redirect(thread)
