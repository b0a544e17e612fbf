"""Whom a request for help would ask, shown before it is made."""

from typing import Any

from django.http import HttpRequest

from community.models import Member
from community.queries.members import members_by_handle
from community.rules.numbers import whole
from threads.forms.swarm import HelpForm
from threads.models import HelpRequest, Thread
from threads.policies.swarm import may_let_in
from threads.queries.asking import Foreseen, foreseen
from threads.queries.matching import Among
from threads.rules.limits import MOST_WANTED
from threads.views.proposed import proposed

_SHOWN, _BEYOND = 5, 3
_NAMED = HelpRequest.Target.MEMBERS


def foreseen_context(request: HttpRequest, member: Member, thread: Thread, form: HelpForm) -> dict[str, Any]:
    """For the page with the form: nothing as long as it does not say whom to ask."""
    found = _foreseen(member, thread, form) if thread.is_unresolved else None
    if found is None:
        return {"shows": False}
    shown = {each.member.pk for each in found.people}
    named = (form.whom() or {}).get("members") or [] if form.is_bound else []
    at_once = min(whole(request.POST.get("at_once", "")) or 1, MOST_WANTED)
    return {
        "shows": True,
        "foreseen": proposed(member, thread, found.people[:_SHOWN]),
        "foreseen_more": max(0, len(found.people) - _SHOWN),
        "asked_now": min(at_once, sum(each.reachable.now for each in found.people)),
        "first_at": min((each.reachable.at for each in found.people if each.reachable.at), default=None),
        "left_out": ", ".join(each.handle for each in named if each.pk not in shown),
        "beyond": proposed(member, thread, found.beyond),
    }


def _foreseen(member: Member, thread: Thread, form: HelpForm) -> Foreseen | None:
    said, beyond = form.whom(), _BEYOND if may_let_in(member, thread) else 0
    if not form.is_bound:
        handle = form.initial.get("members")
        people = members_by_handle([handle]) if handle else []
        said = {"target": _NAMED, "members": people} if people else {}
    if said is None:
        return None
    if said.get("target") == _NAMED:
        return foreseen(member, thread, in_order=[each.pk for each in said["members"]])
    target, organization, center = said.get("target"), said.get("organization"), said.get("center")
    among = Among(
        organization=organization.pk if organization and target == HelpRequest.Target.ORGANIZATION else None,
        center=center.pk if center and target == HelpRequest.Target.CENTER else None,
        scope=f"tag:{said['tag']}" if target == HelpRequest.Target.TAG else "",
    )
    return foreseen(member, thread, among=among, beyond=beyond)
