"""Drawing samples, scoring them, and what the scores add up to."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from community.errors import Invalid, Refused
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from threads.actions.sampling import draw_sample, score_sample
from threads.forms.curation import DrawForm, ScoreForm
from threads.models import RECORD_FIELDS, Sample
from threads.policies.desk import has_desk, may_score
from threads.queries.curated import spaces_curated_by
from threads.queries.resolutions import record_of
from threads.queries.sampling import (
    Results,
    results_of,
    rounds_listed_for,
    rounds_visible_to,
    sample_visible_to,
    samples_of,
)
from threads.rendering.sampling import ANSWERS, QUESTIONS
from threads.rules.content_standard import checklist
from threads.rules.sampling import NO, YES, criteria

_LARGEST = 2**63 - 1


@require_http_methods(["GET", "POST"])
def samples(request: HttpRequest) -> HttpResponse:
    """The draws so far, a new one, and what the scores add up to."""
    member = viewer(request)
    if not has_desk(member):
        raise PermissionDenied
    form = DrawForm(request.POST or None, spaces=spaces_curated_by(member))
    if request.method == "POST" and form.is_valid():
        try:
            made = draw_sample(by=member, **form.accepted())
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            return redirect("sampling-round", pk=made.pk)
    context = {
        "form": form,
        "rounds": rounds_listed_for(member),
        "results": [_table(each) for each in results_of(member)],
    }
    return render(request, "threads/desk_samples.html", context, status=422 if form.errors else 200)


def _table(results: Results) -> dict[str, Any]:
    rows = [
        {"label": QUESTIONS[row.criterion], "cells": [_share(row.by_month.get(month)) for month in results.months]}
        for row in results.rows
    ]
    return {"space": results.space, "months": results.months, "rows": rows}


def _share(counted: tuple[int, int] | None) -> str:
    return f"{counted[0]} / {counted[1]}" if counted else "–"


@require_GET
def sampling_round(request: HttpRequest, pk: int) -> HttpResponse:
    """What was drawn, and how it was scored."""
    member = viewer(request)
    found = rounds_visible_to(member).select_related("space", "by").filter(pk=pk).first() if pk <= _LARGEST else None
    if found is None:
        raise Http404
    rows = samples_of(member, found)
    scored = sum(row.scored_at is not None for row in rows)
    context = {"round": found, "rows": rows, "scored": scored}
    return render(request, "threads/desk_sampling_round.html", context)


@require_http_methods(["GET", "POST"])
def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """Something drawn: scoring it, or how it was scored."""
    member = viewer(request)
    found = sample_visible_to(member, pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    scores = found.scored_at is None and may_score(member, found)
    form = None
    if scores or request.method == "POST":
        asked = criteria(of_thread=found.thread is not None)
        form = ScoreForm(request.POST or None, asked=asked, likely=_likely(found))
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            score_sample(by=member, sample=found, **form.accepted())
        except Invalid as error:
            form.take(error)
        except Refused as error:
            form.add_error(None, words_of(error))
        else:
            messages.success(request, _("Scored. Who wrote it is told."))
            return redirect("sampling-round", pk=found.round_id)
    context = {
        "sample": found,
        "thing": found.practice or found.thread,
        "form": form,
        "scores": [(QUESTIONS[name], ANSWERS[said]) for name, said in found.scores.items()],
        "curates": has_desk(member),
        "texts": [text for text in _texts(found).values() if text],
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "threads/desk_sample.html", context, status=status)


def _texts(found: Sample) -> dict[str, str]:
    if found.practice is not None:
        return found.practice.fields
    record = record_of(found.thread) if found.thread is not None else None
    return {name: getattr(record, name) for name in RECORD_FIELDS} if record is not None else {}


def _likely(found: Sample) -> dict[str, str]:
    """What the content standard itself can tell, to begin with."""
    thing = found.practice or found.thread
    if thing is None:
        return {}
    points = checklist(thing.title, _texts(found), asked=thing.title, product=thing.product_id is not None)
    said = {point.name: YES if point.met else NO for point in points if point.met is not None}
    if found.thread is not None:
        said["recorded"] = YES if hasattr(found.thread, "practice") else NO
    return said
