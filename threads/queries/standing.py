"""What things are raises or lowers them among hits (see rules.standing); archived practices come last of all."""

from collections.abc import Callable
from typing import Any

from community.models import Member
from community.queries.prepared import Prepared
from community.rules import clock
from threads.models import Playbook, Practice, Thread
from threads.queries.candidates import Ranked
from threads.rules.standing import LAST, of_practice, of_thread

_UNREACHABLE = 0.5


def in_order(ranked: list[Ranked], *, gently: bool = False) -> list[Ranked]:
    """Best first, with scores as shares of the best one's; what is equally good stays in the order given.

    `gently` where how well it answers is to decide, and what it is only between those that answer alike.
    """
    factors = _factors(ranked)
    last = {subject for subject, factor in factors.items() if factor == LAST}
    power = 0.5 if gently else 1.0
    weighed = [(row, row.score * (factors.get(row.candidate.subject, 1.0) or 1.0) ** power) for row in ranked]
    weighed.sort(key=lambda each: (each[0].candidate.subject in last, -each[1]))
    best = max((score for _row, score in weighed), default=0.0) or 1.0
    return [Ranked(row.candidate, score / best) for row, score in weighed]


def _factors(ranked: list[Ranked]) -> dict[tuple[str, int], float]:
    kinds: dict[str, Callable[[list[int]], dict[int, float]]] = {
        "thread": _of_threads,
        "practice": _of_practices,
        "playbook": _of_playbooks,
        "member": _of_members,
    }
    found: dict[tuple[str, int], float] = {}
    for kind, factors_of in kinds.items():
        ids = [pk for name, pk in (row.candidate.subject for row in ranked) if name == kind]
        found |= {(kind, pk): factor for pk, factor in factors_of(ids).items()} if ids else {}
    return found


_threads: Prepared[Any] = Prepared(
    lambda ids: Thread.objects.filter(pk__in=ids).values_list("pk", "status", "last_activity_at")
)
_practices: Prepared[Any] = Prepared(
    lambda ids: Practice.objects.filter(pk__in=ids).values_list(
        "pk", "confidence", "score", "warned_at", "due_at", "updated_at", "last_worked_at", "reviewed_at"
    )
)
_playbooks: Prepared[Any] = Prepared(lambda ids: Playbook.objects.filter(pk__in=ids).values_list("pk", "updated_at"))
_imported: Prepared[Any] = Prepared(
    lambda ids: Member.objects.filter(pk__in=ids).exclude(source_site="").values_list("pk")
)


def _of_threads(ids: list[int]) -> dict[int, float]:
    now = clock.now()
    return {
        pk: of_thread(resolved=status == Thread.Status.RESOLVED, active_at=active_at, now=now)
        for pk, status, active_at in _threads(ids=ids).things()
    }


def _of_practices(ids: list[int]) -> dict[int, float]:
    now = clock.now()
    return {
        pk: of_practice(
            confidence=confidence,
            score=score,
            warned=warned_at is not None,
            touched_at=max(each for each in touched if each is not None),
            due_at=due_at,
            now=now,
        )
        for pk, confidence, score, warned_at, due_at, *touched in _practices(ids=ids).things()
    }


def _of_playbooks(ids: list[int]) -> dict[int, float]:
    now = clock.now()
    return {pk: of_thread(resolved=False, active_at=at, now=now) for pk, at in _playbooks(ids=ids).things()}


def _of_members(ids: list[int]) -> dict[int, float]:
    return dict.fromkeys((pk for (pk,) in _imported(ids=ids).rows), _UNREACHABLE)
