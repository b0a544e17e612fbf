"""Rows of lists, each drawn once for everybody who sees it as it is."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from django.template.loader import render_to_string
from django.utils.translation import get_language

from community.rules.memo import Memo
from threads.models import Practice, Thread
from threads.queries.carried import Row

T = TypeVar("T", Thread, Practice)
_MOST_KEPT = 16 * 1024 * 1024

_drawn: Memo[str] = Memo(most=_MOST_KEPT, size=len)


def drawn_threads(
    rows: Iterable[Row[Thread]],
    crowds: Mapping[int, int] = MappingProxyType({}),
    *,
    template: str = "parts/thread_row.html",
    show_space: bool = False,
) -> str:
    """Rows of threads as HTML; `crowds` says how many are in which."""
    return "".join(_thread(row, template, {"there": crowds.get(row.pk, 0), "show_space": show_space}) for row in rows)


def _thread(row: Row[Thread], template: str, more: Mapping[str, int]) -> str:
    return drawn(row, template, lambda thread: {"thread": thread, **more}, tuple(more.values()))


def drawn(row: Row[T], template: str, context: Callable[[T], Mapping[str, Any]], more: Hashable = None) -> str:
    """One row by its template. `context` says nothing that is neither of the row nor in `more`."""
    return drawn_once(template, (row.facts, more), lambda: context(row.thing()))


def drawn_once(template: str, facts: Hashable, context: Callable[[], Mapping[str, Any]]) -> str:
    """The template as HTML. `context` says nothing that is not in `facts`."""
    return _drawn.get((template, facts, get_language()), lambda: render_to_string(template, dict(context())))
