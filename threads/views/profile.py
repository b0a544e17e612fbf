"""A member's contribution profile: the radar, the months, the subjects, the rows behind each number, who sees it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from community.errors import Invalid
from community.models import Member
from community.queries.members import members_visible_to
from community.rules import clock
from community.views.viewer import viewer
from reputation.actions.profile import choose_shown
from reputation.models.evaluations import Quality
from reputation.policies.profile import LEDGER, PARTS, PEERS, Shown, leaderboard_of, shown_to
from reputation.queries.profile import evidence_of, shown_by
from reputation.rules.evaluations import QUALITIES
from reputation.rules.profile import AXES, LATELY, MOST_MONTHS, Period, period_named
from threads.forms.profile import ShownForm
from threads.queries.contributions import titles_of_subjects
from threads.queries.profile import Figures, Month, Total, figures_of, subjects_named
from threads.rendering.charts import Spoke, bars_of, radar_of
from threads.rendering.profile import (
    AXIS_WORDS,
    WHAT_COUNTS,
    month_name,
    month_words,
    period_words,
    periods_to_choose,
    who_sees,
)
from threads.views.loading import number_in
from threads.views.members import line_of_ledger

_PAGE = 20
_FEWER_MONTHS = 12
_BEST = 5.0


@require_GET
def profile(request: HttpRequest, handle: str) -> HttpResponse:
    """Somebody's profile, as far as they show it to the viewer; what nobody is shown is not there."""
    return _page(request, _shown(request, handle))


@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """One's own, and choosing who sees it."""
    member = viewer(request)
    address = reverse("member-profile", args=[member.handle])
    if request.method != "POST":
        query = request.GET.urlencode()
        return redirect(f"{address}?{query}" if query else address)
    form = ShownForm(request.POST)
    if form.is_valid():
        try:
            choose_shown(by=member, **form.accepted())
        except Invalid as error:
            form.take(error)
        else:
            messages.success(request, _("Saved. Below each part it says who sees it now."))
            return redirect(f"{address}#shown")
    return _page(request, shown_to(member, member), form=form)


@require_GET
def evidence(request: HttpRequest, handle: str) -> HttpResponse:
    """The rows of the ledger behind a number, with titles for who sees the thing."""
    asking, shown = viewer(request), _shown(request, handle)
    axis, period, scope, label = _asked(request)
    if LEDGER not in shown.parts or axis not in ("", *AXES):
        raise Http404
    before = number_in(request, "before") or None
    rows = evidence_of(shown, period, axis=axis, scope=scope, before=before, limit=_PAGE + 1)
    titles = titles_of_subjects(asking, {row.subject for row in rows[:_PAGE]})
    asked = {"axis": axis, "period": period.name, "subject": scope}
    context = {
        "member": shown.member,
        "profile_url": _address("member-profile", shown.member, period=period.name, subject=scope),
        "what": AXIS_WORDS[axis] if axis else _("All kinds"),
        "narrowed": f"{period_words(period.name)}, {label}",
        "total": sum(row.points for row in rows) if len(rows) <= _PAGE and not before else None,
        "rows": [line_of_ledger(row, titles, is_own=asking.pk == shown.member.pk) for row in rows[:_PAGE]],
        "page": {
            "next_url": f"?{urlencode({**asked, 'before': rows[_PAGE - 1].pk})}" if len(rows) > _PAGE else None,
            "previous_url": f"?{urlencode(asked)}" if before else None,
        },
    }
    return render(request, "threads/profile_evidence.html", context)


def _shown(request: HttpRequest, handle: str) -> Shown:
    asking = viewer(request)
    shown = shown_to(asking, get_object_or_404(members_visible_to(asking), handle=handle.lower()))
    if not shown.parts:
        raise Http404
    return shown


def _asked(request: HttpRequest) -> tuple[str, Period, str, str]:
    """Axis, period, subject and what that is called. What is unknown, or not for the viewer to know, is not there."""
    period = period_named(request.GET.get("period") or LATELY, clock.now().date())
    scope = request.GET.get("subject", "")
    names = subjects_named(viewer(request), [scope]) if scope else {"": _("all subjects")}
    if period is None or scope not in names:
        raise Http404
    return request.GET.get("axis", ""), period, scope, names[scope]


def _page(request: HttpRequest, shown: Shown, *, form: ShownForm | None = None) -> HttpResponse:
    asking, member = viewer(request), shown.member
    _axis, period, scope, label = _asked(request)
    months = MOST_MONTHS if request.GET.get("months") == str(MOST_MONTHS) else _FEWER_MONTHS
    figures = figures_of(asking, shown, period, scope=scope, months=months)
    context = {
        "member": member,
        "is_own": asking.pk == member.pk,
        "choice": {"period": period.name, "subject": scope, "label": label, "period_label": period_words(period.name)},
        "periods": periods_to_choose(clock.now().date(), period.name),
        "subject_choices": _subject_choices(figures, scope, label),
        **_radar(shown, figures, period, scope),
        **_over_time(shown, figures, scope, months),
        "subjects": _subjects(shown, figures, period),
        **(_choosing(member, form) if asking.pk == member.pk else {}),
    }
    return render(request, "threads/profile.html", context, status=422 if form is not None and form.errors else 200)


def _subject_choices(figures: Figures, scope: str, label: str) -> list[tuple[str, str]]:
    offered = {"": _("All subjects")} | {row.scope: row.label for row in figures.subjects or ()}
    return list(offered.items() if scope in offered else {**offered, scope: label}.items())


def _radar(shown: Shown, figures: Figures, period: Period, scope: str) -> dict[str, Any]:
    """The chart with the table behind it. The longest axis is the member's own greatest: nobody is compared."""
    totals = figures.axes or {}
    greatest = max((total.points for total in totals.values()), default=0)
    spokes = [
        Spoke(str(AXIS_WORDS[axis]), str(total.points), total.points / greatest if greatest else 0.0)
        for axis, total in totals.items()
    ]
    peers = figures.peers
    if PEERS in shown.parts and totals:
        value = f"{peers.mean} / 5" if peers else "–"
        spokes.append(Spoke(_("How peers rate"), value, peers.mean / _BEST if peers else None))
    return {
        "radar": radar_of(spokes) if spokes else None,
        "axes": [_axis_row(shown, axis, total, period, scope) for axis, total in totals.items()],
        "total": sum(total.points for total in totals.values()),
        "shows_peers": PEERS in shown.parts,
        "peers": peers,
        "qualities": _qualities(peers.qualities) if peers else [],
    }


def _qualities(values: dict[str, float]) -> list[tuple[str, float]]:
    """In the order in which they are asked for everywhere."""
    return [(str(Quality(name).label), values[name]) for name in QUALITIES if name in values]


def _axis_row(shown: Shown, axis: str, total: Total, period: Period, scope: str) -> dict[str, Any]:
    return {
        "label": AXIS_WORDS[axis],
        "what": WHAT_COUNTS[axis],
        "points": total.points,
        "awards": total.awards,
        "url": _evidence(shown, axis=axis, period=period.name, subject=scope) if total.points or total.awards else "",
    }


def _over_time(shown: Shown, figures: Figures, scope: str, months: int) -> dict[str, Any]:
    if figures.months is None:
        return {"shows_sums": False}
    greatest = max(total.points for month in figures.months for total in month.totals.values())
    rows = [_bars(axis, figures.months, greatest) for axis in AXES]
    return {
        "shows_sums": True,
        "bars": rows,
        "first_month": month_words(figures.months[0].month),
        "last_month": month_words(figures.months[-1].month),
        "greatest": greatest,
        "months": [_month_row(shown, month, scope) for month in reversed(figures.months)],
        "month_count": months,
        "axis_labels": [AXIS_WORDS[axis] for axis in AXES],
        "other_months": MOST_MONTHS if months == _FEWER_MONTHS else _FEWER_MONTHS,
    }


def _bars(axis: str, months: list[Month], greatest: int) -> dict[str, Any]:
    values = [month.totals[axis].points for month in months]
    return {"label": AXIS_WORDS[axis], "chart": bars_of(values, greatest=greatest), "sum": sum(values)}


def _month_row(shown: Shown, month: Month, scope: str) -> dict[str, Any]:
    name = month_name(month.month)
    cells = [
        (AXIS_WORDS[axis], month.totals[axis].points, _evidence(shown, axis=axis, period=name, subject=scope))
        for axis in AXES
    ]
    return {"label": month_words(month.month), "cells": cells}


def _subjects(shown: Shown, figures: Figures, period: Period) -> list[dict[str, Any]]:
    return [
        {
            "row": row,
            "url": _address("member-profile", shown.member, period=period.name, subject=row.scope),
            "evidence": _evidence(shown, axis="", period=period.name, subject=row.scope),
        }
        for row in figures.subjects or ()
    ]


def _evidence(shown: Shown, **asked: str) -> str:
    """Where the rows behind a number are; nowhere for whom they are not."""
    return _address("profile-evidence", shown.member, **asked) if LEDGER in shown.parts else ""


def _address(name: str, member: Member, **asked: str) -> str:
    return f"{reverse(name, args=[member.handle])}?{urlencode({key: value for key, value in asked.items() if value})}"


def _choosing(member: Member, form: ShownForm | None) -> dict[str, Any]:
    choice = shown_by(member)
    circles = {part: str(getattr(choice, part)) for part in PARTS}
    initial = {**circles, "off_leaderboards": choice.off_leaderboards}
    form = form or ShownForm(initial=initial)
    board = leaderboard_of(member)
    return {
        "form": form,
        "parts": [(form[part], who_sees(member, circle)) for part, circle in circles.items()],
        "leaves_out": form["off_leaderboards"],
        "leaderboard": board,
        "is_left_out": choice.off_leaderboards,
    }
