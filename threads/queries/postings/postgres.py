"""PostgreSQL: the lists side by side, by the table's own key, backwards."""

from collections.abc import Collection, Iterable, Sequence
from functools import cache

from community.rules.statements import execute, rows_of
from threads.models import SHELVES, Shelf
from threads.queries.postings.base import MOST_WORDS, Row, Unseen
from threads.rules.likeness import Weight

# The bounds stand in the text: the plan for all values is then the same as the plan for these.
_BEST = """
    SELECT listed.entry_id
    FROM (
        SELECT slot, weight FROM unnest(%s::int[], %s::int[]) WITH ORDINALITY AS given(slot, weight, place)
        WHERE EXISTS (SELECT 1 FROM threads_posting AS posting WHERE posting.slot = given.slot OFFSET 0)
        ORDER BY place LIMIT {words}
    ) AS wanted
    CROSS JOIN LATERAL (
        SELECT entry_id, impact FROM threads_posting AS posting WHERE posting.slot = wanted.slot
        ORDER BY impact DESC, entry_id DESC LIMIT {per}
    ) AS listed
    GROUP BY listed.entry_id ORDER BY sum(wanted.weight * listed.impact) DESC, listed.entry_id DESC LIMIT {most}
"""
_SCORES = """
    SELECT posting.entry_id, sum(wanted.weight * posting.impact)
    FROM unnest(%s::bigint[]) AS entry(id)
    JOIN threads_posting AS posting ON posting.entry_id = entry.id
    JOIN unnest(%s::int[], %s::int[]) AS wanted(slot, weight) ON wanted.slot = posting.slot
    GROUP BY posting.entry_id
"""
_HELD = "SELECT slot, impact, entry_id FROM threads_posting WHERE entry_id = ANY(%s::bigint[])"
_GIVEN = "unnest(%s::int[], %s::smallint[], %s::bigint[])"
_PUT = f"INSERT INTO threads_posting (slot, impact, entry_id) SELECT * FROM {_GIVEN}"  # noqa: S608
_DROP = f"""
    DELETE FROM threads_posting AS posting USING {_GIVEN} AS gone(slot, impact, entry)
    WHERE posting.slot = gone.slot AND posting.impact = gone.impact AND posting.entry_id = gone.entry
"""  # noqa: S608
_WORDS = "SELECT word, id, documents, counted_at IS NOT NULL FROM threads_searchword WHERE word = ANY(%s::text[])"
_COUNTED = """
    SELECT key, (SELECT count(*) FROM (
        SELECT 1 FROM threads_posting WHERE slot BETWEEN key * {shelves} AND key * {shelves} + {last} LIMIT %s
    ) AS found) FROM unnest(%s::int[]) AS key
"""


_WRITING = 0x47_48_00_02 << 32  # beside the record's turns and other people's advisory locks in the same database
_HOLD = "SELECT 1 FROM pg_advisory_xact_lock_shared(%s::bigint)"
_HOLD_ALONE = "SELECT 1 FROM pg_advisory_xact_lock(%s::bigint)"


class PostgresPostings:
    """See Postings."""

    def best(self, weights: Sequence[Weight], shelf: Shelf, *, per: int, most: int) -> list[Unseen]:
        """See Postings."""
        return [entry for (entry,) in rows_of(_best(per, most), _slots(weights, shelf))]

    def scores(self, entries: Collection[int], weights: Sequence[Weight], shelf: Shelf) -> dict[int, int]:
        """See Postings."""
        if not (entries and weights):
            return {}
        return dict(rows_of(_SCORES, [_array(entries), *_slots(weights, shelf)]))

    def held(self, entries: Collection[int]) -> list[Row]:
        """See Postings."""
        return [(slot, impact, entry) for slot, impact, entry in rows_of(_HELD, [_array(entries)])]

    def put(self, rows: Sequence[Row]) -> None:
        """See Postings."""
        if rows:
            execute(_PUT, [_array(column) for column in zip(*rows, strict=True)])

    def drop(self, rows: Sequence[Row]) -> None:
        """See Postings."""
        if rows:
            execute(_DROP, [_array(column) for column in zip(*rows, strict=True)])

    def known(self, words: Collection[str]) -> dict[str, tuple[int, int, bool]]:
        """See Postings."""
        rows = rows_of(_WORDS, [list(words)])
        return {word: (key, documents, counted) for word, key, documents, counted in rows}

    def counted(self, keys: Collection[int], *, most: int) -> dict[int, int]:
        """See Postings."""
        return dict(rows_of(_COUNTED.format(shelves=SHELVES, last=SHELVES - 1), [most, _array(keys)]))

    def hold(self, *, alone: bool) -> None:
        """See Postings."""
        rows_of(_HOLD_ALONE if alone else _HOLD, [_WRITING])


@cache
def _best(per: int, most: int) -> str:
    return _BEST.format(words=MOST_WORDS, per=per, most=most)


def _slots(weights: Sequence[Weight], shelf: Shelf) -> list[str]:
    return [_array(each.key * SHELVES + shelf for each in weights), _array(each.weight for each in weights)]


def _array(numbers: Iterable[int]) -> str:
    """As PostgreSQL writes them: the driver takes long over lists."""
    return "{" + ",".join(map(str, numbers)) + "}"
