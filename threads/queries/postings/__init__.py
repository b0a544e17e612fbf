"""Postings behind one small interface: the same entries in the same order on both databases."""

from django.db import connection

from threads.queries.postings.base import Postings
from threads.queries.postings.postgres import PostgresPostings
from threads.queries.postings.sqlite import SqlitePostings

__all__ = ["Postings", "postings"]

_ENGINES: dict[str, type[Postings]] = {"sqlite": SqlitePostings, "postgresql": PostgresPostings}


def postings() -> Postings:
    """Those of the database in use."""
    return _ENGINES[connection.vendor]()
