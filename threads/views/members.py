"""A member's page, and the members suggested while one types @."""

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from community.models import Center, Member
from community.queries.members import assignments_of, members_visible_to
from community.rules import clock
from community.views.viewer import viewer
from reputation.models import Award
from reputation.queries.badges import badges_of
from reputation.queries.standing import Expertise, ledger_of, standing_of
from threads.audience import likely_mentions
from threads.queries.catalog import product_names
from threads.queries.contributions import Contribution, contributions_of, titles_of_subjects, topics_of
from threads.views.loading import load_thread, number_in

_LEDGER_SHOWN = 10


@require_GET
def member(request: HttpRequest, handle: str) -> HttpResponse:
    """Who somebody is, for what to ask them, and what that rests on. Contributions are those the viewer may see."""
    asking = viewer(request)
    person = get_object_or_404(members_visible_to(asking), handle=handle.lower())
    roles = assignments_of(person)
    context = {
        "member": person,
        "assignment": next((role for role in roles if role.ends_on is None), None),
        "assignments": roles,
        **_where(person.center),
        "expertise": _topics(asking, person),
        "standing": standing_of(person),
        **_ledger(request, asking, person),
        **_contributions(request, asking, person),
        "badges": badges_of(person),
        "can": {"edit_profile": asking.pk == person.pk},
        "edit_url": reverse("profile-edit"),
    }
    return render(request, "threads/member.html", context)


def _where(center: Center | None) -> dict[str, str]:
    if center is None:
        return {}
    opens, closes = str(center.opens_at)[:5], str(center.closes_at)[:5]
    there = clock.now().astimezone(ZoneInfo(center.time_zone)) if center.time_zone else clock.now().astimezone(UTC)
    return {"hours": f"{opens}–{closes}, {center.time_zone}", "local_time": f"{there:%H:%M}"}


def _topics(asking: Member, person: Member) -> list[dict[str, Any]]:
    topics = topics_of(asking, person)
    names = product_names(topic.slug for topic in topics if topic.noun == "product")
    return [_topic(topic, names) for topic in topics]


def _topic(topic: Expertise, products: dict[str, str]) -> dict[str, Any]:
    evidence = ngettext("%(n)d award", "%(n)d awards", topic.awards) % {"n": topic.awards}
    url = f"{reverse('search')}?q={topic.noun}:{topic.slug}"
    label = products.get(topic.slug, topic.slug) if topic.noun == "product" else f"#{topic.slug}"
    return {"label": label, "url": url, "standing": topic.points, "evidence": evidence}


def _ledger(request: HttpRequest, asking: Member, person: Member) -> dict[str, Any]:
    before = number_in(request, "before")
    rows = ledger_of(person, before=before or None, limit=_LEDGER_SHOWN + 1)
    more, rows = rows[_LEDGER_SHOWN:], rows[:_LEDGER_SHOWN]
    titles = titles_of_subjects(asking, [row.subject for row in rows])
    shown = [
        {"at": row.at, "sentence": _sentence(row), "amount": f"{row.points:+d}", **titles.get(row.subject, {})}
        for row in rows
    ]
    page = {
        "next_url": f"?before={rows[-1].pk}#standing" if more else None,
        "previous_url": "?#standing" if before else None,
    }
    return {"ledger": shown, "ledger_page": page}


def _sentence(award: Award) -> str:
    label = Award.Rule(award.rule).label
    return _("Taken back: %(what)s") % {"what": label} if award.reverses_id else str(label)


def _contributions(request: HttpRequest, asking: Member, person: Member) -> dict[str, Any]:
    after = number_in(request, "older")
    found, following = contributions_of(asking, person, before=after or None)
    page = {
        "next_url": f"?older={following}#contributions" if following else None,
        "previous_url": "?#contributions" if after else None,
    }
    return {"contributions": [_shown(row) for row in found], "page": page}


def _shown(row: Contribution) -> dict[str, Any]:
    words = {"thread": (_("Asked"), "spaces"), "post": (_("Replied"), "reply"), "practice": (_("Recorded"), "archive")}
    word, icon = words[row.kind]
    return {
        "kind": word,
        "icon": icon,
        "url": row.url,
        "title": row.title,
        "at": row.at,
        "is_solution": row.is_solution,
    }


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """Whom one may mean by what was typed after @, among those who may see the thread."""
    text = request.GET.get("q", "")[:40].replace("\0", "")
    thread_id = number_in(request, "thread")
    if request.GET.get("thread") and not thread_id:
        raise Http404
    thread = load_thread(request, thread_id) if thread_id else None
    people = likely_mentions(thread, text)
    found = [{"handle": row.handle, "name": row.name, "organization": row.organization.name} for row in people]
    return JsonResponse(found, safe=False)
