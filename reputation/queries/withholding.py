"""Gifts that do not follow yet whether their giver may give: what the worker finds to do, and to check."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from community.models import Member
from community.policies.members import suspended_members
from community.rules import clock
from reputation.models import Award, Vote, WithheldAward, Withholding

# What one member's word alone gives, besides votes. A solution, a suggestion taken up, a validation stand on what
# others see and may undo.
ALONE = (Award.Rule.REUSED,)
# Who was suspended may have been about to vote: what they sent before is looked for once more after so long.
_ONCE_MORE = timedelta(seconds=30)
_MEMBERS = 50


class Due(NamedTuple):
    """Something to settle: a `vote`, an `award` to withhold, or one that is `withheld`; by its key."""

    kind: str
    pk: int


def to_settle(*, limit: int, besides: Collection[Due] = ()) -> list[Due]:
    """Gifts that are to follow, of those members first who wait longest."""
    found: list[Due] = []
    for row in _waiting()[:_MEMBERS]:
        found += due_of(row, limit=limit - len(found), besides=besides)
        if len(found) >= limit:
            break
    return found


def due_of(row: Withholding, *, limit: int, besides: Collection[Due] = ()) -> list[Due]:
    """The gifts of one member that are to follow, the oldest first."""
    votes = Vote.objects.filter(voter=row.member_id, withheld_at__isnull=row.wanted)
    given = Award.objects.filter(giver=row.member_id, rule__in=ALONE, reverses=None, reversal=None)
    held = WithheldAward.objects.filter(giver=row.member_id)
    found: list[Due] = []
    for kind, rows in (("vote", votes), ("award", given) if row.wanted else ("withheld", held)):
        found += _first(kind, rows, limit - len(found), besides)
    return found


def _first(kind: str, rows: "QuerySet[Any]", limit: int, besides: Collection[Due]) -> list[Due]:
    others = rows.exclude(pk__in=[each.pk for each in besides if each.kind == kind])
    return [Due(kind, pk) for pk in others.order_by("pk").values_list("pk", flat=True)[:limit]] if limit > 0 else []


def settled() -> list[Withholding]:
    """Those of whom nothing is left to do."""
    rows = _waiting().filter(changed_at__lt=clock.now() - _ONCE_MORE)[:_MEMBERS]
    return [row for row in rows if not due_of(row, limit=1)]


def unnoticed() -> list[Member]:
    """Members who were suspended, or came back, by a way that told nobody, such as SQL."""
    suspended = suspended_members()
    unheld = suspended.exclude(withholding__wanted=True)
    held = Member.objects.filter(withholding__wanted=True).exclude(pk__in=suspended.values("pk"))
    return [*unheld.order_by("pk")[:_MEMBERS], *held.order_by("pk")[:_MEMBERS]]


def withholding_of(member: Member) -> Withholding | None:
    """How it stands with a member's gifts."""
    return Withholding.objects.filter(member=member).first()


def _waiting() -> QuerySet[Withholding]:
    return Withholding.objects.filter(settled_at=None).order_by("changed_at")
