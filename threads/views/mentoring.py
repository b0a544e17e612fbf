"""Mentors in a subject, asking one, and one's own mentorings."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.errors import Invalid, NotThere, Refused
from community.models import Member
from community.queries.members import members_visible_to
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from reputation.actions.mentoring import (
    answer_learner,
    end_mentoring,
    offer_mentoring,
    say_it_helped,
    take_back_helped,
)
from reputation.models import Mentoring, MentoringHelped
from reputation.policies.mentoring import may_answer, may_end, may_take_back, may_withdraw, mentors_in
from reputation.queries.mentoring import (
    PAGE,
    asks_left,
    can_be_said,
    helped_last,
    mentoring_with,
    mentorings_of,
    offers_mentoring,
)
from reputation.queries.privileges import best_subjects, progress_from
from reputation.queries.skills import skills_of
from reputation.rules.mentoring import MOST_MENTEES
from reputation.rules.points import THRESHOLDS
from reputation.rules.privileges import Privilege
from threads.actions.mentoring import ask_to_be_mentored
from threads.forms.mentoring import AnswerLearnerForm, AskMentorForm
from threads.queries.mentoring import mentors_seen_by
from threads.queries.met import labels_of, met_among
from threads.rendering.privileges import missed
from threads.views.loading import number_in

_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class ShownMentoring:
    """A mentoring for one of its two, with what they may do."""

    row: Mentoring
    label: str
    mine: bool  # the viewer is the mentor
    can: dict[str, bool]
    helped: MentoringHelped | None

    @property
    def other(self) -> Member:
        """Whoever the viewer is not."""
        return self.row.learner if self.mine else self.row.mentor


@require_GET
def mentoring(request: HttpRequest) -> HttpResponse:
    """Whom one asked to mentor, by whom one was asked, and what runs; and what one wants to learn."""
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    member, before = viewer(request), number_in(request, "before")
    found = mentorings_of(member, before=before or None, limit=PAGE + 1)
    rows, further = found[:PAGE], found[PAGE:]
    learning = met_among(member, [row.scope for row in skills_of(member) if row.wants_to_learn])
    labels = labels_of({*learning, *(row.scope for row in rows)})
    last, sayable = helped_last(rows), can_be_said(member, rows)
    shown = [_shown(member, row, labels[row.scope], last.get(row.pk), row.pk in sayable) for row in rows]
    context = {
        "member": member,
        "current": [each for each in shown if each.row.is_open],
        "past": [each for each in shown if not each.row.is_open],
        "learning": [{"label": labels[scope], "url": _mentors_url(scope)} for scope in learning],
        "asks_left": asks_left(member),
        "offers": offers_mentoring(member),
        "most": MOST_MENTEES,
        **_progress(member),
        "page": {
            "next_url": f"?before={rows[-1].pk}" if further else None,
            "previous_url": reverse("mentoring") if before else None,
        },
        "form": AnswerLearnerForm(),
        **more,
    }
    return render(request, "threads/mentoring.html", context, status=status)


def _progress(member: Member) -> dict[str, Any]:
    """In what somebody may mentor; or, in nothing yet, how far they are in the best of it."""
    points = best_subjects(member)
    earned = met_among(member, points)
    held = [scope for scope in earned if points[scope] >= THRESHOLDS[Privilege.MENTOR]]
    if held:
        labels = labels_of(held)
        return {"mentors_in": [labels[scope] for scope in held]}
    return {"missed": missed(progress_from(points, Privilege.MENTOR, earned[:1]))} if earned else {}


def _shown(member: Member, row: Mentoring, label: str, helped: MentoringHelped | None, sayable: bool) -> ShownMentoring:
    can = {
        "answer": may_answer(member, row),
        "withdraw": may_withdraw(member, row),
        "end": may_end(member, row),
        "say_helped": sayable,
        "take_back": helped is not None and may_take_back(member, helped),
    }
    return ShownMentoring(row, label, row.mentor_id == member.pk, can, helped)


def _mentors_url(scope: str) -> str:
    noun, _colon, slug = scope.partition(":")
    return f"{reverse('mentors')}?{noun}={slug}"


@require_GET
def mentors(request: HttpRequest) -> HttpResponse:
    """Who mentors in a subject (`?tag=` or `?product=`)."""
    member, scope = viewer(request), _scope_in(request)
    people = mentors_seen_by(member, scope) if scope else []
    label = labels_of([scope])[scope] if scope else ""
    wants = any(row.scope == scope and row.wants_to_learn for row in skills_of(member))
    noun, _colon, slug = scope.partition(":")
    asking = [{"member": each, "url": f"{reverse('mentor', args=[each.handle])}?{noun}={slug}"} for each in people]
    context = {"people": asking, "label": label, "wants": wants, "asks_left": asks_left(member)}
    return render(request, "threads/mentors.html", context)


def _scope_in(request: HttpRequest) -> str:
    for noun in ("tag", "product"):
        if slug := request.GET.get(noun, "").replace("\0", "").strip().lower()[:60]:
            return f"{noun}:{slug}"
    return ""


@require_http_methods(["GET", "POST"])
def mentor(request: HttpRequest, handle: str) -> HttpResponse:
    """Ask somebody to mentor one in a subject (`?tag=` or `?product=`)."""
    member, scope = viewer(request), _scope_in(request)
    person = get_object_or_404(members_visible_to(member), handle=handle.lower())
    asks = request.method == "POST"
    if not met_among(member, [scope]) or not (asks or (mentors_in(person, scope) and person.pk != member.pk)):
        raise Http404
    form = AskMentorForm(request.POST or None)
    if asks and form.is_valid():
        try:
            made = ask_to_be_mentored(by=member, mentor=person, scope=scope, **form.accepted())
        except NotThere:
            form.add_error(None, _("They do not mentor in this. Ask somebody else; your words are below."))
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("%(name)s is asked. The answer comes to your inbox.") % {"name": person.name})
            return redirect(f"{reverse('mentoring')}#mentoring-{made.pk}")
    wants = any(row.scope == scope and row.wants_to_learn for row in skills_of(member))
    context = {"person": person, "label": labels_of([scope])[scope], "form": form, "wants": wants}
    return render(request, "threads/mentor.html", context, status=422 if form.errors else 200)


@require_POST
def offer(request: HttpRequest) -> HttpResponse:
    """Say that one would mentor (`offers=1`), or that one does not."""
    try:
        offer_mentoring(by=viewer(request), offers=request.POST.get("offers") == "1")
    except Refused as error:
        messages.error(request, words_of(error))
    else:
        messages.success(request, _("It is saved."))
    return redirect("mentoring" if request.POST.get("back") == "mentoring" else "profile-skills")


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline (`act`) to mentor somebody."""
    found, form = _load(request, pk), AnswerLearnerForm(request.POST)
    act = request.POST.get("act", "")
    if act not in ("accept", "decline"):
        raise Http404
    if form.is_valid():
        try:
            answer_learner(by=viewer(request), mentoring=found, accept=act == "accept", **form.accepted())
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            return redirect(f"{reverse('mentoring')}#mentoring-{pk}")
    return _page(request, status=422, form=form, answering=pk)


@require_POST
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """End a mentoring, or take back what one asked."""
    return _do(request, pk, end_mentoring)


@require_POST
def helped(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a mentoring helped; `act=take_back` takes that back."""
    return _do(request, pk, take_back_helped if request.POST.get("act") == "take_back" else say_it_helped)


def _do(request: HttpRequest, pk: int, act: Any) -> HttpResponse:
    found = _load(request, pk)
    try:
        act(by=viewer(request), mentoring=found)
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect(f"{reverse('mentoring')}#mentoring-{pk}")


def _load(request: HttpRequest, pk: int) -> Mentoring:
    found = mentoring_with(viewer(request), pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    return found
