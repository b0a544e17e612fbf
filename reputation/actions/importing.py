"""Awards and badges that an import brings along, in bulk. Standing follows in the same transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Q

from community.events import action
from reputation.actions.awards import About
from reputation.models import Award, Badge, Standing


def known_causes(causes: Iterable[str]) -> set[str]:
    """Those of the causes that have been rewarded."""
    return set(Award.objects.filter(cause__in=set(causes)).order_by().values_list("cause", flat=True))


@action
def append_awards(*, awards: Sequence[Award]) -> None:
    """Append rows to the ledger and raise the standings they add up to. Their causes must be new."""
    Award.objects.bulk_create(awards)
    points: Counter[tuple[int, str]] = Counter()
    counts: Counter[tuple[int, str]] = Counter()
    for award in awards:
        for scope in About(award.product, tuple(award.tags)).scopes():
            points[award.member_id, scope] += award.points
            counts[award.member_id, scope] += 1
    _raise_standings(points, counts)


def _raise_standings(points: Counter[tuple[int, str]], counts: Counter[tuple[int, str]]) -> None:
    keys = sorted(points)
    Standing.objects.bulk_create([Standing(member_id=who, scope=scope) for who, scope in keys], ignore_conflicts=True)
    members, scopes = {who for who, _scope in keys}, {scope for _who, scope in keys}
    held = Standing.objects.select_for_update().filter(member__in=members, scope__in=scopes).order_by("pk")
    raised = [
        Standing(member_id=who, scope=scope, points=old + points[who, scope], awards=earlier + counts[who, scope])
        for who, scope, old, earlier in held.values_list("member_id", "scope", "points", "awards")
        if (who, scope) in points
    ]
    Standing.objects.bulk_create(
        raised, update_conflicts=True, unique_fields=["member", "scope"], update_fields=["points", "awards"]
    )


def known_badges(site: str, ids: Iterable[str]) -> set[str]:
    """Ids at `site` of the badges that came from there."""
    rows = Badge.objects.filter(~Q(source_site=""), source_site=site, source_id__in=set(ids))
    return set(rows.order_by().values_list("source_id", flat=True))


@action
def import_badges(*, site: str, badges: Sequence[Badge]) -> int:
    """Store those of the badges that are not there; how many."""
    known = known_badges(site, (badge.source_id for badge in badges))
    return len(Badge.objects.bulk_create([badge for badge in badges if badge.source_id not in known]))
