"""SQLite: one list after the other, and the values as JSON, so that few different statements are prepared."""

import json
from collections.abc import Collection, Sequence
from functools import cache

from community.rules.statements import execute, rows_of
from threads.models import SHELVES, Shelf
from threads.queries.postings.base import MOST_WORDS, Row, Unseen
from threads.rules.likeness import Weight

# The values as one table, and each list by its place there: those that are empty on this shelf have none.
_WANTED = """
    WITH wanted(slot, weight) AS MATERIALIZED (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(%s)
        WHERE EXISTS (SELECT 1 FROM threads_posting WHERE slot = json_extract(value, '$[0]')) ORDER BY key LIMIT {words}
    )"""
_LIST = """
    SELECT * FROM (
        SELECT entry_id, impact * (SELECT weight FROM wanted LIMIT 1 OFFSET {place}) AS score FROM threads_posting
        WHERE slot = (SELECT slot FROM wanted LIMIT 1 OFFSET {place}) ORDER BY impact DESC, entry_id DESC LIMIT {per}
    )"""
_BEST = "{wanted} SELECT entry_id FROM ({lists}) GROUP BY entry_id ORDER BY sum(score) DESC, entry_id DESC LIMIT {most}"
# The order of the joins is said (CROSS), and by which index: what is known of the table's statistics may be old.
_SCORES = """
    WITH wanted(slot, weight) AS MATERIALIZED (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(%s)
    )
    SELECT posting.entry_id, sum(posting.impact * wanted.weight)
    FROM json_each(%s) AS entry CROSS JOIN wanted
    CROSS JOIN threads_posting AS posting INDEXED BY threads_posting_of_entry
        ON posting.entry_id = entry.value AND posting.slot = wanted.slot
    GROUP BY posting.entry_id
"""
_HELD = "SELECT slot, impact, entry_id FROM threads_posting WHERE entry_id IN (SELECT value FROM json_each(%s))"
_GIVEN = """
    SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(%s)
"""
_PUT = f"INSERT INTO threads_posting (slot, impact, entry_id) {_GIVEN}"
_DROP = f"DELETE FROM threads_posting WHERE (slot, impact, entry_id) IN ({_GIVEN})"  # noqa: S608
_WORDS = """
    SELECT word, id, documents, counted_at IS NOT NULL FROM threads_searchword
    WHERE word IN (SELECT value FROM json_each(%s))
"""
_COUNTED = """
    SELECT value, (SELECT count(*) FROM (
        SELECT 1 FROM threads_posting WHERE slot BETWEEN value * {shelves} AND value * {shelves} + {last} LIMIT %s
    )) FROM json_each(%s)
"""


class SqlitePostings:
    """See Postings."""

    def best(self, weights: Sequence[Weight], shelf: Shelf, *, per: int, most: int) -> list[Unseen]:
        """See Postings."""
        return [entry for (entry,) in rows_of(_best(per, most), [_slots(weights, shelf)])]

    def scores(self, entries: Collection[int], weights: Sequence[Weight], shelf: Shelf) -> dict[int, int]:
        """See Postings."""
        if not (entries and weights):
            return {}
        return dict(rows_of(_SCORES, [_slots(weights, shelf), json.dumps(list(entries))]))

    def held(self, entries: Collection[int]) -> list[Row]:
        """See Postings."""
        return [(slot, impact, entry) for slot, impact, entry in rows_of(_HELD, [json.dumps(list(entries))])]

    def put(self, rows: Sequence[Row]) -> None:
        """See Postings."""
        if rows:
            execute(_PUT, [json.dumps(rows)])

    def drop(self, rows: Sequence[Row]) -> None:
        """See Postings."""
        if rows:
            execute(_DROP, [json.dumps(rows)])

    def known(self, words: Collection[str]) -> dict[str, tuple[int, int, bool]]:
        """See Postings."""
        rows = rows_of(_WORDS, [json.dumps(list(words))])
        return {word: (key, documents, bool(counted)) for word, key, documents, counted in rows}

    def counted(self, keys: Collection[int], *, most: int) -> dict[int, int]:
        """See Postings."""
        sql = _COUNTED.format(shelves=SHELVES, last=SHELVES - 1)
        return dict(rows_of(sql, [most, json.dumps(list(keys))]))

    def hold(self, *, alone: bool) -> None:
        """See Postings. There is one writer at a time."""


@cache
def _best(per: int, most: int) -> str:
    lists = " UNION ALL ".join(_LIST.format(place=place, per=per) for place in range(MOST_WORDS))
    return _BEST.format(wanted=_WANTED.format(words=MOST_WORDS), lists=lists, most=most)


def _slots(weights: Sequence[Weight], shelf: Shelf) -> str:
    return json.dumps([(each.key * SHELVES + shelf, each.weight) for each in weights])
