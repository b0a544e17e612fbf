"""How large the search index is, in bytes, by what it is made of."""

from django.db import connection

PARTS = {
    "entries": "threads_searchentry",
    "full text": "threads_searchwords",
    "postings": "threads_posting",
    "words": "threads_searchword",
}
_FULL_TEXT = "threads_searchentry_vector"
# The tables of a full-text index are called by its name and what they are for.
_SQLITE = """
    SELECT sum(pgsize) FROM sqlite_master JOIN dbstat USING (name) WHERE aggregate = TRUE AND tbl_name GLOB %s
"""


def sizes() -> dict[str, int]:
    """Of the database in use. On PostgreSQL the words of each entry as full text are kept beside it, in `entries`."""
    if connection.vendor == "sqlite":
        return {part: _in_sqlite(table) for part, table in PARTS.items()}
    found = {
        part: _in_postgresql("pg_total_relation_size", table) for part, table in PARTS.items() if part != "full text"
    }
    index = _in_postgresql("pg_relation_size", _FULL_TEXT)
    return found | {"entries": found["entries"] - index, "full text": index}


def _in_sqlite(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE, [f"{table}_*" if table == PARTS["full text"] else table])
        (found,) = cursor.fetchone()
        return int(found or 0)


def _in_postgresql(function: str, relation: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s::regclass)", [relation])
        (found,) = cursor.fetchone()
        return int(found)
