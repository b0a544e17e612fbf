"""Patterns in giving: the list, one of them with its evidence for who looked, deciding, and who looked at what."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.errors import Invalid, Refused
from community.models import Member
from community.rendering.refusals import words_of
from community.views.viewer import viewer
from reputation.actions.flagging import look_at
from reputation.models import Flag
from reputation.policies.patterns import may_audit, may_review_patterns
from reputation.queries.flags import (
    A_PAGE,
    decisions_about,
    flag_visible_to,
    flags_listed,
    has_looked,
    looks_at,
    looks_audited_by,
)
from reputation.rules.patterns import MOST_NAMED
from threads.actions.patterns import decide_about_pattern
from threads.forms.patterns import PatternDecisionForm
from threads.queries.pattern_evidence import Evidence, evidence_of
from threads.views.loading import number_in

_LARGEST = 2**63 - 1
_BAR, _HEIGHT = 10, 60


@require_GET
def patterns(request: HttpRequest) -> HttpResponse:
    """Those that wait for a decision, or those of another state, the newest first."""
    asking = viewer(request)
    if not may_review_patterns(asking):
        raise Http404
    states = Flag.State
    wanted = request.GET.get("state", "")
    state = wanted if wanted in states.values else states.OPEN
    before = number_in(request, "before")
    found = flags_listed(asking, state=state, before=before, limit=A_PAGE + 1)
    context = {
        "flags": found[:A_PAGE],
        "state": state,
        "states": [(each.value, each.label) for each in states],
        "audits": may_audit(asking),
        "page": _page(found, before, f"?state={state}"),
    }
    return render(request, "threads/patterns.html", context)


@require_http_methods(["GET", "POST"])
def pattern(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them; with its evidence for who looked within this hour, who may decide then."""
    asking, flag = viewer(request), _load(request, pk)
    looked = has_looked(asking, flag)
    form = PatternDecisionForm(request.POST or None, initial={"version": flag.version})
    if request.method == "POST" and form.is_valid() and _decided(asking, flag, form):
        messages.success(request, _("Decided. What it names follows within minutes."))
        return redirect("pattern", flag.pk)
    evidence = evidence_of(asking, flag) if looked else None
    context = {
        "flag": flag,
        "people": len(flag.numbers.get("members", {})),
        "evidence": evidence,
        "chart": _chart(evidence) if evidence else None,
        "unnamed": flag.gifts - len(evidence.awards) if evidence else 0,
        "most_named": MOST_NAMED,
        "form": form if looked else None,
        "looks": looks_at(flag),
        "decisions": decisions_about(flag),
    }
    return render(request, "threads/pattern.html", context, status=422 if form.errors else 200)


@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the evidence; that is kept."""
    flag = _load(request, pk)
    look_at(by=viewer(request), flag=flag)
    return redirect("pattern", flag.pk)


@require_GET
def looks(request: HttpRequest) -> HttpResponse:
    """Who looked at what, for network administrators."""
    asking = viewer(request)
    if not may_audit(asking):
        raise Http404
    before = number_in(request, "before")
    found = looks_audited_by(asking, before=before, limit=A_PAGE + 1)
    return render(request, "threads/pattern_looks.html", {"looks": found[:A_PAGE], "page": _page(found, before, "?")})


def _load(request: HttpRequest, pk: int) -> Flag:
    found = flag_visible_to(viewer(request), pk) if pk <= _LARGEST else None
    if found is None:
        raise Http404
    return found


def _decided(asking: Member, flag: Flag, form: PatternDecisionForm) -> bool:
    try:
        decide_about_pattern(by=asking, flag=flag, **form.accepted())
    except Invalid as error:
        form.take(error)
    except Refused as error:
        form.add_error(None, words_of(error))
    return form.is_valid()


def _page(found: list[Any], before: int, query: str) -> dict[str, str | None]:
    following = f"{query}&before={found[A_PAGE - 1].pk}".replace("?&", "?") if len(found) > A_PAGE else None
    return {"next_url": following, "previous_url": query if before else None}


def _chart(evidence: Evidence) -> dict[str, Any]:
    """Bars by day, for an SVG: where each stands and how high it is."""
    most = max((count for _day, count in evidence.days), default=0) or 1
    bars = [
        {"x": place * _BAR, "y": _HEIGHT - height, "height": height, "count": count, "day": day}
        for place, (day, count) in enumerate(evidence.days)
        if (height := round(_HEIGHT * count / most))
    ]
    first, last = evidence.days[0][0], evidence.days[-1][0]
    return {"bars": bars, "width": _BAR * len(evidence.days), "height": _HEIGHT, "first": first, "last": last}
