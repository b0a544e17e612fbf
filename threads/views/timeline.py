"""The timeline of a thread as a page: everything that happened in it, with the time that it took."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from community.models import Member
from community.views.viewer import viewer
from threads.models import Thread, TimelineEntry
from threads.queries.timeline import KINDS, Elapsed, Recorded, Step, Wrote, elapsed_of, timeline_of, written_in
from threads.rendering.event_texts import text_of_entry
from threads.rendering.timeline import line_of
from threads.views.loading import load_thread, number_in

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_YEAR = 365  # days


@dataclass(frozen=True)
class Shown:
    """A step as a line: an anchor when it is an entry, what somebody wrote in it, and how long after the one before."""

    icon: str
    sentence: SafeString
    at: datetime
    good: bool = False
    anchor: str = ""
    text: str = ""
    later: str = ""


@dataclass
class Day:
    """The lines of one day."""

    day: date
    lines: list[Shown]


@require_GET
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """A stretch of it: `?from=` an entry, `?after=` one; `?show=` people, requests or calls alone."""
    member, thread = viewer(request), load_thread(request, pk)
    shown = request.GET.get("show", "")
    shown = shown if shown in KINDS else ""
    begin, after = number_in(request, "from"), number_in(request, "after")
    page = timeline_of(member, thread, begin=begin, after=after, shown=shown)
    address = reverse("thread-timeline", args=[thread.pk])
    context: dict[str, Any] = {
        "thread": thread,
        "space": thread.space,
        "days": list(_days(thread, page.steps, written_in(page.steps))),
        "elapsed": [_elapsed_words(each) for each in elapsed_of(member, thread)],
        "shown": shown,
        "kinds": _kinds(),
        "next_url": f"{address}?after={page.next}{f'&show={shown}' if shown else ''}" if page.next else "",
        "is_part": bool(begin or after),
    }
    return render(request, "threads/timeline.html", context)


def _kinds() -> list[tuple[str, str]]:
    return [("", _("Everything")), ("people", _("People")), ("requests", _("Requests")), ("calls", _("Calls"))]


def _days(thread: Thread, steps: list[Step], written: Mapping[int, str]) -> Iterator[Day]:
    day: Day | None = None
    before: datetime | None = None
    for step in steps:
        line = _line(thread, step, before, written)
        before = step.at
        if day is None or day.day != step.at.date():
            if day is not None:
                yield day
            day = Day(step.at.date(), [])
        day.lines.append(line)
    if day is not None:
        yield day


def _line(thread: Thread, step: Step, before: datetime | None, written: Mapping[int, str]) -> Shown:
    apart = before is not None and step.at - before >= timedelta(seconds=1)
    later = _("%(time)s later") % {"time": duration(step.at - before)} if before and apart else ""
    if isinstance(step, Wrote):
        return Shown("reply", _wrote_words(thread, step), step.at, later=later)
    if isinstance(step, Recorded):
        words = format_html('{} <a href="{}">{}</a>', _person(step.by), _history(thread), _("wrote in the record"))
        return Shown("edit", words, step.at, later=later)
    html = mark_safe(written.get(step.pk, ""))  # noqa: S308  (sanitized when written)
    line, text = line_of(step, briefly=bool(html)), text_of_entry(step.kind, step.data)
    return Shown(line.icon, line.sentence, line.at, line.good, _anchor(step), html or text, later)


def _anchor(entry: TimelineEntry) -> str:
    return f"event-{entry.pk}"


def _wrote_words(thread: Thread, step: Wrote) -> SafeString:
    address = reverse("thread", args=[thread.pk])
    first = format_html('<a href="{}?from={}#post-{}">#{}</a>', address, step.first, step.first, step.first)
    if step.first == step.last:
        words = _("posted the problem,") if step.first == 1 else _("wrote")
        return format_html("{} {} {}", _person(step.by), words, first)
    last = format_html('<a href="{}?from={}#post-{}">#{}</a>', address, step.last, step.last, step.last)
    return format_html("{} {} {} {} {}", _person(step.by), _("wrote"), first, _("to"), last)


def _history(thread: Thread) -> str:
    return reverse("thread-record-history", args=[thread.pk])


def _person(who: Member | None) -> SafeString:
    if who is None:
        return format_html("{}", _("Somebody"))
    return format_html('<a href="{}">{}</a>', who.get_absolute_url(), who.name)


def _elapsed_words(each: Elapsed) -> str:
    if each.took is None:
        return ngettext("handed over %(n)d time", "handed over %(n)d times", each.times) % {"n": each.times}
    words = {
        "reply": _("first reply after %(time)s"),
        "owner": _("owner after %(time)s"),
        "helper": _("first helper after %(time)s"),
        "asked": _("help asked for after %(time)s"),
        "accepted": _("help accepted after %(time)s"),
        "resolved": _("resolved after %(time)s"),
    }
    return words[each.name] % {"time": duration(each.took)}


def duration(took: timedelta) -> str:
    """How long, in the two largest units."""
    seconds = max(0, int(took.total_seconds()))
    if seconds < _MINUTE:
        return _("%(n)d s") % {"n": seconds}
    if seconds < _HOUR:
        return _("%(n)d min") % {"n": seconds // _MINUTE}
    if seconds < _DAY:
        hours, rest = divmod(seconds, _HOUR)
        minutes = rest // _MINUTE
        return _("%(n)d h %(m)d min") % {"n": hours, "m": minutes} if minutes else _("%(n)d h") % {"n": hours}
    days, rest = divmod(seconds, _DAY)
    if days >= _YEAR:
        return _("%(n)d y %(d)d d") % {"n": days // _YEAR, "d": days % _YEAR}
    return _("%(n)d d %(h)d h") % {"n": days, "h": rest // _HOUR}
