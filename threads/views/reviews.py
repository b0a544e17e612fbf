"""The page of a review: what changed, what is said of it, and deciding it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.claims import is_claimed
from threads.actions.deciding import decide_review
from threads.actions.reviews import comment_on_review, settle_comment
from threads.forms.curation import CommentForm, DecisionForm
from threads.models import Practice, Review, ReviewComment, Verdict
from threads.policies.desk import may_comment, outcomes_for
from threads.policies.governance import Governing
from threads.policies.practices import may_curate, may_decide_review
from threads.policies.rights import Rights
from threads.queries.archive import canonical_of, merged_into
from threads.queries.deflections import deflected_by
from threads.queries.reviews import (
    Placed,
    comment_visible_to,
    fields_under_review,
    open_review_of,
    placed,
    review_visible_to,
    reviews_of,
    texts_at,
)
from threads.queries.verdicts import standing_against
from threads.rendering.diffs import DiffLine, diff
from threads.views.loading import number_in
from threads.views.thread_page import field_labels

_LARGEST = 2**63 - 1


@dataclass(frozen=True)
class ReviewedLine:
    """A line of what is under review, and what is said of it."""

    line: DiffLine
    comments: list[ReviewComment]
    url: str


@dataclass(frozen=True)
class ReviewedField:
    """One text under review, its lines, and what is said of all of it."""

    name: str
    label: str
    lines: list[ReviewedLine]
    comments: list[ReviewComment]


@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """A review: the text as it is beside the one that was looked at last."""
    found = _load(request, pk)
    return _page(request, found)


def _load(request: HttpRequest, pk: int) -> Review:
    found = review_visible_to(viewer(request), pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest,
    found: Review,
    *,
    decision: DecisionForm | None = None,
    comment: CommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    member, practice = viewer(request), found.practice
    against = standing_against(member, practice)
    now = texts_at(practice, practice.version)
    base = _base(found)
    where = placed(found, now)
    is_open = found.state != Review.State.CLOSED
    decides = is_open and may_decide_review(member, _as_it_is(found))
    chosen = comment or _comment_form(request, now)
    context = {
        "review": found,
        "practice": practice,
        "fields": list(_fields(now, texts_at(practice, base) if base else {}, where)),
        "base": base,
        "placed": where,
        "against": against,
        "is_open": is_open,
        "claimed": is_claimed(practice),
        "curates": may_curate(member, practice),
        "decides": decides,
        "decision": decision or (_decision_form(member, found, against) if decides else None),
        "comment": chosen if may_comment(member, found) else None,
        "anchor": _anchor(chosen),
        "labels": _labels(),
    }
    return render(request, "threads/review.html", context, status=status)


def _base(found: Review) -> int:
    """Which version the present one is compared with: what was challenged, else what was looked at last; 0 is none."""
    practice = found.practice
    if found.kind == Review.Kind.CHALLENGED:
        return found.version if found.version < practice.version else 0
    return found.base_version if found.base_version < practice.version else 0


def _as_it_is(found: Review) -> Review:
    """The review as it would be decided now, of the newest version; a revised one is told apart by the action."""
    if found.kind != Review.Kind.CHALLENGED:
        found.version = found.practice.version
    return found


def _decision_form(member: Member, found: Review, against: list[Verdict], data: Any = None) -> DecisionForm:
    outcomes = outcomes_for(member, found)
    return DecisionForm(data, outcomes=outcomes, against=against, initial={"version": found.practice.version})


def _labels() -> dict[str, str]:
    return {"title": _("Title"), **field_labels()}


def _fields(now: dict[str, str], before: dict[str, str], where: Placed) -> Iterator[ReviewedField]:
    labels = _labels()
    for name in fields_under_review():
        text = now.get(name, "")
        said = where.at_field.get(name, [])
        lines = _changes(before.get(name, ""), text) if before else _whole(text)
        if lines or said:
            shown = [
                ReviewedLine(line, where.at_line.get((name, line.number or 0), []), f"?field={name}&line={line.number}")
                for line in lines
            ]
            yield ReviewedField(name, labels[name], shown, said)


def _changes(old: str, new: str) -> list[DiffLine]:
    return diff(old, new) if old != new else []


def _whole(text: str) -> list[DiffLine]:
    return [DiffLine("same", format_html("{}", line), number) for number, line in enumerate(text.splitlines(), 1)]


def _comment_form(request: HttpRequest, now: dict[str, str]) -> CommentForm:
    name, line = request.GET.get("field", ""), number_in(request, "line")
    lines = now.get(name, "").splitlines()
    if name not in fields_under_review():
        return CommentForm()
    if not 0 < line <= len(lines):
        return CommentForm(initial={"field": name})
    return CommentForm(initial={"field": name, "line": line, "quote": lines[line - 1].strip()[:400]})


def _anchor(form: CommentForm) -> dict[str, Any]:
    """What the comment that is being written is about."""
    values = {name: form[name].value() for name in ("field", "line", "quote")}
    return {"label": _labels().get(str(values["field"] or ""), ""), "quote": values["quote"] or ""}


@require_POST
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something of the review."""
    found = _load(request, pk)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            said = comment_on_review(by=viewer(request), review=found, **form.accepted())
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            return redirect(f"{found.get_absolute_url()}#comment-{said.pk}")
    return _page(request, found, comment=form, status=422)


@require_POST
def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that what a comment asks is done, or (`done=0`) that it is not."""
    comment = comment_visible_to(viewer(request), pk) if pk <= _LARGEST else None
    if comment is None:
        raise Http404
    try:
        settle_comment(by=viewer(request), comment=comment, done=request.POST.get("done") != "0")
    except Refused as error:
        messages.error(request, words_of(error))
    return redirect(f"{comment.review.get_absolute_url()}#comment-{comment.pk}")


@require_POST
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide the review."""
    found = _load(request, pk)
    member = viewer(request)
    form = _decision_form(member, found, standing_against(member, found.practice), request.POST)
    if form.is_valid():
        try:
            decided = decide_review(by=member, review=found, **form.accepted())
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _SAID[decided.outcome or decided.state]())
            return redirect(found.practice)
    return _page(request, _load(request, pk), decision=form, status=422)


_SAID = {
    "approved": lambda: _("Approved. Thank you for looking at it."),
    "changes_asked": lambda: _("Those who wrote it are asked for changes."),
    "retired": lambda: _("The practice is retired."),
    "revised": lambda: _("Those who spoke against it are told that it was revised."),
    "kept": lambda: _("Those who spoke against it are told why it stays."),
    "rejected": lambda: _("Those who spoke against it are told why it stays."),
}


def led_on(request: HttpRequest, practice: Practice) -> Practice | None:
    """Where the page of a merged practice leads, when its viewer may see that, and did not ask for it (`?here=1`)."""
    if practice.merged_into_id is None or request.GET.get("here"):
        return None
    found = canonical_of(viewer(request), practice)
    if found is not None:
        messages.info(
            request, _("You came from “%(title)s”, which was merged into this one.") % {"title": practice.title}
        )
    return found


def desk_context(
    member: Member, practice: Practice, rights: Rights | None = None, governing: Governing | None = None
) -> dict[str, Any]:
    """What the page of a practice shows curators, and its authors of a review: threads/parts/practice_desk.html."""
    curates = may_curate(member, practice, rights, governing)
    opened = open_review_of(practice) if curates or member.pk in (practice.recorded_by_id, practice.owner_id) else None
    return {
        "merged_to": canonical_of(member, practice) if practice.merged_into_id else None,
        "merged_from": merged_into(member, practice),
        "desk": {
            "curates": curates,
            "review": opened,
            "claimed": is_claimed(practice),
            "mine": practice.claimed_by_id == member.pk,
            "owns": practice.owner_id == member.pk,
            "reviews": reviews_of(practice) if curates else [],
            "deflected": deflected_by(member, practice) if curates else None,
        },
    }
