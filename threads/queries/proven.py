"""Whose practices proved themselves: others said that they work, or they were validated; as the viewer may see it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from community.models import Member
from threads.models import WORKING, Practice, Verdict
from threads.queries.archive import current, practices_visible_to

_WINDOW = 200

_NEWEST_TAGGED = """
    SELECT * FROM (
        SELECT %s AS scope, practice_id FROM threads_practice_tags WHERE tag_id = %s ORDER BY practice_id DESC LIMIT %s
    ) AS newest"""
_NEWEST_OF_PRODUCT = """
    SELECT * FROM (
        SELECT %s AS scope, id FROM threads_practice WHERE product_id = %s ORDER BY id DESC LIMIT %s
    ) AS newest"""


class ProvenBy(NamedTuple):
    """Somebody's proven practices in a scope: how many, and how many organizations others of which say that they work.

    An organization counts once for each practice; what its recorder says of it themselves does not count.
    """

    member: int
    scope: str
    practices: int
    voices: int


def proven_in(viewer: Member, tags: Mapping[str, int], product: tuple[str, int] | None) -> list[ProvenBy]:
    """Of the newest 200 practices of each tag and of the product (ids by slug) those that proved themselves."""
    windows = _windows(tags, product)
    found: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for pk, member, voices in _proven(viewer, {pk for window in windows.values() for pk in window}):
        for scope, window in windows.items():
            if pk in window:
                found[member, scope].append(voices)
    return [ProvenBy(member, scope, len(each), sum(each)) for (member, scope), each in found.items()]


def _windows(tags: Mapping[str, int], product: tuple[str, int] | None) -> dict[str, set[int]]:
    parts = [(_NEWEST_TAGGED, f"tag:{slug}", pk) for slug, pk in tags.items()]
    if product:
        parts.append((_NEWEST_OF_PRODUCT, f"product:{product[0]}", product[1]))
    windows: dict[str, set[int]] = {scope: set() for _sql, scope, _pk in parts}
    if parts:
        with connection.cursor() as cursor:
            values = [value for _sql, scope, pk in parts for value in (scope, pk, _WINDOW)]
            cursor.execute("\nUNION ALL".join(sql for sql, _scope, _pk in parts), values)
            for scope, pk in cursor.fetchall():
                windows[scope].add(pk)
    return windows


def _proven(viewer: Member, ids: Iterable[int]) -> "QuerySet[Any, Any] | list[Any]":
    """Id, recorder and organizations that say it works, of each that proved itself."""
    if not ids:
        return []
    validated = Q(confidence=Practice.Confidence.VALIDATED)
    seen = current(practices_visible_to(viewer)).filter(pk__in=ids).order_by()
    said = seen.filter(validated | Q(worked__gt=0) | Q(changed__gt=0)).exclude(confidence=Practice.Confidence.ARCHIVED)
    return (
        said.annotate(voices=_voices()).filter(validated | Q(voices__gt=0)).values_list("pk", "recorded_by", "voices")
    )


def _voices() -> Coalesce:
    practice = OuterRef("pk")
    working = Verdict.objects.filter(practice=practice, superseded_at__isnull=True, kind__in=WORKING)
    others = working.filter(version__gte=F("practice__judged_from")).exclude(member=OuterRef("recorded_by"))
    counted = others.order_by().values("practice").annotate(n=Count("organization", distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))
