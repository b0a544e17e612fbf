"""What others say of one's part, answering their notes, and what one said of theirs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from reputation.actions.evaluations import withdraw_evaluation
from reputation.models import Evaluation, Tally
from reputation.models.evaluations import Kind, Quality
from reputation.queries.evaluations import (
    Line,
    coach_of,
    given_by,
    given_with,
    lines_of,
    note_to,
    notes_to,
    was_looked_at,
)
from reputation.rules.evaluations import LEAST_RATERS, STEP
from threads.actions.note_reviews import answer_note
from threads.forms.evaluating import AnswerForm
from threads.forms.skills import topic_of
from threads.queries.beside import titled
from threads.queries.catalog import all_products
from threads.views.loading import number_in

_PAGE = 20
_LARGEST = 2**63 - 1


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The numbers about oneself, the notes to oneself, and what one said of others."""
    member = viewer(request)
    given = given_by(member, before=number_in(request, "before") or None, limit=_PAGE + 1)
    context = {
        **tables(lines_of(member, member)),
        "notes": notes_to(member),
        "coach": coach_of(member),
        "given": _given(member, given[:_PAGE]),
        "next_before": given[_PAGE - 1].pk if len(given) > _PAGE else None,
    }
    return render(request, "threads/evaluations.html", context)


def tables(lines: list[Line]) -> dict[str, Any]:
    """The numbers as tables: peers and requesters apart, a row for each subject, a column for each quality."""
    products = dict(all_products().values_list("slug", "name")) if lines else {}
    rows = {kind: [_row(line, products) for line in lines if line.kind == kind] for kind in Kind}
    return {
        "tables": [{"kind": kind.value, "label": kind.label, "rows": rows[kind]} for kind in Kind if rows[kind]],
        "qualities": [quality.label for quality in Quality],
        "least_raters": LEAST_RATERS,
        "step": STEP,
    }


def _row(line: Line, products: dict[str, str]) -> dict[str, Any]:
    cells = [line.numbers.get(quality.value) for quality in Quality]
    label = topic_of(line.scope, products) if line.scope else str(Tally.Window(line.window).label)
    newest = max(number.at for number in line.numbers.values())
    return {"label": label, "cells": zip([quality.label for quality in Quality], cells, strict=True), "at": newest}


def _given(member: Member, rows: list[Evaluation]) -> list[dict[str, Any]]:
    titles = titled(member, {row.thread_id for row in rows})
    return [
        {
            "row": row,
            "answer": getattr(row, "answer", None),
            "looked": was_looked_at(row),
            "thread": titles.get(row.thread_id),
            "change_url": _change_url(row) if row.thread_id in titles else "",
        }
        for row in rows
    ]


def _change_url(row: Evaluation) -> str:
    what = f"post={row.post_id}" if row.post_id else f"member={row.rated.handle}"
    return f"{reverse('thread-evaluate', args=[row.thread_id])}?{what}"


@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, key: UUID) -> HttpResponse:
    """A note to oneself, and answering it."""
    member = viewer(request)
    found = note_to(member, key)
    if found is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _answered(member, found, form):
        messages.success(request, _("Your answer is on its way to whoever wrote it."))
        return redirect("evaluations")
    context = {"text": found.note, "answer": getattr(found, "answer", None), "form": form}
    return render(request, "threads/evaluation_note.html", context, status=422 if form.errors else 200)


def _answered(member: Member, found: Evaluation, form: AnswerForm) -> bool:
    try:
        answer_note(by=member, evaluation=found, **form.accepted())
    except Invalid as error:
        form.take(error)
    except Refused as error:
        form.add_error(None, words_of(error))
    return form.is_valid()


@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one said of somebody."""
    member = viewer(request)
    found = given_with(member, pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    withdraw_evaluation(by=member, evaluation=found)
    messages.success(request, _("What you said is taken back. Numbers change when the next are made."))
    return redirect("evaluations")
