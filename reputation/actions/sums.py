"""Keeping the sums of the ledger: standing in all and by month. Inside an action that has written the rows."""

from collections.abc import Iterable, Sequence

from community.rules.statements import execute, rows_of, table

_LOCK = """
    INSERT INTO reputation_standing AS held (member_id, scope, points, awards) VALUES (%s, '', 0, 0)
    ON CONFLICT (member_id, scope) DO UPDATE SET points = held.points
"""
_ADD = """
    INSERT INTO reputation_standing AS held (member_id, scope, points, awards)
    SELECT * FROM ({}) AS given WHERE true
    ON CONFLICT (member_id, scope) DO UPDATE
    SET points = held.points + excluded.points, awards = held.awards + excluded.awards
    RETURNING scope, points
"""
_ADD_MONTHLY = """
    INSERT INTO reputation_monthlystanding AS held (member_id, scope, month, points, awards)
    SELECT * FROM ({}) AS given WHERE true
    ON CONFLICT (member_id, scope, month) DO UPDATE
    SET points = held.points + excluded.points, awards = held.awards + excluded.awards
"""
_LOWER = """
    UPDATE reputation_standing SET points = points + %s, awards = awards + %s
    WHERE member_id = %s AND scope IN ({}) RETURNING scope, points
"""
_LOWER_MONTHLY = """
    UPDATE reputation_monthlystanding SET points = points + %s, awards = awards + %s
    WHERE member_id = %s AND scope IN ({}) AND month = %s
"""


def lock_standing(member_id: int) -> None:
    """Have nobody else change a member's standing until the transaction ends."""
    execute(_LOCK, [member_id])


def lock_standings(member_ids: Iterable[int]) -> None:
    """The same of several, in the one order in which nobody waits in a circle: before the first of them is changed."""
    for member_id in sorted(set(member_ids)):
        lock_standing(member_id)


def add_in_all(rows: Sequence[tuple[int, str, int, int]]) -> dict[str, int]:
    """Raise standings by (member, scope, points, awards), each once; the new points by scope, of the last member."""
    given, values = table(("bigint", "text", "integer", "integer"), rows)
    return {str(scope): int(total) for scope, total in rows_of(_ADD.format(given), values)}


def add_monthly(rows: Sequence[tuple[int, str, int, int, int]]) -> None:
    """Raise the standings of months by (member, scope, month, points, awards), each once."""
    given, values = table(("bigint", "text", "integer", "integer", "integer"), rows)
    execute(_ADD_MONTHLY.format(given), values)


def lower(member_id: int, scopes: Sequence[str], month: int, points: int, awards: int) -> int:
    """Lower the standings by what a reversal says, in numbers below nothing; the member's new points in all."""
    named = ", ".join(["%s"] * len(scopes))
    execute(_LOWER_MONTHLY.format(named), [points, awards, member_id, *scopes, month])
    found = rows_of(_LOWER.format(named), [points, awards, member_id, *scopes])
    return next(int(total) for scope, total in found if not scope)
