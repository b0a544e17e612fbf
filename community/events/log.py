"""The event log: how an action tells what happened (DESIGN rules 1 and 2).

`emit` only collects. When the outermost action ends, the streams concerned are locked in one fixed order, thread
streams first, then member streams, each by id; every event gets the next number of its stream, and all is committed
together with what the action wrote. After the commit, listeners in this process are told which streams grew.

What locks rows that all share is put off in the same way (`at_end`): it is done once, just before the numbers.
"""

import functools
import logging
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.db import transaction

from community.events.streams import StreamKey, raise_numbers, streams_named
from community.facts.kinds import Kind
from community.models import Event, Member
from community.rules import clock
from community.rules.rows import insert_values

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
Listener = Callable[[dict[str, int], frozenset[str]], None]

log = logging.getLogger(__name__)

_WRITTEN = ("stream", "seq", "kind", "at", "actor", "data", "html")


class Told(NamedTuple):
    """An event that waits for its number."""

    stream: StreamKey
    kind: Kind
    actor_id: int | None
    data: dict[str, Any]
    html: str
    at: datetime


@dataclass
class Collected:
    """What one outermost action has told and put off so far; `changed` names unnumbered streams (`space:<slug>`)."""

    events: list[Told] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    put_off: dict[Callable[[list[Any]], None], list[Any]] = field(default_factory=dict)


_collected: ContextVar[Collected | None] = ContextVar("collected", default=None)
_listeners: list[Listener] = []
_counters: list[Callable[[int], None]] = []


def on_commit(listener: Listener) -> None:
    """Have `listener({stream name: newest number}, {changed names})` called in this process after each commit."""
    _listeners.append(listener)


def on_append(counter: Callable[[int], None]) -> None:
    """Have `counter(events)` called in this process after each commit."""
    _counters.append(counter)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function an action: one transaction, its events numbered at the end of the outermost one."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        outer = _collected.get()
        if outer is not None:
            return _run_within(outer, lambda: function(*args, **kwargs))
        collected = Collected()
        token = _collected.set(collected)
        try:
            with transaction.atomic():
                result = function(*args, **kwargs)
                for work, pieces in collected.put_off.items():
                    work(pieces)
                _number(collected)
            return result
        finally:
            _collected.reset(token)

    return run


def _run_within(outer: Collected, function: Callable[[], R]) -> R:
    """Run an action inside another; when it fails, what it told and put off is forgotten with what it wrote."""
    told, changed = len(outer.events), set(outer.changed)
    put_off = {work: list(pieces) for work, pieces in outer.put_off.items()}
    try:
        with transaction.atomic():
            return function()
    except BaseException:
        del outer.events[told:]
        outer.changed, outer.put_off = changed, put_off
        raise


def emit(
    stream: StreamKey, kind: Kind, *, actor: Member | None, data: dict[str, Any] | None = None, html: str = ""
) -> None:
    """Tell a stream what happened.

    Raises RuntimeError outside an action, ValueError when a declared field is missing.
    """
    collected = _collected.get()
    if collected is None:
        raise RuntimeError("emit() outside an action")
    data = data or {}
    missing = [name for name in kind.fields if name not in data]
    if missing:
        raise ValueError(f"{kind.name} lacks {sorted(missing)}")
    told = Told(stream, kind, actor.pk if actor else None, data, html, clock.now())
    collected.events.append(told)


def emit_change(name: str) -> None:
    """Tell the listeners of an unnumbered stream (`space:<slug>`) only that something changed there."""
    collected = _collected.get()
    if collected is None:
        raise RuntimeError("emit_change() outside an action")
    collected.changed.add(name)


def at_end(work: Callable[[list[T]], None], pieces: list[T]) -> None:
    """Have `work` done once, at the end of the outermost action, with all pieces that it was given by then, in order.

    For what locks rows that everybody shares, in an order of its own: such locks are held briefly, and one order for a
    whole action lets nobody deadlock. `work` itself puts nothing off. Outside an action it is done at once.
    """
    collected = _collected.get()
    if collected is None:
        work(pieces)
    else:
        collected.put_off.setdefault(work, []).extend(pieces)


def withdraw_html(stream: StreamKey, *, html: str, **about: int) -> None:
    """Have a stream's earlier events about something (by fields of their data) show `html` from now on.

    For what was taken out of sight: whoever replays the log must not read it there. Numbers and data stay.
    """
    of_it = {f"data__{name}": value for name, value in about.items()}
    Event.objects.filter(stream__in=streams_named([stream]), **of_it).exclude(html="").update(html=html)


def _number(collected: Collected) -> None:
    if not (collected.events or collected.changed):
        return
    counts = Counter(told.stream for told in collected.events)
    raised = raise_numbers(counts)
    last = {key: raised[key].seq - count for key, count in counts.items()}
    rows = []
    for told in collected.events:
        last[told.stream] += 1
        stream = raised[told.stream].pk
        rows.append((stream, last[told.stream], told.kind.name, told.at, told.actor_id, told.data, told.html))
    insert_values(Event, _WRITTEN, rows)
    grown = {str(key): seq for key, seq in last.items()}
    transaction.on_commit(functools.partial(_tell, grown, frozenset(collected.changed), len(rows)))


def _tell(grown: dict[str, int], changed: frozenset[str], appended: int) -> None:
    for count in _counters:
        count(appended)
    for listener in _listeners:
        try:
            listener(grown, changed)
        except RuntimeError:
            log.exception("a listener could not be told of %s", ", ".join(sorted(grown)))
