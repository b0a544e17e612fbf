"""Who and what could help with a thread: people to ask, threads to link, practices to apply, each with one click."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.errors import Refused
from community.models import Member
from community.queries.members import members_by_handle
from community.rendering.refusals import words_of
from community.rules import clock
from community.rules.numbers import whole
from community.views.tokens import form_token
from community.views.viewer import viewer
from threads.actions.relations import relate
from threads.actions.requests import ask_for_help
from threads.actions.reuse import use_practice
from threads.models import HelpRequest, Relation, Severity, Thread
from threads.policies.rights import rights_in
from threads.policies.swarm import may_ask, may_let_in
from threads.policies.threads import may_edit, may_reply
from threads.queries.archive import practices_visible_to
from threads.queries.beside import applied_in, has_asked, linked_from
from threads.queries.evidence import text_of
from threads.queries.matching import LOOKED_AT, Among, candidates_for
from threads.queries.similar import similar
from threads.queries.threads import threads_visible_to
from threads.views.loading import load_thread
from threads.views.proposed import proposed

_FIRST, _SHOWN, _BEYOND = 5, 10, 3
_LIKE_IT = 8
# Of the token of each form, as long as it is the same for everybody. Nobody can write control characters.
_PLACE = "\x02token\x03"
# By when help is needed when nobody says so: the worse it is, the sooner.
_DUE = {
    Severity.CRITICAL: timedelta(hours=1),
    Severity.HIGH: timedelta(hours=4),
    Severity.NORMAL: timedelta(days=1),
    Severity.LOW: timedelta(days=3),
}


@require_http_methods(["GET", "POST"])
def matches(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The people, threads and practices; with `?part` only what stands in the panel. A POST asks, links or applies."""
    member, thread = viewer(request), load_thread(request, pk)
    if request.method == "POST":
        return _act(request, member, thread)
    if "part" in request.GET:
        return _part(request, _context(member, thread))
    return render(request, "threads/matches.html", _context(member, thread, whole=True))


def _part(request: HttpRequest, context: dict[str, Any]) -> HttpResponseBase:
    """The part alone, or that it is still the same: the forms' token, which differs each time, does not count."""
    drawn = render_to_string("threads/parts/matches.html", {**context, "csrf_token": _PLACE})
    etag = quote_etag(sha256(drawn.encode()).hexdigest()[:32])
    response = HttpResponse(drawn.replace(_PLACE, form_token(request)), headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=response) or response


def _context(member: Member, thread: Thread, *, whole: bool = False) -> dict[str, Any]:
    """What is shown; on the page as a `whole` also those beyond the audience, to whoever may let them in."""
    rights = rights_in(member, thread)
    asks = may_ask(member, thread, rights)
    lets_in = asks and may_let_in(member, thread, rights)
    among = Among(beyond=lets_in and whole)
    # Whoever was let in by name sees the thread, and not who else does.
    shows = thread.is_unresolved and not rights.guest
    found = candidates_for(member, thread, among=among, limit=2 * LOOKED_AT) if shows else []
    people = proposed(member, thread, [each for each in found if not each.lets_in][:_SHOWN])
    beyond = proposed(member, thread, [each for each in found if each.lets_in][:_BEYOND])
    hits = similar(member, text_of(thread), exclude=thread, limit=_LIKE_IT)
    return {
        "thread": thread,
        "space": thread.space,
        "people": people[:_FIRST],
        "more": people[_FIRST:],
        "beyond": beyond,
        "may_let_in": lets_in,
        "whole": whole,
        "may_ask": asks,
        "may_link": may_edit(member, thread, rights),
        "may_apply": may_reply(member, thread, rights) and not rights.removed,
        "similar": [hit for hit in hits if hit.kind == "thread"][:_FIRST],
        "practices": [hit for hit in hits if hit.kind == "practice"][:_FIRST],
        "linked": linked_from(thread),
        "applied": applied_in(thread),
    }


def _act(request: HttpRequest, member: Member, thread: Thread) -> HttpResponse:
    act = {"ask": _ask, "link": _link, "apply": _apply}.get(request.POST.get("act", ""))
    if act is None:
        raise Http404
    try:
        messages.success(request, act(request, member, thread))
    except Refused as error:
        messages.error(request, words_of(error))
        return redirect(thread)
    return redirect(f"{thread.get_absolute_url()}#panel-swarm")


def _ask(request: HttpRequest, member: Member, thread: Thread) -> str:
    """Ask this one person, with the next step or the title for words, and a time that goes with the severity."""
    if not may_ask(member, thread):
        raise PermissionDenied
    people = members_by_handle([request.POST.get("member", "")])
    if not people:
        raise Http404
    made = ask_for_help(
        by=member,
        thread=thread,
        what=thread.next_action or thread.title,
        due_at=_due(thread, clock.now()),
        target=HelpRequest.Target.MEMBERS,
        members=people,
    )
    words = _("%(name)s is asked to help.") if has_asked(made) else _("%(name)s is asked as soon as they work again.")
    return words % {"name": people[0].name}


def _due(thread: Thread, now: datetime) -> datetime:
    return now + _DUE[Severity(thread.severity)]


def _link(request: HttpRequest, member: Member, thread: Thread) -> str:
    other = threads_visible_to(member).filter(pk=_number(request, "thread")).first()
    if other is None:
        raise Http404
    relate(by=member, thread=thread, other=other, kind=Relation.Kind.RELATED)
    return _("“%(title)s” is linked.") % {"title": other.title}


def _apply(request: HttpRequest, member: Member, thread: Thread) -> str:
    practice = practices_visible_to(member).select_related("space").filter(pk=_number(request, "practice")).first()
    if practice is None:
        raise Http404
    use_practice(by=member, thread=thread, practice=practice)
    return _("“%(title)s” is applied. What it says stands in the empty fields of the record.") % {
        "title": practice.title
    }


def _number(request: HttpRequest, name: str) -> int:
    return whole(request.POST.get(name, ""), most_digits=9) or 0
