"""PostgreSQL: a tsvector with GIN. How frequent a word is comes from the planner's statistics, else from counting."""

from collections.abc import Collection

from django.db import connection
from django.db.models import BooleanField, Func, QuerySet
from django.db.models.expressions import RawSQL

from threads.models import SearchEntry
from threads.queries.fulltext.base import Wanted, kind_words

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

    def matching(
        self,
        entries: QuerySet[SearchEntry],
        expression: str,
        *,
        in_title: bool = False,
        newest: int = 0,
        listed: bool = False,
    ) -> QuerySet[SearchEntry]:
        """See FullText. What the viewer may see the planner takes for a few rows, so that it does not stop early."""
        if newest:
            return entries.filter(pk__in=_newest(expression, newest, in_title=in_title)).order_by("-id")
        matches = _matches(expression, in_title=in_title)
        # The planner would read all entries of a common word to find those of a few.
        return entries.filter(_without_index(matches) if listed else matches).order_by("-id")

    def frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """See FullText. The thousand most frequent words are known from the last ANALYZE; the others are counted."""
        with connection.cursor() as cursor:
            cursor.execute(_STATISTICS, [list(terms)])
            known: dict[str, int] = dict(cursor.fetchall())
            cursor.execute(_COUNTED, [MOST_COUNTED, [term for term in terms if term not in known]])
            return known | {word: count for word, count in cursor.fetchall() if count}


def _matches(expression: str, *, in_title: bool) -> RawSQL:
    """The words of titles and the kinds are indexed by themselves too, under just this expression."""
    if in_title:
        return RawSQL("ts_filter(threads_searchentry.vector, '{a,c}') @@ %s::tsquery", (expression,), BooleanField())
    return RawSQL("threads_searchentry.vector @@ %s::tsquery", (expression,), BooleanField())


def _without_index(condition: RawSQL) -> Func:
    """The same in words that no index answers."""
    return Func(condition, template="(%(expressions)s) IS TRUE", output_field=BooleanField())


def _newest(expression: str, most: int, *, in_title: bool) -> RawSQL:
    if in_title:
        return RawSQL(
            "SELECT id FROM threads_searchentry WHERE ts_filter(vector, '{a,c}') @@ %s::tsquery"
            " ORDER BY id DESC LIMIT %s",
            (expression, most),
        )
    return RawSQL(
        "SELECT id FROM threads_searchentry WHERE vector @@ %s::tsquery ORDER BY id DESC LIMIT %s", (expression, most)
    )


def _expression(wanted: Wanted) -> str:
    phrases = [f"({' <-> '.join(phrase)})" for phrase in wanted.phrases]
    joined = (" | " if wanted.any_of else " & ").join(phrases)
    if wanted.begun:
        joined = " & ".join([f"({joined})", _begun(wanted.begun)][not joined :])
    kinds = " | ".join(kind_words(wanted.kinds))
    return f"({kinds}) & ({joined})" if kinds else joined


def _begun(words: tuple[str, ...]) -> str:
    first, *others = words
    return f"({' | '.join([f'{first}:*', *others])})"
