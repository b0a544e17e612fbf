"""SQLite: FTS5, with its own list of words for how frequent each is."""

import json
from collections.abc import Collection

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from threads.models import SearchEntry
from threads.queries.fulltext.base import Wanted, kind_words

_FREQUENCIES = "SELECT term, doc FROM threads_searchvocabulary WHERE term IN (SELECT value FROM json_each(%s))"


class SqliteFullText:
    """FTS5 walks the entries of a word in either order of their ids, so newest first costs nothing."""

    def expression(self, wanted: Wanted) -> str:
        """See FullText."""
        return _expression(wanted)

    def matching(
        self,
        entries: QuerySet[SearchEntry],
        expression: str,
        *,
        in_title: bool = False,  # noqa: ARG002  (the expression names its columns)
        newest: int = 0,
        listed: bool = False,
    ) -> QuerySet[SearchEntry]:
        """See FullText."""
        if newest:
            chosen = RawSQL(
                "SELECT rowid FROM threads_searchwords WHERE threads_searchwords MATCH %s ORDER BY rowid DESC LIMIT %s",
                (expression, newest),
            )
            return entries.filter(pk__in=chosen).order_by("-id")
        if listed:
            # With the plus no index is asked for the ids: FTS5 would be asked again for each, or read all that match.
            matches = RawSQL(
                "+threads_searchentry.id IN (SELECT rowid FROM threads_searchwords WHERE threads_searchwords MATCH %s)",
                (expression,),
                BooleanField(),
            )
            return entries.filter(matches).order_by(RawSQL("+threads_searchentry.id", ()).desc())
        joined = entries.extra(
            tables=["threads_searchwords"],
            where=["threads_searchwords.rowid = threads_searchentry.id", "threads_searchwords MATCH %s"],
            params=[expression],
        )
        return joined.order_by(RawSQL("threads_searchwords.rowid", ()).desc())

    def frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """See FullText. Exact."""
        with connection.cursor() as cursor:
            cursor.execute(_FREQUENCIES, [json.dumps(list(terms))])
            return dict(cursor.fetchall())


def _expression(wanted: Wanted) -> str:
    phrases = [f'"{" ".join(phrase)}"' for phrase in wanted.phrases]
    joined = (" OR " if wanted.any_of else " AND ").join(phrases)
    if wanted.begun:
        joined = " AND ".join([f"({joined})", _begun(wanted.begun)][not joined :])
    columns = "title" if wanted.in_title else "{title labels body}"
    kinds = " OR ".join(f'"{word}"' for word in kind_words(wanted.kinds))
    return f"{columns} : ({joined})" if not kinds else f"(kind : ({kinds})) AND ({columns} : ({joined}))"


def _begun(words: tuple[str, ...]) -> str:
    first, *others = words
    return "(" + " OR ".join([f'"{first}"*', *(f'"{word}"' for word in others)]) + ")"
