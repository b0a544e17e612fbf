"""Practices that may say the same as another one, for the worker, who has nobody's eyes.

Curators see a pair only when they see both ends; here alone the index is asked without a viewer.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import F, QuerySet

from community.models import Member
from threads.models import Practice, SearchEntry
from threads.queries.findable import Findable
from threads.queries.similar import likeness
from threads.rules.duplicates import is_candidate

_MOST = 5
_AT_ONCE = 20
_NOBODY = Member()


@dataclass(frozen=True)
class _OtherPractices(Findable):
    """Every practice that is found, but one."""

    but: int = 0

    @property
    def is_plain(self) -> bool:
        """It is asked anew for each practice."""
        return False

    @cached_property
    def entries(self) -> QuerySet[SearchEntry]:
        """Their entries."""
        return SearchEntry.objects.filter(kind=SearchEntry.Kind.PRACTICE).exclude(object_id=self.but)


def like_it(practice: Practice) -> list[tuple[int, float]]:
    """The ids of practices that may say the same, the most alike first, and how alike they are."""
    text = f"{practice.title}\n{practice.problem}\n{practice.resolution}"
    found = likeness(_OtherPractices(_NOBODY, ("practice",), but=practice.pk), text, limit=_MOST)
    alike = {pk: share for pk, share in found if is_candidate(share)}
    living = Practice.objects.filter(pk__in=alike, merged_into__isnull=True)
    kept = set(living.exclude(confidence=Practice.Confidence.ARCHIVED).values_list("pk", flat=True))
    return [(pk, share) for pk, share in alike.items() if pk in kept]


def to_compare() -> list[int]:
    """Some practices that changed since they were compared with others."""
    changed = Practice.objects.filter(compared_version__lt=F("version"), follows_record=False)
    return list(changed.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
