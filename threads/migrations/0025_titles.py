"""PostgreSQL: titles are indexed by themselves.

Its index of all words knows in which entries a word is, not whether in the title: of a common word each entry had to be
read to tell.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TITLES = """
    CREATE INDEX threads_searchentry_title ON threads_searchentry
    USING gin (ts_filter(vector, '{a,c}')) WITH (fastupdate = off)
"""


def add(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TITLES)
        schema_editor.execute("ANALYZE threads_searchentry")  # what is in an index of an expression is known from then on


def take_away(_apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX threads_searchentry_title")


class Migration(migrations.Migration):
    dependencies = (("threads", "0024_vectors"),)
    operations = (migrations.RunPython(add, take_away),)
