"""Practices used in a thread, and threads in which a practice was used."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from community.errors import Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.rules.numbers import whole
from community.views.viewer import viewer
from threads.actions.reuse import use_practice, withdraw_use
from threads.models import Practice, Reuse, Thread
from threads.policies.rights import Rights, rights_in
from threads.policies.spreading import may_adopt, may_use, may_withdraw, takes_adoptions
from threads.policies.threads import may_resolve
from threads.queries.adoption import adoptions_of
from threads.queries.archive import practices_visible_to
from threads.queries.reuse import Usable, as_usable, own_open_threads, reuses_in, threads_using, usable_in
from threads.queries.subscriptions import subscribed
from threads.queries.threads import threads_visible_to
from threads.views.desk import next_of
from threads.views.loading import load_thread, number_in

_LONGEST = 100
_MOST_DIGITS = 9


@require_http_methods(["GET", "POST"])
def practices(request: HttpRequest, pk: int) -> HttpResponse:
    """What was used in a thread and what fits it. A POST says that one was used, solved it, or was not used."""
    member, thread = viewer(request), load_thread(request, pk)
    if request.method == "POST":
        return _act(request, member, thread)
    return render(request, "threads/practices_used.html", _context(request, member, thread))


def _act(request: HttpRequest, member: Member, thread: Thread) -> HttpResponse:
    number = whole(request.POST.get("practice", ""), most_digits=_MOST_DIGITS) or 0
    found = practices_visible_to(member).select_related("space").filter(pk=number).first()
    act = {"use": _use, "solved": _solved, "withdraw": _withdraw}.get(request.POST.get("act", ""))
    if found is None or act is None:
        raise Http404
    here = request.path
    try:
        messages.success(request, act(request, member, thread, found))
    except Refused as error:
        messages.error(request, words_of(error))
        summary = request.POST.get("summary", "")
        return _again(request, member, thread, found, summary) if summary else redirect(here)
    return redirect(next_of(request, here))


def _again(request: HttpRequest, member: Member, thread: Thread, found: Practice, summary: str) -> HttpResponse:
    """The page with what was typed, where it was typed."""
    context = _context(request, member, thread) | {"typed": summary, "typed_for": found.pk}
    listed = [each.practice.pk for each in context["usable"]] + [row["use"].practice_id for row in context["used"]]
    if found.pk not in listed:
        context["usable"].insert(0, as_usable(found, thread))
    return render(request, "threads/practices_used.html", context, status=422)


def _use(_request: HttpRequest, member: Member, thread: Thread, found: Practice) -> str:
    use_practice(by=member, thread=thread, practice=found)
    return _("“%(title)s” was used here.") % {"title": found.title}


def _solved(request: HttpRequest, member: Member, thread: Thread, found: Practice) -> str:
    resolves = thread.is_unresolved and may_resolve(member, thread)
    summary = request.POST.get("summary", "")
    use_practice(by=member, thread=thread, practice=found, solved=True, resolve=resolves, summary=summary)
    return _("“%(title)s” solved it. That counts for the practice, as the word of your organization.") % {
        "title": found.title
    }


def _withdraw(_request: HttpRequest, member: Member, thread: Thread, found: Practice) -> str:
    withdraw_use(by=member, thread=thread, practice=found)
    return _("“%(title)s” was not used here.") % {"title": found.title}


def _context(request: HttpRequest, member: Member, thread: Thread) -> dict[str, Any]:
    rights = rights_in(member, thread)
    query = request.GET.get("q", "")[:_LONGEST]
    used = reuses_in(member, thread)
    uses = may_use(member, thread, rights)
    there = {use.practice_id for use in used}
    return {
        "thread": thread,
        "space": thread.space,
        "query": query,
        "used": [{"use": use, "may_withdraw": _takes_back(member, thread, use, rights)} for use in used],
        "usable": [each for each in usable_in(member, thread, query) if each.practice.pk not in there],
        "may_use": uses,
        "may_solve": uses and (not thread.is_unresolved or may_resolve(member, thread, rights)),
        "resolves": thread.is_unresolved,
    }


def _takes_back(member: Member, thread: Thread, use: Reuse, rights: Rights) -> bool:
    use.thread = thread
    return may_withdraw(member, use, rights)


@require_GET
def suggest(request: HttpRequest) -> JsonResponse:
    """Practices for what is typed, for the thread that is written in: the links to insert, which give nothing away."""
    member, number = viewer(request), number_in(request, "thread")
    thread = load_thread(request, number) if number else None
    found = usable_in(member, thread, request.GET.get("q", "")[:_LONGEST])
    words = {
        "list": _("Practices"),
        "use": _("It was used here"),
        "used": _("Noted: it was used here."),
        "hidden": _("Not everybody here sees this practice: only its number is inserted."),
    }
    return JsonResponse({"items": [_suggested(each) for each in found], "words": words})


def _suggested(each: Usable) -> dict[str, Any]:
    return {
        "id": each.practice.pk,
        "title": each.practice.title,
        "confidence": str(Practice.Confidence(each.practice.confidence).label),
        "markdown": each.markdown,
        "for_all": each.for_all,
    }


@dataclass(frozen=True)
class Goal:
    """A thread for which somebody looks for a practice, and where they may say at once that one was used."""

    pk: int
    title: str


def goal_of(request: HttpRequest) -> Goal | None:
    """The thread for which the viewer looks through a list, if they may use a practice there."""
    thread = thread_for(request)
    return Goal(thread.pk, thread.title) if thread is not None and may_use(viewer(request), thread) else None


def thread_for(request: HttpRequest) -> Thread | None:
    """The thread for which somebody looks for a practice (`?for=`); none that the viewer does not see."""
    number = number_in(request, "for")
    return threads_visible_to(viewer(request)).filter(pk=number).first() if number else None


def spread_context(member: Member, practice: Practice, *, thread: Thread | None = None) -> dict[str, Any]:
    """What a practice's page says of where it was used, as far as the viewer sees that, and where they may use it."""
    shown, count = threads_using(member, practice)
    usable = practice.is_current and practice.confidence != Practice.Confidence.ARCHIVED and practice.warned_at is None
    offered = [thread] if thread is not None else own_open_threads(member, practice) if usable else []
    fitting = [each for each in offered if usable and each.pk != practice.thread_id]
    adopted, takes = adoptions_of(member, practice), takes_adoptions(practice)
    return {
        "used_in": shown,
        "goal": thread,
        "used_count": count,
        "use_in": [each for each in fitting if may_use(member, each)],
        "subscribed": subscribed(member, practice),
        "adopted": adopted,
        "takes_adoptions": takes,
        "may_adopt": (adopted.own is not None or takes_adoptions(practice))
        and may_adopt(member, member.organization_id),
    }
