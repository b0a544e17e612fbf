"""On PostgreSQL, what makes a text's words into a tsvector is planned once a connection, not for each text.

A function in SQL with a FROM of its own is read and planned anew whenever it is called, which took longer than all else
that writing an entry did. It gives what it gave, so the index needs not be made anew.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

PLANNED_ONCE = """
    CREATE OR REPLACE FUNCTION threads_search_words(words text, weight "char") RETURNS tsvector
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    BEGIN
        IF words = '' THEN
            RETURN ''::tsvector;
        END IF;
        RETURN setweight(coalesce(string_agg(word || ':' || least(place, 16383), ' '), '')::tsvector, weight)
            FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS each(word, place) WHERE word <> '';
    END
    $$
"""
PLANNED_EACH_TIME = """
    CREATE OR REPLACE FUNCTION threads_search_words(words text, weight "char") RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT setweight(coalesce(string_agg(word || ':' || least(place, 16383), ' '), '')::tsvector, weight)
        FROM unnest(string_to_array(words, ' ')) WITH ORDINALITY AS each(word, place) WHERE word <> ''
    $$
"""


def plan_once(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Have the function keep its plan."""
    if editor.connection.vendor == "postgresql":
        editor.execute(PLANNED_ONCE, params=None)


def plan_each_time(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Undo it."""
    if editor.connection.vendor == "postgresql":
        editor.execute(PLANNED_EACH_TIME, params=None)


class Migration(migrations.Migration):
    dependencies = (("threads", "0003_fewer_indexes"),)
    operations = (migrations.RunPython(plan_once, plan_each_time),)
