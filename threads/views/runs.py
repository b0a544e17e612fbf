"""Going through a playbook in a thread: choosing one, its checklist, marking steps, ending it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import Invalid, NotThere, Refused
from community.events import thread_stream
from community.events.reading import newest_number
from community.models import Member
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from community.views.viewer import viewer
from threads.actions.runs import MarkedByAnother, StepChanged, end_run, mark_step, start_run
from threads.forms.playbooks import EndRunForm, GiveUpForm
from threads.models import Run, Thread
from threads.policies.playbooks import may_end, may_run, may_unmark
from threads.policies.rights import rights_in
from threads.queries.playbooks import (
    marks_of,
    playbooks_visible_to,
    practices_in,
    role_names,
    run_visible_to,
    runs_in,
    usable_playbooks,
)
from threads.rendering.run_lines import Checklist, checklist_of, who_names
from threads.views.loading import load_thread

_LARGEST = 2**63 - 1
_LONGEST = 100
_REFUSED, _CHANGED = 422, 409


@require_http_methods(["GET", "POST"])
def thread_playbooks(request: HttpRequest, pk: int) -> HttpResponse:
    """What is gone through in a thread, and what could be, with words of its title (`?q=`).

    `?part` only the first, for the thread's page.
    """
    member, thread = viewer(request), load_thread(request, pk)
    if request.method == "POST":
        return _start(request, member, thread)
    runs = [_brief(run) for run in runs_in(thread)]
    may_start = may_run(member, thread)
    context = {"thread": thread, "space": thread.space, "runs": runs, "may_start": may_start}
    if "part" in request.GET:
        return render(request, "threads/parts/runs.html", context | {"part": True})
    query = request.GET.get("q", "")[:_LONGEST]
    context |= {"query": query, "usable": usable_playbooks(member, thread, query) if may_start else None}
    return render(request, "threads/thread_playbooks.html", context)


def _brief(run: Run) -> Checklist:
    """Its progress."""
    return checklist_of(run, {mark.key: mark for mark in run.marks.all()}, practices={}, who={})


def _start(request: HttpRequest, member: Member, thread: Thread) -> HttpResponse:
    chosen = whole(request.POST.get("playbook", ""), most_digits=18) or 0
    found = playbooks_visible_to(member).filter(pk=chosen).first()
    if found is None:
        raise Http404
    try:
        run = start_run(by=member, thread=thread, playbook=found)
    except Refused as error:
        messages.error(request, words_of(error))
        return redirect("thread-playbooks", thread.pk)
    return redirect(run)


def _load(request: HttpRequest, pk: int) -> Run:
    found = run_visible_to(viewer(request), pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist. A POST marks a step; refused it comes back with what was typed at its place."""
    found = _load(request, pk)
    if request.method == "GET":
        return _shown(request, found)
    key, typed = request.POST.get("key", ""), request.POST.get("note", "")
    state, _colon, choice = request.POST.get("mark", "").partition(":")
    version = whole(request.POST.get("version", "")) or 0
    try:
        mark_step(by=viewer(request), run=found, key=key, state=state, version=version, note=typed, choice=choice)
    except Invalid as error:
        return _shown(request, found, refused=_refused(key, typed, error.detail), status=_REFUSED)
    except (StepChanged, MarkedByAnother) as error:
        return _shown(request, found, refused=_refused(key, typed, error.detail), status=_CHANGED)
    except NotThere:
        raise Http404 from None
    except Refused as error:
        return _shown(request, found, refused=_refused(key, typed, words_of(error)), status=error.status)
    return redirect(f"{reverse('run', args=[found.pk])}#step-{key}")


def _refused(key: str, typed: str, words: str) -> dict[str, str]:
    return {"key": key, "note": typed, "words": words}


def _shown(
    request: HttpRequest,
    found: Run,
    *,
    refused: dict[str, str] | None = None,
    ended: EndRunForm | GiveUpForm | None = None,
    status: int = 200,
) -> HttpResponse:
    member, thread = viewer(request), found.thread
    # The number first, so that nothing happens unheard between it and what is shown.
    stream = thread_stream(thread.pk)
    seq, marks = newest_number(stream), marks_of(found)
    rights = rights_in(member, thread)
    back = {key for key, mark in marks.items() if mark.by_id and may_unmark(member, thread, mark.by_id, rights)}
    checklist = checklist_of(
        found, marks, practices=practices_in(member, found.steps), who=who_names(role_names()), takes_back=back,
        viewer=member.pk,
    )  # fmt: skip
    context: dict[str, Any] = {
        "run": found, "thread": thread, "space": thread.space, "checklist": checklist, "refused": refused,
        "stream": str(stream), "seq": seq, "can_mark": found.is_running and may_run(member, thread, rights),
        "can_end": may_end(member, found, rights),
        "playbook": playbooks_visible_to(member).filter(pk=found.playbook_id).first(),
        "form": ended if isinstance(ended, EndRunForm) else EndRunForm(),
        "give_up": ended if isinstance(ended, GiveUpForm) else GiveUpForm(),
    }  # fmt: skip
    return render(request, "threads/run.html", context, status=status)


@require_POST
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what came of it, or give it up."""
    found, abandoned = _load(request, pk), request.POST.get("act") == "abandon"
    form = GiveUpForm(request.POST) if abandoned else EndRunForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, ended=form, status=_REFUSED)
    try:
        end_run(by=viewer(request), run=found, abandoned=abandoned, **form.accepted())
    except Invalid as error:
        form.take(error)
    except Refused as error:
        form.add_error(None, words_of(error))
    else:
        messages.success(request, _("It has ended. What came of it is on the playbook's page."))
        return redirect(found)
    return _shown(request, found, ended=form, status=_REFUSED)
