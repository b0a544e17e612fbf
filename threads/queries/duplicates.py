"""Practices that may say the same as another one, for the worker, who has nobody's eyes.

Curators see a pair only when they see both ends; here alone the index is asked without a viewer.
"""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import Any

from django.db.models import F

from community.models import Member
from threads.models import Practice, SearchEntry
from threads.queries.alike import Place, Sight, alike, read
from threads.rules.duplicates import is_candidate

_MOST = 5
_AT_ONCE = 20


class _OtherPractices(Sight):
    """Every practice that is found, but one."""

    def __init__(self, but: int) -> None:
        super().__init__(Member(), "practice")
        self._but = but

    def seen(self, entries: Sequence[int]) -> dict[int, Place]:
        """Whichever there are."""
        rows = SearchEntry.objects.filter(kind=self.kind, pk__in=entries).exclude(object_id=self._but)
        return {pk: (subject, thing) for pk, subject, thing in rows.values_list("pk", "subject_id", "object_id")}

    @cached_property
    def all(self) -> None:
        """As good as all: these are never few of what there is."""


def like_it(practice: Practice) -> list[tuple[int, float]]:
    """The ids of practices that may say the same, the most alike first, and how alike they are."""
    own = {("practice", practice.pk), ("thread", practice.thread_id or 0)}
    text = read(f"{practice.title}\n{practice.problem}\n{practice.resolution}", besides=own)
    found = [(each.id, text.share(each.score)) for each in alike(_OtherPractices(practice.pk), text.weights)[:_MOST]]
    like = {pk: share for pk, share in found if is_candidate(share)}
    living = Practice.objects.filter(pk__in=like, merged_into__isnull=True)
    kept = set(living.exclude(confidence=Practice.Confidence.ARCHIVED).values_list("pk", flat=True))
    return [(pk, share) for pk, share in like.items() if pk in kept]


def to_compare(besides: Collection[Any] = ()) -> list[int]:
    """Some practices that changed since they were compared with others, but for these."""
    changed = Practice.objects.filter(compared_version__lt=F("version"), follows_record=False)
    changed = changed.exclude(pk__in=list(besides))
    return list(changed.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
