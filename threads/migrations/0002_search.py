"""The full-text index over SearchEntry, in each database's own way.

The words come prepared (see `threads.rules.words`), so neither database analyses anything: SQLite's `ascii`
tokenizer and PostgreSQL's cast to tsvector only split at spaces. PostgreSQL keeps the place of each word and marks
title (A), labels (B) and body (D). The kind of an entry is a word too (C; no text contains its §), so that a search
among the few practices walks past the many posts. PostgreSQL's GIN index goes without the pending list, which every
search would have to read through.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    """
    CREATE VIEW threads_searchcontent AS SELECT id, '§' || kind AS kind, title, labels, body FROM threads_searchentry
    """,
    """
    CREATE VIRTUAL TABLE threads_searchwords USING fts5(
        kind, title, labels, body, content='threads_searchcontent', content_rowid='id', tokenize='ascii'
    )
    """,
    "CREATE VIRTUAL TABLE threads_searchvocabulary USING fts5vocab('threads_searchwords', 'row')",
    """
    CREATE TRIGGER threads_searchentry_added AFTER INSERT ON threads_searchentry BEGIN
        INSERT INTO threads_searchwords(rowid, kind, title, labels, body)
        VALUES (new.id, '§' || new.kind, new.title, new.labels, new.body);
    END
    """,
    """
    CREATE TRIGGER threads_searchentry_gone AFTER DELETE ON threads_searchentry BEGIN
        INSERT INTO threads_searchwords(threads_searchwords, rowid, kind, title, labels, body)
        VALUES ('delete', old.id, '§' || old.kind, old.title, old.labels, old.body);
    END
    """,
    """
    CREATE TRIGGER threads_searchentry_changed AFTER UPDATE OF kind, title, labels, body ON threads_searchentry BEGIN
        INSERT INTO threads_searchwords(threads_searchwords, rowid, kind, title, labels, body)
        VALUES ('delete', old.id, '§' || old.kind, old.title, old.labels, old.body);
        INSERT INTO threads_searchwords(rowid, kind, title, labels, body)
        VALUES (new.id, '§' || new.kind, new.title, new.labels, new.body);
    END
    """,
    "INSERT INTO threads_searchwords(threads_searchwords) VALUES ('rebuild')",
)
SQLITE_BACK = (
    "DROP TRIGGER threads_searchentry_changed",
    "DROP TRIGGER threads_searchentry_gone",
    "DROP TRIGGER threads_searchentry_added",
    "DROP TABLE threads_searchvocabulary",
    "DROP TABLE threads_searchwords",
    "DROP VIEW threads_searchcontent",
)
POSTGRESQL = (
    """
    CREATE FUNCTION threads_search_words(words text, weight "char") RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT setweight(coalesce(string_agg(word || ':' || least(place, 16383), ' '), '')::tsvector, weight)
        FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS each(word, place) WHERE word <> ''
    $$
    """,
    """
    ALTER TABLE threads_searchentry ADD COLUMN vector tsvector GENERATED ALWAYS AS (
        threads_search_words('§' || kind, 'C') || threads_search_words(title, 'A') || threads_search_words(labels, 'B')
        || threads_search_words(body, 'D')
    ) STORED
    """,
    "CREATE INDEX threads_searchentry_vector ON threads_searchentry USING gin (vector) WITH (fastupdate = off)",
)
POSTGRESQL_BACK = (
    "ALTER TABLE threads_searchentry DROP COLUMN vector",
    'DROP FUNCTION threads_search_words(text, "char")',
)


def make(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index, of whatever is already there."""
    _run(editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def remove(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Undo `make`; the entries stay."""
    _run(editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


def _run(editor: BaseDatabaseSchemaEditor, statements: dict[str, tuple[str, ...]]) -> None:
    for statement in statements[editor.connection.vendor]:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = (("threads", "0001_initial"),)
    operations = (migrations.RunPython(make, remove),)
