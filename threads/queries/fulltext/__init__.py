"""Full text behind one small interface: the same behaviour on both databases."""

from django.db import connection

from threads.queries.fulltext.base import FullText, Phrase, Wanted
from threads.queries.fulltext.postgres import PostgresFullText
from threads.queries.fulltext.sqlite import SqliteFullText

__all__ = ["FullText", "Phrase", "Wanted", "full_text"]

_ENGINES: dict[str, type[FullText]] = {"sqlite": SqliteFullText, "postgresql": PostgresFullText}


def full_text() -> FullText:
    """The index of the database in use."""
    return _ENGINES[connection.vendor]()
