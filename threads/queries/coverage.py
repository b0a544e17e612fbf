"""The map of what is known, as a member may see it: products, and the topics of a product.

Whoever sees the same spaces and is of the same organization and center sees the same things, and is shown the same map
for five minutes. What somebody sees only as a guest is not in it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Q, QuerySet

from community.models import Member
from community.queries.prepared import Prepared
from community.queries.spaces import spaces_visible_to
from community.rules import clock
from reputation.models import Certificate, Skill, Standing
from threads.models import UNRESOLVED, Practice, Product, Thread
from threads.queries.archive import current
from threads.queries.audience import visible_to
from threads.rules.coverage import ASKED_DAYS, RECENT_DAYS, Covered

MOST_ROWS = 1_000
KEPT_SECONDS = 300
EXPERT_POINTS = 30
NO_TAG = ""
_MOST_KEYS = 5_000

_COUNTED = "WITH known (scope, member) AS ({}) SELECT scope, count(*) FROM known GROUP BY 1"

Tally = dict[str, Counter[str]]


@dataclass(frozen=True)
class Row:
    """One product, or one topic of it; `value` is its slug, empty for what has none."""

    value: str
    label: str
    covered: Covered


def coverage(viewer: Member, product: str = "") -> tuple[Row, ...]:
    """The map: holes first, then what is asked for most. Of a product: its topics; empty for what nobody shows them."""
    rows: tuple[Row, ...] = _kept(f"{class_of(viewer)}:{_short(product)}", lambda: found_out(viewer, product))
    return rows


def _kept(name: str, find: Callable[[], Any]) -> Any:
    """What was found out under that name in the last minutes."""
    key = f"coverage:{name}"
    kept = cache.get(key)
    if kept is None:
        kept = find()
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _short(product: str) -> str:
    return sha256(product.encode(errors="replace")).hexdigest()[:16]


_spaces: Prepared[Any] = Prepared(lambda viewer: spaces_visible_to(viewer).order_by().values_list("pk"))


def class_of(viewer: Member) -> str:
    """The same for two members only if they see the same things otherwise than as guests."""
    spaces = sorted(pk for (pk,) in _spaces(viewer).rows)
    said = (viewer.is_active, viewer.is_superuser, viewer.organization_id, viewer.center_id, spaces)
    return sha256(repr(said).encode()).hexdigest()[:32]


def found_out(viewer: Member, product: str = "") -> tuple[Row, ...]:
    """The same, found out anew; of more than MOST_ROWS those go that are no holes, and that are asked for least.

    What has no product, or no tag, is a row of its own, of which nobody is said to know it or not.
    """
    tally = {key: counts for key, counts in _counted(viewer, product).items() if counts}
    labels = {} if product else dict(Product.objects.filter(slug__in=tally).values_list("slug", "name"))
    knowing = _kept(f"experts:{_short(product)}", lambda: experts_by_subject(product)) if tally else {}
    rows = [
        Row(key, labels.get(key, key), Covered(**counts, experts=knowing.get(key, 0) if key else None))
        for key, counts in tally.items()
    ]
    return tuple(sorted(rows, key=_pressing)[:MOST_ROWS])


def _pressing(row: Row) -> tuple[bool, bool, int, str]:
    return not row.covered.hole, not row.covered.rising, -row.covered.open, row.label


def _counted(viewer: Member, product: str) -> Tally:
    tally: Tally = {}
    now = clock.now()
    practices = current(visible_to(viewer, Practice.objects.all()))
    threads = visible_to(viewer, Thread.objects.all(), guests=False)
    asked = threads.filter(created_at__gt=now - timedelta(days=ASKED_DAYS))
    recent = Q(created_at__gt=now - timedelta(days=RECENT_DAYS))
    for rows, counts in (
        (practices, {"validated": Q(confidence="validated"), "not_validated": Q(confidence="not_validated")}),
        (threads.filter(status__in=UNRESOLVED), {"open": Q()}),
        (asked, {"recent": recent, "before": ~recent}),
    ):
        for key, *numbers in _grouped(rows, product, counts):
            found = tally.setdefault(key or NO_TAG, Counter())
            found.update({name: number for name, number in zip(counts, numbers, strict=True) if number})
    return tally


def _grouped(rows: "QuerySet[Any]", product: str, counts: dict[str, Q]) -> "QuerySet[Any, Any]":
    """Counts by product, or by tag within a product."""
    by = "tags__slug" if product else "product__slug"
    found = rows.filter(product__slug=product) if product else rows
    aggregates = {f"n_{name}": Count("pk", filter=condition or None) for name, condition in counts.items()}
    grouped: QuerySet[Any, Any] = found.order_by().values_list(by).annotate(**aggregates)
    return grouped.order_by(by)[:_MOST_KEYS]


def experts_by_subject(product: str) -> dict[str, int]:
    """How many are known to know each product; of a product how many of them know each topic. Alike for everybody."""
    kind = "tag:" if product else "product:"
    known = [rows.filter(scope__startswith=kind) for rows in _who_knows()]
    if product:
        of_it = [rows.filter(scope=f"product:{product}").values("member") for rows in _who_knows()]
        within = Q(member__in=of_it[0]) | Q(member__in=of_it[1]) | Q(member__in=of_it[2])
        known = [rows.filter(within) for rows in known]
    skills, certificates, standings = (rows.order_by().values_list("scope", "member_id") for rows in known)
    several, values = skills.union(certificates, standings).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(several), values)
        return {scope.removeprefix(kind): number for scope, number in cursor.fetchall()}


def _who_knows() -> "tuple[QuerySet[Any], QuerySet[Any], QuerySet[Any]]":
    """What says that a member who is here knows something: what they declare, have on paper, and did."""
    today = clock.now().date()
    here = {"member__is_active": True, "member__source_site": ""}
    in_force = Q(expires_on__isnull=True) | Q(expires_on__gte=today)
    return (
        Skill.objects.filter(level__gte=Skill.Level.CAN_HELP, **here),
        Certificate.objects.filter(in_force, issued_on__lte=today, **here),
        Standing.objects.filter(points__gte=EXPERT_POINTS, **here),
    )
