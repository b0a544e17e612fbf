"""PostgreSQL: a tsvector with GIN. How frequent a word is comes from the planner's statistics, else from counting."""

from collections.abc import Collection

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from threads.models import SearchEntry
from threads.queries.fulltext.base import Phrase, Wanted, kind_words

MOST_COUNTED = 2_000

_STATISTICS = """
    SELECT common.word, (common.share * greatest(relation.reltuples, 1))::bigint
    FROM pg_stats JOIN pg_class AS relation ON relation.oid = 'threads_searchentry'::regclass
    CROSS JOIN LATERAL (SELECT most_common_elems::text::text[] AS words) AS listed
    CROSS JOIN LATERAL unnest(words, most_common_elem_freqs[:cardinality(words)]) AS common(word, share)
    WHERE schemaname = current_schema() AND tablename = 'threads_searchentry' AND attname = 'vector'
        AND common.word = ANY(%s)
"""
_COUNTED = """
    SELECT word, (SELECT count(*) FROM (
        SELECT 1 FROM threads_searchentry WHERE vector @@ word::tsquery LIMIT %s
    ) AS counted)
    FROM unnest(%s::text[]) AS word
"""


class PostgresFullText:
    """The planner chooses between the index and walking back from the newest entry."""

    def expression(self, wanted: Wanted) -> str:
        """See FullText."""
        return _expression(wanted)

    def matching(self, entries: QuerySet[SearchEntry], expression: str) -> QuerySet[SearchEntry]:
        """See FullText."""
        matches = RawSQL("threads_searchentry.vector @@ %s::tsquery", (expression,), BooleanField())
        return entries.filter(matches).order_by("-id")

    def frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """See FullText. The thousand most frequent words are known from the last ANALYZE; the others are counted."""
        with connection.cursor() as cursor:
            cursor.execute(_STATISTICS, [list(terms)])
            known: dict[str, int] = dict(cursor.fetchall())
            cursor.execute(_COUNTED, [MOST_COUNTED, [term for term in terms if term not in known]])
            return known | {word: count for word, count in cursor.fetchall() if count}


def _expression(wanted: Wanted) -> str:
    mark = ":A" if wanted.in_title else ""
    phrases = [_phrase(phrase, mark) for phrase in wanted.phrases]
    joined = (" | " if wanted.any_of else " & ").join(phrases)
    kinds = " | ".join(kind_words(wanted.kinds))
    return f"({kinds}) & ({joined})" if kinds else joined


def _phrase(phrase: Phrase, mark: str) -> str:
    return "(" + " <-> ".join(f"{word}{mark}" for word in phrase) + ")"
