"""What helped in threads like this one: practices that were used there, as far as the viewer sees thread and use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from community.models import Member
from community.queries.prepared import Prepared
from threads.models import Practice, Reuse
from threads.queries.archive import current, practices_visible_to
from threads.queries.threads import threads_visible_to

MOST_THREADS = 20


@dataclass
class Vote:
    """How much the threads that used a practice are like the text, added up, and how many these are."""

    weight: float = 0.0
    threads: int = 0


def _uses(viewer: Member, threads: Sequence[int]) -> "QuerySet[Any, Any]":
    """Each thread and practice is looked at by itself: a list of all that the viewer sees would cost far more."""
    seen = threads_visible_to(viewer).filter(pk=OuterRef("thread_id"))
    usable = current(practices_visible_to(viewer)).filter(pk=OuterRef("practice_id"), warned_at__isnull=True)
    usable = usable.exclude(confidence=Practice.Confidence.ARCHIVED)
    uses = Reuse.objects.filter(Exists(seen), Exists(usable), thread__in=threads, until__isnull=True)
    return uses.values_list("thread_id", "practice_id")


_used: Prepared[Any] = Prepared(_uses)


def votes(viewer: Member, threads: Sequence[tuple[int, float]]) -> dict[int, Vote]:
    """By practice. `threads` are those most alike, each with how like it is; the first that used any practice count.

    What is archived or warned of gets none.
    """
    used: dict[int, set[int]] = {}
    for thread, practice in _used(viewer, threads=[pk for pk, _share in threads]).rows:
        used.setdefault(thread, set()).add(practice)
    found: dict[int, Vote] = {}
    for thread, share in [(pk, share) for pk, share in threads if pk in used][:MOST_THREADS]:
        for practice in used[thread]:
            vote = found.setdefault(practice, Vote())
            vote.weight += share
            vote.threads += 1
    return found
