"""Whether standing is what the ledger adds up to, and writing it anew from the ledger."""

from typing import NamedTuple

from django.db import connection, transaction

# Of each award what it adds to which standing of its month. A reversal takes away.
_AWARDED = """
    SELECT member_id, scope, month, points,
        CASE WHEN points > 0 THEN 1 WHEN points < 0 THEN -1 ELSE 0 END AS awards
    FROM (
        SELECT member_id, '' AS scope, month, points FROM reputation_award
        UNION ALL
        SELECT member_id, 'product:' || product, month, points FROM reputation_award WHERE product <> ''
        UNION ALL
        SELECT member_id, 'space:' || space, month, points FROM reputation_award WHERE space <> ''
        UNION ALL
        {tags}
    ) AS each
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
# Both sides go into one sum: for millions of rows that is half the work of adding up the ledger first and joining then.
_DIFFERENT = """
    SELECT member_id, scope, month, sum(points) AS points, sum(ledger_points) AS ledger_points,
        sum(awards) AS awards, sum(ledger_awards) AS ledger_awards
    FROM (
        SELECT member_id, scope, {month} AS month, 0 AS points, points AS ledger_points,
            0 AS awards, awards AS ledger_awards
        FROM {ledger} AS ledger
        UNION ALL
        SELECT member_id, scope, {month}, points, 0, awards, 0 FROM {standing}
    ) AS told
    GROUP BY 1, 2, 3 HAVING sum(points) <> sum(ledger_points) OR sum(awards) <> sum(ledger_awards)
"""
_FIRST = """
    SELECT member_id, scope, month, points, ledger_points, awards, ledger_awards, count(*) OVER ()
    FROM ({monthly} UNION ALL {all_time}) AS wrong ORDER BY member_id, scope, month LIMIT %s
"""
# A member's rows together: millions of rows are written into an index several times as quickly so.
_KEEP_MONTHLY = "CREATE TEMPORARY TABLE standing_wrong AS {monthly} ORDER BY 1"
_CLEAR_MONTHLY = """
    DELETE FROM reputation_monthlystanding
    WHERE (member_id, scope, month) IN (SELECT member_id, scope, month FROM standing_wrong)
"""
_WRITE_MONTHLY = """
    INSERT INTO reputation_monthlystanding (member_id, scope, month, points, awards)
    SELECT member_id, scope, month, ledger_points, ledger_awards FROM standing_wrong
"""
_DROP_MONTHLY = "DROP TABLE standing_wrong"
_WRITE_ALL_TIME = """
    INSERT INTO reputation_standing (member_id, scope, points, awards)
    SELECT member_id, scope, ledger_points, ledger_awards FROM ({all_time}) AS wrong WHERE true ORDER BY 1
    ON CONFLICT (member_id, scope) DO UPDATE SET points = excluded.points, awards = excluded.awards
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
        cursor.execute(_FIRST.format(monthly=_monthly(), all_time=_all_time(_awarded())), [most])
        rows = cursor.fetchall()
    return (rows[0][-1] if rows else 0), [Difference(*row[:2], *map(int, row[2:-1])) for row in rows]


def rebuild() -> int:
    """Have every standing be what the ledger adds up to; how many were not. Who writes meanwhile waits for it."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE reputation_standing, reputation_monthlystanding IN EXCLUSIVE MODE")
        cursor.execute(_KEEP_MONTHLY.format(monthly=_monthly()))
        cursor.execute(_CLEAR_MONTHLY)
        cursor.execute(_WRITE_MONTHLY)
        wrong = int(cursor.rowcount)
        cursor.execute(_DROP_MONTHLY)
        cursor.execute(_WRITE_ALL_TIME.format(all_time=_all_time("reputation_monthlystanding")))
        return wrong + int(cursor.rowcount)


def _awarded() -> str:
    return f"({_AWARDED.format(tags=_TAGS[connection.vendor])})"


def _monthly() -> str:
    return _DIFFERENT.format(month="month", ledger=_awarded(), standing="reputation_monthlystanding")


def _all_time(ledger: str) -> str:
    """Month 0; once the months are right they stand for the ledger."""
    return _DIFFERENT.format(month="0", ledger=ledger, standing="reputation_standing")
