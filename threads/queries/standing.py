"""What things are raises or lowers them among hits: solved and validated a bit up, archived practices last of all.

A practice that organizations tried goes up or down with its score; what somebody warns of comes after what nobody has
tried.
"""

from collections.abc import Callable
from typing import Any

from community.models import Member
from community.queries.prepared import Prepared
from threads.models import Practice, Thread
from threads.queries.candidates import Ranked

_SOLVED = 1.15
_VALIDATED, _UNFINISHED, _WARNED = 1.3, 0.9, 0.6
_NOT_VALIDATED, _BY_SCORE = 0.9, 0.4
_UNREACHABLE = 0.5
_LAST = 0.0


def in_order(ranked: list[Ranked]) -> list[Ranked]:
    """Best first; what is equally good stays in the order given."""
    factors = _factors(ranked)
    weighed = [Ranked(row.candidate, row.score * (factors.get(row.candidate.subject, 1.0) or 1.0)) for row in ranked]
    last = {subject for subject, factor in factors.items() if factor == _LAST}
    return sorted(weighed, key=lambda row: (row.candidate.subject in last, -row.score))


def _factors(ranked: list[Ranked]) -> dict[tuple[str, int], float]:
    kinds: dict[str, Callable[[list[int]], dict[int, float]]] = {
        "thread": _of_threads,
        "practice": _of_practices,
        "member": _of_members,
    }
    found: dict[tuple[str, int], float] = {}
    for kind, factors_of in kinds.items():
        ids = [pk for name, pk in (row.candidate.subject for row in ranked) if name == kind]
        found |= {(kind, pk): factor for pk, factor in factors_of(ids).items()} if ids else {}
    return found


_solved: Prepared[Any] = Prepared(
    lambda ids: Thread.objects.filter(pk__in=ids, status=Thread.Status.RESOLVED).values_list("pk")
)
_confidences: Prepared[Any] = Prepared(
    lambda ids: Practice.objects.filter(pk__in=ids).values_list("pk", "confidence", "score", "warned_at")
)
_imported: Prepared[Any] = Prepared(
    lambda ids: Member.objects.filter(pk__in=ids).exclude(source_site="").values_list("pk")
)


def _of_threads(ids: list[int]) -> dict[int, float]:
    return dict.fromkeys((pk for (pk,) in _solved(ids=ids).rows), _SOLVED)


def _of_practices(ids: list[int]) -> dict[int, float]:
    return {
        pk: _trust(Practice.Confidence(state), score, warned=warned is not None)
        for pk, state, score, warned in _confidences(ids=ids).rows
    }


def _trust(state: Practice.Confidence, score: int, *, warned: bool) -> float:
    if state == Practice.Confidence.ARCHIVED:
        return _LAST
    if warned:
        return _WARNED
    if state == Practice.Confidence.VALIDATED:
        return _VALIDATED
    if state == Practice.Confidence.WORK_IN_PROGRESS:
        return _UNFINISHED
    return _NOT_VALIDATED + _BY_SCORE * score / 100


def _of_members(ids: list[int]) -> dict[int, float]:
    return dict.fromkeys((pk for (pk,) in _imported(ids=ids).rows), _UNREACHABLE)
