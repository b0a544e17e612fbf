"""Awards and badges that an import brings along, in bulk. Standing follows in the same transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Q

from community.events import action
from reputation.actions.awards import about_of
from reputation.actions.sums import add_in_all, add_monthly
from reputation.models import Award, Badge
from reputation.rules.months import month_of

_AT_ONCE = 2_000
Key = tuple[int, str, int]


def known_causes(causes: Iterable[str]) -> set[str]:
    """Those of the causes that have been rewarded."""
    return set(Award.objects.filter(cause__in=set(causes)).order_by().values_list("cause", flat=True))


@action
def append_awards(*, awards: Sequence[Award]) -> None:
    """Append rows to the ledger and raise the standings they add up to. Their causes must be new.

    No caps: what happened elsewhere is told as it was.
    """
    points: Counter[Key] = Counter()
    for award in awards:
        award.month = month_of(award.at)
        for scope in about_of(award).scopes():
            points[award.member_id, scope, award.month] += award.points
    Award.objects.bulk_create(awards)
    counts = Counter((award.member_id, scope, award.month) for award in awards for scope in about_of(award).scopes())
    _raise(points, counts)


def _raise(points: Counter[Key], counts: Counter[Key]) -> None:
    gained: Counter[tuple[int, str]] = Counter()
    times: Counter[tuple[int, str]] = Counter()
    for (who, scope, month), number in points.items():
        gained[who, scope] += number
        times[who, scope] += counts[who, scope, month]
    rows = [(who, scope, gained[who, scope], times[who, scope]) for who, scope in sorted(gained)]
    monthly = [(*key, points[key], counts[key]) for key in sorted(points)]
    for start in range(0, len(rows), _AT_ONCE):
        add_in_all(rows[start : start + _AT_ONCE])
    for start in range(0, len(monthly), _AT_ONCE):
        add_monthly(monthly[start : start + _AT_ONCE])


def known_badges(site: str, ids: Iterable[str]) -> set[str]:
    """Ids at `site` of the badges that came from there."""
    rows = Badge.objects.filter(~Q(source_site=""), source_site=site, source_id__in=set(ids))
    return set(rows.order_by().values_list("source_id", flat=True))


@action
def import_badges(*, site: str, badges: Sequence[Badge]) -> int:
    """Store those of the badges that are not there; how many."""
    known = known_badges(site, (badge.source_id for badge in badges))
    return len(Badge.objects.bulk_create([badge for badge in badges if badge.source_id not in known]))
