"""The working record as a form, and its history."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.errors import Conflict, Forbidden, Invalid, NotThere
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.records import restore_record, save_record
from threads.forms.resolution import RecordForm, RestorationForm
from threads.models import RecordVersion, Thread
from threads.policies.threads import may_write_record
from threads.queries.archive import practice_of
from threads.queries.resolutions import record_of, record_versions
from threads.views.conflicts import compared, with_version
from threads.views.loading import load_thread, number_in
from threads.views.thread_page import field_labels
from threads.views.versions import Version, versions_context
from threads.views.written import shown_authors, written_parts


@require_GET
def room(request: HttpRequest) -> HttpResponse:
    """What a record is written in by several at once, the same for each of them, for the script that opens it."""
    return render(request, "threads/parts/record_room.html")


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the four fields; when somebody else did meanwhile, both texts are shown."""
    member, thread = viewer(request), load_thread(request, pk)
    now = record_of(thread)
    form = RecordForm(request.POST or None, initial={**now.fields, "version": now.version})
    context: dict[str, Any] = {"thread": thread, "space": thread.space, "form": form}
    if not may_write_record(member, thread):
        return _closed(request, context)
    if request.method == "POST" and form.is_valid():
        fields, version = form.record(), form.cleaned_data["version"]
        try:
            save_record(by=member, thread=thread, fields=fields, version=version, together=True)
        except Invalid as error:
            form.take(error)
        except Forbidden:
            return _closed(request, context)
        except Conflict as error:
            now = record_of(thread)
            context["form"] = RecordForm(with_version(request.POST, now.version))
            context |= {"conflict": words_of(error), "theirs": compared(now, fields)}
        else:
            messages.success(request, _("The record is saved."))
            return redirect(thread)
    return render(request, "threads/record.html", context)


def _closed(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The record takes no changes: who reads on is led to what it became, who typed gets their text back."""
    thread: Thread = context["thread"]
    if request.method == "POST":
        closed = words_of(Forbidden("may_not_write_record"))
        return render(request, "threads/record.html", {**context, "closed": closed}, status=403)
    practice = practice_of(viewer(request), thread)
    if practice is None:
        raise PermissionDenied
    messages.info(request, _("This record is in the archive. It is written on there."))
    return redirect(practice)


@require_POST
def restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an earlier version back, as the newest one."""
    thread = load_thread(request, pk)
    form = RestorationForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest(_("This form is broken. Open the history again."))
    number, version = form.cleaned_data["number"], form.cleaned_data["version"]
    try:
        restore_record(by=viewer(request), thread=thread, number=number, version=version)
    except Conflict:
        messages.error(request, _("Somebody wrote the record meanwhile. Look at what it says now, then bring it back."))
    except Forbidden as error:
        messages.error(request, words_of(error))
    except NotThere as error:
        raise Http404 from error
    else:
        messages.success(request, _("The record says again what version %(number)d says.") % {"number": number})
    return redirect("thread-record-history", pk=pk)


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What the record said over time, by whom, and what each version changed; any of them can be brought back."""
    thread = load_thread(request, pk)
    wanted = number_in(request, "version")
    now, kept = record_of(thread), record_versions(thread, chosen=wanted)
    versions = [_version(row) for row in kept]
    context = versions_context(versions, field_labels(), wanted)
    chosen = next((row for row in kept if context["chosen"] and row.number == context["chosen"]["number"]), None)
    context |= {
        "thread": thread,
        "space": thread.space,
        "written": written_parts(chosen, field_labels()) if chosen else [],
        "authors": shown_authors(chosen) if chosen else [],
        "now": now,
        "unkept": bool(kept) and now.version > kept[-1].seq and now.fields != kept[-1].fields,
        "may_restore": may_write_record(viewer(request), thread) and chosen and chosen.fields != now.fields,
    }
    return render(request, "threads/record_history.html", context)


def _version(row: RecordVersion) -> Version:
    authors = tuple(author.member for author in row.authors.all())
    texts = {} if "fields" in row.get_deferred_fields() else row.fields
    return Version(row.number, row.author, row.at, _reason(row), texts, authors)


def _reason(row: RecordVersion) -> str:
    return _("Version %(number)d again") % {"number": row.restores} if row.restores else row.reason
