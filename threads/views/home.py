"""The home page: what needs the member, what they follow, what is happening."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community.events.reactors import crowds
from community.models import Member
from community.queries.inbox import inbox_of
from community.views.viewer import viewer
from threads.models import Thread
from threads.queries.threads import followed_by, happening, live_now, owned_by, waiting_on

_URGENT_NOTICES = {"mention", "reopened"}
_MOST_NEEDS = 12


@dataclass(frozen=True)
class Need:
    """One thing that waits for the member, and why."""

    subject: str
    icon: str
    title: str
    url: str
    why: str
    at: datetime
    status_of: Thread | None = None
    space: str = ""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What needs you first."""
    member = viewer(request)
    context = {
        "needs": _distinct(_needs(member))[:_MOST_NEEDS],
        "followed": followed_by(member),
        "live": live_now(member),
        "crowds": crowds(),
        "latest": happening(member, limit=10),
    }
    return render(request, "threads/home.html", context)


def _distinct(needs: Iterator[Need]) -> list[Need]:
    """One line for each thread, with the reason that comes first."""
    first: dict[str, Need] = {}
    for need in needs:
        first.setdefault(need.subject, need)
    return list(first.values())


def _needs(member: Member) -> Iterator[Need]:
    for thread in waiting_on(member):
        yield _of_thread(thread, "waiting", _awaited(member, thread))
    yield from _mentions(member)
    for thread in owned_by(member):
        why = _("You own it. Next: %(what)s") % {"what": thread.next_action} if thread.next_action else _("You own it")
        yield _of_thread(thread, "users", why)


def _awaited(member: Member, thread: Thread) -> str:
    if thread.next_action and thread.next_action_by_id == member.pk:
        return _("You are next: %(what)s") % {"what": thread.next_action}
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
    for group in inbox_of(member, unread_only=True, limit=30).groups:
        notice = next((notice for notice in group.notices if notice.kind.name in _URGENT_NOTICES), None)
        if notice is not None:
            who = notice.item.actor.name if notice.item.actor else ""
            yield Need(
                group.subject, "bell", group.label.title, notice.url, f"{who} {notice.kind.sentence}", notice.item.at
            )
