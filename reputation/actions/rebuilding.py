"""Whether standing is what the ledger adds up to, and writing it anew from the ledger."""

from typing import NamedTuple

from django.db import connection, transaction

# Of each award what it adds to which standing of its month: (member, scope, month, points). A reversal takes away.
_EACH = """
    SELECT member_id, '' AS scope, month, points FROM reputation_award
    UNION ALL
    SELECT member_id, 'product:' || product, month, points FROM reputation_award WHERE product <> ''
    UNION ALL
    SELECT member_id, 'space:' || space, month, points FROM reputation_award WHERE space <> ''
    UNION ALL
    {tags}
"""
_TAGS = {
    "sqlite": """
        SELECT member_id, 'tag:' || tag, month, points
        FROM (
            SELECT DISTINCT award.id, award.member_id, award.month, award.points, named.value AS tag
            FROM reputation_award AS award, json_each(award.tags) AS named
        ) AS tagged
    """,
    "postgresql": """
        SELECT member_id, 'tag:' || tag, month, points
        FROM reputation_award
        CROSS JOIN LATERAL (SELECT DISTINCT tag FROM jsonb_array_elements_text(tags) AS named(tag)) AS tagged
    """,
}
# All time is month 0, and added up from the months.
_DIFFERENT = """
    WITH monthly AS MATERIALIZED (
        SELECT member_id, scope, month, sum(points) AS points,
            sum(CASE WHEN points > 0 THEN 1 WHEN points < 0 THEN -1 ELSE 0 END) AS awards
        FROM ({each}) AS each GROUP BY 1, 2, 3
    ), told AS (
        SELECT member_id, scope, month, 0 AS points, points AS ledger_points, 0 AS awards, awards AS ledger_awards
        FROM monthly
        UNION ALL
        SELECT member_id, scope, 0, 0, points, 0, awards FROM monthly
        UNION ALL
        SELECT member_id, scope, month, points, 0, awards, 0 FROM reputation_monthlystanding
        UNION ALL
        SELECT member_id, scope, 0, points, 0, awards, 0 FROM reputation_standing
    )
    SELECT member_id, scope, month, sum(points) AS points, sum(ledger_points) AS ledger_points,
        sum(awards) AS awards, sum(ledger_awards) AS ledger_awards
    FROM told GROUP BY 1, 2, 3 HAVING sum(points) <> sum(ledger_points) OR sum(awards) <> sum(ledger_awards)
"""
_FIRST = """
    SELECT member_id, scope, month, points, ledger_points, awards, ledger_awards, count(*) OVER ()
    FROM ({different}) AS wrong ORDER BY member_id, scope, month LIMIT %s
"""
# In the order of the keys: millions of rows are written into an index several times as quickly so.
_KEEP = "CREATE TEMPORARY TABLE standing_wrong AS {different} ORDER BY 1, 2, 3"
_DROP = "DROP TABLE standing_wrong"
_WRITE = """
    INSERT INTO reputation_standing (member_id, scope, points, awards)
    SELECT member_id, scope, ledger_points, ledger_awards FROM standing_wrong WHERE month = 0
    ON CONFLICT (member_id, scope) DO UPDATE SET points = excluded.points, awards = excluded.awards
"""
_CLEAR_MONTHLY = """
    DELETE FROM reputation_monthlystanding
    WHERE (member_id, scope, month) IN (SELECT member_id, scope, month FROM standing_wrong WHERE month > 0)
"""
_WRITE_MONTHLY = """
    INSERT INTO reputation_monthlystanding (member_id, scope, month, points, awards)
    SELECT member_id, scope, month, ledger_points, ledger_awards FROM standing_wrong WHERE month > 0
"""


class Difference(NamedTuple):
    """A standing that is not what the ledger adds up to: of a month (202611), or of all time, which is month 0."""

    member_id: int
    scope: str
    month: int
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
            cursor.execute("LOCK TABLE reputation_standing, reputation_monthlystanding IN EXCLUSIVE MODE")
        cursor.execute(_KEEP.format(different=_different()))
        cursor.execute(_WRITE)
        wrong = int(cursor.rowcount)
        cursor.execute(_CLEAR_MONTHLY)
        cursor.execute(_WRITE_MONTHLY)
        wrong += int(cursor.rowcount)
        cursor.execute(_DROP)
        return wrong


def _different() -> str:
    return _DIFFERENT.format(each=_EACH.format(tags=_TAGS[connection.vendor]))
