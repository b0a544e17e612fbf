"""A member's page, and the members suggested while one types @."""

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from community.models import Member, Reach
from community.queries.members import assignments_of, members_visible_to
from community.queries.reach import reach_of
from community.rendering.hours import hours_words, reachable_words, shift_words, zone_of
from community.rules import clock
from community.rules.hours import zone_named
from community.rules.languages import language_names
from community.rules.reach import reach, state_at
from community.views.viewer import viewer
from reputation.models import Award, Certificate
from reputation.policies.kudos import may_thank
from reputation.policies.profile import LEDGER, shown_to
from reputation.policies.skills import may_confirm
from reputation.queries.badges import badges_of
from reputation.queries.deeds import deeds_of
from reputation.queries.kudos import kudos_of
from reputation.queries.mentoring import mentored_by
from reputation.queries.profile import evidence_of
from reputation.queries.skills import certificates_of
from reputation.queries.standing import standing_of
from threads.audience import likely_mentions
from threads.policies.rights import rights_in
from threads.queries.contributions import Contribution, contributions_of, titles_of_subjects
from threads.queries.swarm import contact_for
from threads.queries.topics import Topic, known_topics
from threads.views.kudos import shown_kudos
from threads.views.loading import load_thread, number_in

_LEDGER_SHOWN = 10
_KUDOS_SHOWN = 3


@require_GET
def member(request: HttpRequest, handle: str) -> HttpResponse:
    """Who somebody is, for what to ask them, and what that rests on. Contributions are those the viewer may see."""
    asking = viewer(request)
    person = get_object_or_404(members_visible_to(asking), handle=handle.lower())
    roles, certificates, deeds = assignments_of(person), certificates_of(person), deeds_of(person)
    in_force = [row for row in certificates if row.is_in_force(clock.now().date())]
    shown, before = shown_to(asking, person), number_in(request, "before") or None
    rows = evidence_of(shown, before=before, limit=_LEDGER_SHOWN + 1)
    kudos = kudos_of(person, limit=_KUDOS_SHOWN + 1)
    subjects = {row.subject for row in rows} | {name for each in deeds.values() for name in each.subjects}
    subjects |= {row.about for row in kudos[:_KUDOS_SHOWN] if row.about}
    titles = titles_of_subjects(asking, subjects)
    context = {
        "member": person,
        "assignment": next((role for role in roles if role.ends_on is None), None),
        "assignments": roles,
        **_where(asking, person),
        "topics": _topics(asking, person, known_topics(asking, person, in_force, deeds, titles)),
        **_certificates(asking, certificates),
        "standing": standing_of(person),
        "shows_ledger": LEDGER in shown.parts,
        "profile_url": reverse("member-profile", args=[person.handle]) if shown.parts else "",
        **_ledger(request, rows, titles, is_own=asking.pk == person.pk),
        "kudos": shown_kudos(asking, kudos[:_KUDOS_SHOWN], titles),
        "more_kudos": len(kudos) > _KUDOS_SHOWN,
        "thanks_url": reverse("member-thanks", args=[person.handle]),
        **_contributions(request, asking, person),
        "badges": badges_of(person),
        "can": {"edit_profile": asking.pk == person.pk, "thank": may_thank(asking, person)},
        "edit_url": reverse("profile-edit"),
        "skills_url": reverse("profile-skills"),
        "record_url": reverse("profile-record"),
    }
    return render(request, "threads/member.html", context)


def _where(asking: Member, person: Member) -> dict[str, Any]:
    """Whether they can be asked, when they work, there and on the viewer's own clock, how, and in what language."""
    if person.source_site or not person.is_active:
        return {}
    row, now = reach_of([person.pk])[person.pk], clock.now()
    there = now.astimezone(zone_named(row.hours.zone))
    return {
        "reachable": reachable_words(reach(row, row.hours, now, None)),
        "state": state_at(row, now),
        "hours": hours_words(row.hours),
        "shift": shift_words(row.hours, now, zone_of(asking)),
        "local_time": f"{there:%H:%M}",
        "languages": ", ".join(language_names(row.languages)),
        "outside": Reach.Outside(row.outside).label,
        "most_a_day": row.most_a_day,
        "is_colleague": asking.organization_id == person.organization_id,
        "contact": contact_for(asking, person, row.contact),
    }


def _topics(asking: Member, person: Member, topics: list[Topic]) -> list[dict[str, Any]]:
    """The topics, with where to ask for a mentor: in what the viewer meets, and the person earned enough in."""
    met = [topic.scope for topic in topics if topic.standing]
    teaches = mentored_by(person, met) if person.pk != asking.pk else set()
    return [_topic(topic, person, teaches=topic.scope in teaches) for topic in topics]


def _topic(topic: Topic, person: Member, *, teaches: bool) -> dict[str, Any]:
    return {
        "mentor_url": f"{reverse('mentor', args=[person.handle])}?{topic.noun}={quote(topic.slug)}" if teaches else "",
        "mentors_url": f"{reverse('mentors')}?{topic.noun}={quote(topic.slug)}",
        "label": topic.label,
        "url": f"{reverse('search')}?q={topic.noun}:{quote(topic.slug)}",
        "level": topic.skill.get_level_display() if topic.skill else "",
        "wishes": bool(topic.skill and topic.skill.wants_to_learn),
        "standing": topic.standing or "",
        "evidence": ", ".join(_counted(rule, count) for rule, count in topic.deeds.counts.most_common()),
        "links": topic.links,
        "certificates": [_held(row) for row in topic.certificates],
    }


def _held(certificate: Certificate) -> str:
    name = certificate.name
    return name if certificate.confirmed_at else _("%(name)s (not confirmed)") % {"name": name}


def _counted(rule: str, count: int) -> str:
    words = {
        Award.Rule.HELPED: ngettext("helped %(n)d time", "helped %(n)d times", count),
        Award.Rule.SOLUTION: ngettext("%(n)d solution", "%(n)d solutions", count),
        Award.Rule.PRACTICE: ngettext("%(n)d practice", "%(n)d practices", count),
        Award.Rule.REUSED: ngettext("used again %(n)d time", "used again %(n)d times", count),
        Award.Rule.VALIDATED: ngettext("%(n)d practice validated", "%(n)d practices validated", count),
        Award.Rule.REVIEW: ngettext("%(n)d review", "%(n)d reviews", count),
        Award.Rule.SUGGESTION: ngettext("%(n)d edit taken up", "%(n)d edits taken up", count),
        Award.Rule.SAMPLING: ngettext("%(n)d sample scored", "%(n)d samples scored", count),
        Award.Rule.ANSWERED: ngettext("%(n)d request answered in time", "%(n)d requests answered in time", count),
        Award.Rule.MENTORING: ngettext("mentoring helped %(n)d time", "mentoring helped %(n)d times", count),
    }
    return words[Award.Rule(rule)] % {"n": count}


def _certificates(asking: Member, rows: list[Certificate]) -> dict[str, Any]:
    today = clock.now().date()
    confirms = bool(rows) and may_confirm(asking, rows[0])
    return {
        "certificates": [
            {
                "row": row,
                "expired": not row.is_in_force(today),
                "can_confirm": confirms and row.confirmed_at is None,
            }
            for row in rows
        ]
    }


def _ledger(
    request: HttpRequest, found: list[Award], titles: dict[str, dict[str, str]], *, is_own: bool
) -> dict[str, Any]:
    before = number_in(request, "before")
    more, rows = found[_LEDGER_SHOWN:], found[:_LEDGER_SHOWN]
    shown = [line_of_ledger(row, titles, is_own=is_own) for row in rows]
    page = {
        "next_url": f"?before={rows[-1].pk}#standing" if more else None,
        "previous_url": "?#standing" if before else None,
    }
    return {"ledger": shown, "ledger_page": page}


def line_of_ledger(row: Award, titles: dict[str, dict[str, str]], *, is_own: bool) -> dict[str, Any]:
    """A row as it is shown; why it is less, or was taken back, can tell who gave it, and is for the member alone."""
    why = row.get_why_display() if row.why else row.get_capped_display() if row.capped else ""
    sentence, amount = sentence_of(row), f"{row.points:+d}"
    title = titles.get(row.subject, {})
    return {"at": row.at, "sentence": sentence, "amount": amount, "why": why if is_own else "", **title}


def sentence_of(award: Award) -> str:
    """What an award, or its reversal, was for."""
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
    # Whoever was let in by name sees the thread, and not who else does.
    is_guest = thread is not None and rights_in(viewer(request), thread).guest
    people = likely_mentions(thread, text, others=not is_guest)
    found = [{"handle": row.handle, "name": row.name, "organization": row.organization.name} for row in people]
    return JsonResponse(found, safe=False)
