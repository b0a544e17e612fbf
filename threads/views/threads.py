"""A thread's page and what its header does."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.views.shared import respond_kept
from community.views.viewer import asking_along, viewer
from threads.actions.changes import change_thread
from threads.actions.following import follow
from threads.actions.ownership import leave, take
from threads.forms.threads import EditThreadForm
from threads.models import Thread
from threads.policies.threads import may_close, may_edit
from threads.queries.resolutions import record_of
from threads.queries.similar import similar
from threads.queries.thread_page import ask_along
from threads.views.loading import load_thread, load_thread_page
from threads.views.thread_page import kept_thread


@asking_along(ask_along)
@require_GET
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """A window of the thread: `?from=<number>` opens it there, `?from=last` at the end."""
    return respond_kept(request, kept_thread(load_thread_page(request, pk)))


@require_GET
def related(request: HttpRequest, pk: int) -> HttpResponse:
    """Threads and practices much like this one, for the panel; asked for only when it is looked at."""
    found = load_thread(request, pk)
    text = f"{found.title}\n{record_of(found).problem}"
    hits = similar(viewer(request), text, exclude=found)
    return render(request, "threads/parts/panel_similar.html", {"similar": hits, "thread": found})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, status, next action, product, tags, severity, environment."""
    member, found = viewer(request), load_thread(request, pk)
    if not may_edit(member, found):
        raise PermissionDenied
    form = EditThreadForm(request.POST or None, thread=found, closes=may_close(member, found), initial=_initial(found))
    if request.method == "POST" and form.is_valid() and _save(member, found, form):
        messages.success(request, _("The thread is changed."))
        return redirect(found)
    return render(request, "threads/thread_edit.html", {"thread": found, "space": found.space, "form": form})


def _save(member: Member, found: Thread, form: EditThreadForm) -> bool:
    given = form.accepted()
    changes = {name: value for name, value in given.items() if not name.startswith("next_action")}
    try:
        change_thread(by=member, thread=found, edits=changes, planned=form.plan())
    except Invalid as error:
        form.take(error)
    except Refused as error:
        form.add_error(None, words_of(error))
    return form.is_valid()


def _initial(found: Thread) -> dict[str, object]:
    return {
        "title": found.title,
        "status": found.status,
        "product": found.product,
        "product_version": found.product_version,
        "tags": [tag.slug for tag in found.tags.all()],
        "severity": found.severity,
        "environment": found.environment,
        "next_action": found.next_action,
        "next_action_by": found.next_action_by.handle if found.next_action_by else "",
        "next_action_due": found.next_action_due,
    }


@require_POST
def following(request: HttpRequest, pk: int) -> HttpResponse:
    """Follow a thread, or stop."""
    found = load_thread(request, pk)
    follow(by=viewer(request), thread=found, wanted=request.POST.get("act") != "unfollow")
    return redirect(found)


@require_POST
def owner(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a thread, or hand it back."""
    found = load_thread(request, pk)
    act = leave if request.POST.get("act") == "leave" else take
    try:
        act(by=viewer(request), thread=found)
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect(found)
