"""Whether standing is what the ledger adds up to, and writing it anew from the ledger."""

from typing import NamedTuple

from django.db import connection, transaction

# Of each award what it adds to which standing: (member, scope, points, awards). A reversal takes an award away.
_EACH = """
    SELECT member_id, scope, points, CASE WHEN reverses_id IS NULL THEN 1 ELSE -1 END AS awards
    FROM (
        SELECT member_id, '' AS scope, points, reverses_id FROM reputation_award
        UNION ALL
        SELECT member_id, 'product:' || product, points, reverses_id FROM reputation_award WHERE product <> ''
        UNION ALL
        {tags}
    ) AS added
"""
_TAGS = {
    "sqlite": """
        SELECT member_id, 'tag:' || tag, points, reverses_id
        FROM (
            SELECT DISTINCT award.id, award.member_id, award.points, award.reverses_id, named.value AS tag
            FROM reputation_award AS award, json_each(award.tags) AS named
        ) AS tagged
    """,
    "postgresql": """
        SELECT member_id, 'tag:' || tag, points, reverses_id
        FROM reputation_award
        CROSS JOIN LATERAL (SELECT DISTINCT tag FROM jsonb_array_elements_text(tags) AS named(tag)) AS tagged
    """,
}
_SUMS = "SELECT member_id, scope, sum(points) AS points, sum(awards) AS awards FROM ({each}) AS each GROUP BY 1, 2"
_DIFFERENT = """
    WITH ledger AS ({sums})
    SELECT ledger.member_id AS member_id, ledger.scope AS scope, coalesce(held.points, 0) AS points,
        ledger.points AS ledger_points, coalesce(held.awards, 0) AS awards, ledger.awards AS ledger_awards
    FROM ledger LEFT JOIN reputation_standing AS held
        ON held.member_id = ledger.member_id AND held.scope = ledger.scope
    WHERE coalesce(held.points, 0) <> ledger.points OR coalesce(held.awards, 0) <> ledger.awards
    UNION ALL
    SELECT held.member_id, held.scope, held.points, 0, held.awards, 0
    FROM reputation_standing AS held LEFT JOIN ledger
        ON held.member_id = ledger.member_id AND held.scope = ledger.scope
    WHERE ledger.member_id IS NULL AND (held.points <> 0 OR held.awards <> 0)
"""
_FIRST = "SELECT wrong.*, count(*) OVER () FROM ({different}) AS wrong ORDER BY member_id, scope LIMIT %s"
_WRITE = """
    INSERT INTO reputation_standing (member_id, scope, points, awards)
    SELECT member_id, scope, ledger_points, ledger_awards FROM ({different}) AS wrong WHERE true
    ON CONFLICT (member_id, scope) DO UPDATE SET points = excluded.points, awards = excluded.awards
"""


class Difference(NamedTuple):
    """A standing that is not what the ledger adds up to."""

    member_id: int
    scope: str
    points: int
    ledger_points: int
    awards: int
    ledger_awards: int


def differences(*, most: int) -> tuple[int, list[Difference]]:
    """How many there are, and the first of them, as of one moment: ledger and standing are read by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FIRST.format(different=_different()), [most])
        rows = cursor.fetchall()
    return (rows[0][-1] if rows else 0), [Difference(*row[:2], *map(int, row[2:-1])) for row in rows]


def rebuild() -> int:
    """Have every standing be what the ledger adds up to; how many were not. Who writes meanwhile waits for it."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE reputation_standing IN EXCLUSIVE MODE")
        cursor.execute(_WRITE.format(different=_different()))
        return int(cursor.rowcount)


def _different() -> str:
    each = _EACH.format(tags=_TAGS[connection.vendor])
    return _DIFFERENT.format(sums=_SUMS.format(each=each))
