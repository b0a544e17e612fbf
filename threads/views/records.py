"""The working record as a form."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from community.errors import Conflict, Invalid
from community.views.viewer import viewer
from threads.actions.records import save_record
from threads.forms.resolution import RecordForm
from threads.policies.threads import may_write_record
from threads.queries.resolutions import record_of, record_versions
from threads.views.loading import load_thread, number_in
from threads.views.thread_page import field_labels, record_fields
from threads.views.versions import Version, versions_context


@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the four fields; when somebody else did meanwhile, both texts are shown."""
    member, thread = viewer(request), load_thread(request, pk)
    if not may_write_record(member, thread):
        raise PermissionDenied
    now = record_of(thread)
    form = RecordForm(request.POST or None, initial={**now.fields, "version": now.version})
    context: dict[str, Any] = {"thread": thread, "space": thread.space, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            save_record(by=member, thread=thread, fields=form.record(), version=form.cleaned_data["version"])
        except Invalid as error:
            form.take(error)
        except Conflict:
            now = record_of(thread)
            context["form"] = RecordForm({**request.POST.dict(), "version": now.version})
            context["theirs"] = record_fields(now)
        else:
            messages.success(request, _("The record is saved."))
            return redirect(thread)
    return render(request, "threads/record.html", context)


@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What the record said over time, by whom."""
    thread = load_thread(request, pk)
    versions = [Version(row.number, row.author, row.at, "", row.fields) for row in record_versions(thread)]
    context = versions_context(versions, field_labels(), number_in(request, "version"))
    return render(request, "threads/record_history.html", {"thread": thread, "space": thread.space, **context})
