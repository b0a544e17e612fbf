"""Whoever sees little: what that is, so that it need not be looked for among all that they do not see."""

from collections.abc import Mapping, Sequence
from functools import cache as once
from typing import Any, NamedTuple

from django.core.cache import cache

from community.models import Member
from community.queries.prepared import Prepared
from threads.models import Guest, Playbook, Practice, SearchEntry, Thread
from threads.queries.audience import visible_to
from threads.queries.coverage import class_of

MOST_FEW = 3_000
MOST_AS_GUEST = 200
_MODELS: dict[str, Any] = {"thread": Thread, "practice": Practice, "playbook": Playbook}
_REMEMBERED = 600
_ASKING = 30
_UNKNOWN = "unknown"


class Few(NamedTuple):
    """Things of one kind: the ids of their entries and, in the same order, their own."""

    entries: list[int]
    things: list[int]


def few(viewer: Member, kind: str) -> Few | None:
    """The things of a kind that the viewer may see, None when they are many. Remembered for ten minutes.

    These are candidates and no permission: what is taken of them has to be asked about again. Also None while it is
    being found out for somebody else who sees the same.
    """
    key = f"search.seen.{kind}.{class_of(viewer)}"
    kept: Few | str | None = cache.get(key, _UNKNOWN)
    if isinstance(kept, str):
        if not cache.add(f"{key}.asking", 1, _ASKING):
            return None
        kept = _found_out(viewer, kind)
        cache.set(key, kept, _REMEMBERED)
        cache.delete(f"{key}.asking")
    if kept is None or kind != "thread":
        return kept
    let_in = _entries(kind, _as_guest(viewer))
    return _few(dict(zip(*kept, strict=True)) | dict(zip(*let_in, strict=True)))


def _found_out(viewer: Member, kind: str) -> Few | None:
    """From the things: of those there are fewer to look through than there are entries."""
    things = [pk for (pk,) in _seen(kind, MOST_FEW + 1)(viewer).rows]
    return _entries(kind, things) if len(things) <= MOST_FEW else None


@once
def _seen(kind: str, most: int) -> Prepared[Any]:
    things = _MODELS[kind].objects
    return Prepared(lambda viewer: visible_to(viewer, things.all(), guests=False).order_by().values_list("pk")[:most])


def _as_guest(viewer: Member) -> list[int]:
    """The threads into which they were let by name last."""
    let_in = Guest.objects.filter(member=viewer, until__isnull=True).order_by("-pk")
    return list(let_in.values_list("thread_id", flat=True)[:MOST_AS_GUEST])


_entries_of: Prepared[Any] = Prepared(
    lambda kind, things: (
        SearchEntry.objects.filter(kind=kind, subject_id__in=things).order_by().values_list("pk", "subject_id")
    )
)


def _entries(kind: str, things: Sequence[int]) -> Few:
    return _few(dict(_entries_of(kind=kind, things=list(things)).rows) if things else {})


def _few(things: Mapping[int, int]) -> Few:
    """From the things by their entries."""
    return Few(list(things), list(things.values()))
