"""The home page: what needs the member, what they follow, what is happening."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community.events.reactors import crowds
from community.models import Member
from community.queries.inbox import inbox_of
from community.rendering.markdown import spoken
from community.views.shared import SharedPage, frame_of_request, respond
from community.views.viewer import asking_along, viewer
from threads.models import Thread
from threads.queries.bulletins import awaiting
from threads.queries.requests import asked_of, offered_to
from threads.queries.rows import ThreadRow, followed_by, happening, owned_by, rows_of, waiting_on
from threads.queries.threads import live_now
from threads.rules.texts import beginning
from threads.views.rows import drawn_threads

_URGENT_NOTICES = ("mention", "reopened")
_MOST_NEEDS = 12


@dataclass(frozen=True)
class Need:
    """One thing that waits for the member, and why; `due` says what has to be done by then."""

    subject: str
    icon: str
    title: str
    url: str
    why: str
    at: datetime
    status_of: Thread | None = None
    space: str = ""
    due: str = ""


@asking_along()
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What needs you first."""
    member, crowd = viewer(request), crowds()
    lists = (waiting_on(member), owned_by(member), followed_by(member), happening(member))
    waiting, owned, followed, latest = rows_of(*lists)
    live = live_now(member)
    needs = _distinct(chain(_asked(member), _to_read(member), _needs(member, waiting, owned)))[:_MOST_NEEDS]
    spaces = frame_of_request(request).spaces

    def context() -> dict[str, Any]:
        return {
            "waits": bool(needs),
            "needs_count": len(needs),
            "follows": bool(followed),
            "live": live,
            "happens": bool(latest),
            "spaces": spaces,
        }

    shown = tuple((item.thread.pk, item.thread.title, item.thread.space.name, item.total) for item in live)
    own = {
        "needs": render_to_string("threads/parts/needs.html", {"needs": needs}) if needs else "",
        "followed": drawn_threads(followed, crowd, show_space=True),
        "latest": drawn_threads(latest, template="threads/parts/latest_row.html"),
    }
    facts = (len(needs), bool(followed), shown, bool(latest), spaces)
    return respond(request, SharedPage("threads/home.html", facts, context, own))


def _distinct(needs: Iterator[Need]) -> list[Need]:
    """One line for each thread, with the reason that comes first."""
    first: dict[str, Need] = {}
    for need in needs:
        first.setdefault(need.subject, need)
    return list(first.values())


def _asked(member: Member) -> Iterator[Need]:
    """What the member is asked: for help, the most pressing first, and to take over."""
    for request, until, what, name, thread, title in asked_of(member).things():
        why = _("%(name)s asks for your help: %(what)s") % {"name": name, "what": beginning(spoken(what), most=120)}
        yield Need(f"thread:{thread}", "users", title, reverse("request", args=[request]), why, until, due=_("answer"))
    for _pk, at, name, thread, title in offered_to(member).things():
        why = _("%(name)s asks you to take over") % {"name": name}
        yield Need(f"thread:{thread}", "next", title, f"{reverse('thread', args=[thread])}#hand-over", why, at)


def _to_read(member: Member) -> Iterator[Need]:
    for pk, title, name, until in awaiting(member).things():
        why = _("%(name)s asks you to say that you have read it") % {"name": name}
        yield Need(f"bulletin:{pk}", "inbox", title, reverse("bulletin", args=[pk]), why, until, due=_("read"))


def _needs(member: Member, waiting: list[ThreadRow], owned: list[ThreadRow]) -> Iterator[Need]:
    for row in waiting:
        thread = row.thing()
        yield _of_thread(thread, "waiting", _awaited(member, thread))
    yield from _mentions(member)
    for row in owned:
        thread = row.thing()
        why = (
            _("You own it. Next: %(what)s") % {"what": spoken(thread.next_action)}
            if thread.next_action
            else _("You own it")
        )
        yield _of_thread(thread, "users", why)


def _awaited(member: Member, thread: Thread) -> str:
    if thread.next_action and thread.next_action_by_id == member.pk:
        return _("You are next: %(what)s") % {"what": spoken(thread.next_action)}
    return _("Your answer is awaited")


def _of_thread(thread: Thread, icon: str, why: str) -> Need:
    return Need(
        f"thread:{thread.pk}",
        icon,
        thread.title,
        thread.get_absolute_url(),
        why,
        thread.last_activity_at,
        thread,
        thread.space.name,
    )


def _mentions(member: Member) -> Iterator[Need]:
    for group in inbox_of(member, unread_only=True, limit=30, kinds=_URGENT_NOTICES).groups:
        notice = next((notice for notice in group.notices if notice.kind.name in _URGENT_NOTICES), None)
        if notice is not None:
            who = notice.item.actor.name if notice.item.actor else ""
            yield Need(group.subject, "bell", group.label.title, notice.url, f"{who} {notice.sentence}", notice.item.at)
