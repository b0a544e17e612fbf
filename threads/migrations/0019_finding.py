"""Playbooks come into the search index; what `similar` finds with is filled from the entries of that.

Postings are read by word from the greatest impact down, and by entry. On SQLite the table is its own index (WITHOUT
ROWID); a later migration that alters it has to make it anew that way. On PostgreSQL the widest column comes first, so
that rows have no gaps. There are no foreign keys: a problem has some fifty rows, each of which would be checked.
"""

from collections import defaultdict
from typing import Any

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

from community.rendering.markdown import plain_text
from threads.rules.likeness import impacts
from threads.rules.ranking import size
from threads.rules.words import terms_of

TABLE = {
    "sqlite": """
        CREATE TABLE threads_posting (
            slot integer NOT NULL, impact smallint NOT NULL, entry_id bigint NOT NULL,
            PRIMARY KEY (slot, impact, entry_id)
        ) WITHOUT ROWID
    """,
    "postgresql": """
        CREATE TABLE threads_posting (
            entry_id bigint NOT NULL, slot integer NOT NULL, impact smallint NOT NULL,
            PRIMARY KEY (slot, impact, entry_id)
        )
    """,
}
BY_ENTRY = "CREATE INDEX threads_posting_of_entry ON threads_posting (entry_id, slot, impact)"
SHELVES = {"thread": 0, "practice": 1, "playbook": 2}
AT_ONCE = 2_000
PLAYBOOKS_AT_ONCE = 200
MAX_TEXT = 40_000
PUT = "INSERT INTO threads_posting (slot, impact, entry_id) VALUES (%s, %s, %s)"


def make(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the table and its index."""
    editor.execute(TABLE[editor.connection.vendor], params=None)
    editor.execute(BY_ENTRY, params=None)


def remove(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Undo `make`."""
    editor.execute("DROP TABLE threads_posting", params=None)


def index_playbooks(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Have playbooks found by what they say: until now they had no entries."""
    playbooks, entries = (apps.get_model("threads", name).objects for name in ("Playbook", "SearchEntry"))
    last = 0
    while True:
        rows = playbooks.filter(pk__gt=last).order_by("pk").select_related("product").prefetch_related("tags")
        batch = list(rows[:PLAYBOOKS_AT_ONCE])
        if not batch:
            break
        last = batch[-1].pk
        entries.filter(kind="playbook", object_id__in=[row.pk for row in batch]).delete()
        texts = [(row.pk, texts_of(row)) for row in batch]
        entries.bulk_create(
            entries.model(kind="playbook", subject_id=pk, object_id=pk, size=size(**said), **said) for pk, said in texts
        )


def texts_of(playbook: Any) -> dict[str, str]:
    """The words of a playbook: its title, its product and tags, what it is for, its steps with their answers."""
    labels = [playbook.product.name] if playbook.product else []
    body = [plain_text(playbook.purpose_html)]
    for step in playbook.steps:
        body += [step["title"], plain_text(playbook.html.get(step["key"], ""))]
        body += [option["label"] for option in step["options"]]
    return {
        "title": words_of(playbook.title),
        "labels": words_of(*labels, *(tag.slug for tag in playbook.tags.all())),
        "body": words_of(" · ".join(text for text in body if text)),
    }


def words_of(*texts: str) -> str:
    """The words of texts as the index keeps them."""
    return " ".join(term for text in texts for term in terms_of(text[:MAX_TEXT]))


def drop_playbooks(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Undo `index_playbooks`."""
    apps.get_model("threads", "SearchEntry").objects.filter(kind="playbook").delete()


def fill(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Write what the entries that are there say. How many things have each word is counted at the end."""
    entries, words = (apps.get_model("threads", name) for name in ("SearchEntry", "SearchWord"))
    keys: dict[str, int] = {}
    documents: defaultdict[str, int] = defaultdict(int)
    last = 0
    while True:
        rows = entries.objects.filter(kind__in=SHELVES, pk__gt=last).order_by("pk")
        batch = list(rows.values_list("pk", "kind", "title", "labels", "body")[:AT_ONCE])
        if not batch:
            break
        last = batch[-1][0]
        found = [(pk, SHELVES[kind], impacts(title, labels, body)) for pk, kind, title, labels, body in batch]
        new = sorted({word for _pk, _shelf, counts in found for word in counts} - keys.keys())
        words.objects.bulk_create([words(word=word) for word in new])
        keys |= dict(words.objects.filter(pk__gt=max(keys.values(), default=0)).values_list("word", "pk"))
        made = []
        for pk, shelf, counts in found:
            for word, impact in counts.items():
                documents[word] += 1
                made.append((keys[word] * 4 + shelf, impact, pk))
        with editor.connection.cursor() as cursor:
            cursor.executemany(PUT, sorted(made))
    now = timezone.now()
    counted = [words(pk=keys[word], documents=count, counted_at=now) for word, count in documents.items()]
    words.objects.bulk_update(counted, ["documents", "counted_at"], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('threads', '0018_news_bulletins_and_public_words'),
    ]

    operations = [
        migrations.AlterField(
            model_name='searchentry',
            name='kind',
            field=models.CharField(choices=[('thread', 'Thread'), ('post', 'Post'), ('practice', 'Practice'), ('member', 'Member'), ('event', 'Event'), ('playbook', 'Playbook')], max_length=10),
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('word', models.CharField(max_length=40, unique=True)),
                ('documents', models.PositiveIntegerField(default=0)),
                ('counted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['counted_at'], name='search_word_to_count')],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Posting',
                    fields=[
                        ('pk', models.CompositePrimaryKey('slot', 'impact', 'entry_id', blank=True, editable=False, primary_key=True, serialize=False)),
                        ('slot', models.IntegerField()),
                        ('impact', models.SmallIntegerField()),
                        ('entry_id', models.BigIntegerField()),
                    ],
                    options={
                        'indexes': [models.Index(fields=['entry_id', 'slot', 'impact'], name='threads_posting_of_entry')],
                    },
                ),
            ],
            database_operations=[migrations.RunPython(make, remove)],
        ),
        migrations.RunPython(index_playbooks, drop_playbooks),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
