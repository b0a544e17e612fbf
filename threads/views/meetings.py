"""Calls and meetings about a thread: the list, writing one down, taking one back."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.hours import zone_of
from community.rendering.refusals import words_of
from community.rules import clock
from community.views.viewer import viewer
from threads.actions.meetings import delete_meeting, log_meeting
from threads.forms.meetings import MeetingForm
from threads.models import Meeting, Thread
from threads.policies.rights import rights_in
from threads.policies.swarm import may_delete_meeting, may_log_meeting
from threads.queries.meetings import meeting_visible_to, meetings_of
from threads.views.loading import load_thread, number_in

_LARGEST = 2**63 - 1
_USUAL_MINUTES = 30
_A_PAGE = 30


@require_http_methods(["GET", "POST"])
def meetings(request: HttpRequest, pk: int) -> HttpResponse:
    """What was written down, the newest first or `?before=` one, and the form for whoever may add to it."""
    member, thread = viewer(request), load_thread(request, pk)
    may_log = may_log_meeting(member, thread)
    form = MeetingForm(request.POST or None, zone=zone_of(member), initial=_initial(member))
    if request.method == "POST" and form.is_valid() and _log(member, thread, form):
        messages.success(request, _("It is written down and on the timeline."))
        return redirect(thread)
    rights = rights_in(member, thread)
    before = number_in(request, "before")
    rows = meetings_of(thread, before=before, limit=_A_PAGE + 1)
    shown, more = rows[:_A_PAGE], len(rows) > _A_PAGE
    context = {
        "thread": thread,
        "space": thread.space,
        "form": form if may_log or form.is_bound else None,  # whoever typed keeps their text
        "zone": str(zone_of(member)),
        "meetings": [_shown(member, row, thread, rights) for row in shown],
        "is_part": bool(before),
        "earlier": shown[-1].pk if more else None,
    }
    status = 422 if form.errors else 200
    return render(request, "threads/meetings.html", context, status=status if may_log or not form.is_bound else 403)


@require_POST
def deletion(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was written of a meeting."""
    found = meeting_visible_to(viewer(request), pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    try:
        delete_meeting(by=viewer(request), meeting=found)
    except Refused as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("It is deleted."))
    return redirect("thread-meetings", found.thread_id)


def _log(member: Member, thread: Thread, form: MeetingForm) -> bool:
    try:
        log_meeting(by=member, thread=thread, **form.accepted())
    except Invalid as error:
        form.take(error)
    except Refused as error:
        form.add_error(None, words_of(error))
    return form.is_valid()


def _initial(member: Member) -> dict[str, Any]:
    began = (clock.now() - timedelta(minutes=_USUAL_MINUTES)).astimezone(zone_of(member))
    local = began.replace(second=0, microsecond=0, tzinfo=None)
    return {"kind": Meeting.Kind.CALL, "held_at": local, "minutes": _USUAL_MINUTES, "attendees": member.handle}


def _shown(member: Member, row: Meeting, thread: Thread, rights: Any) -> dict[str, Any]:
    row.thread = thread
    return {"row": row, "attendees": list(row.attendees.all()), "can_delete": may_delete_meeting(member, row, rights)}
