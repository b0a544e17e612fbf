"""What was told of reviews that are due, what bulletins are about, and the words of public titles."""

import django.db.models.deletion
from django.db import migrations, models

from threads.rules.words import terms_of

PUBLIC = "public"


def find_words(apps, _schema_editor):
    """Practices that are public are found by the words of their titles."""
    words = apps.get_model("threads", "PublicWord")
    titles = apps.get_model("threads", "Practice").objects.filter(audience=PUBLIC).values_list("pk", "public_text")
    for pk, text in titles.iterator(chunk_size=200):
        found = dict.fromkeys(terms_of(text.get("title", "")))
        words.objects.bulk_create([words(practice_id=pk, word=word) for word in found], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("threads", "0017_trust_and_curation")]

    operations = [
        migrations.RemoveField(model_name="practicenews", name="actor"),
        migrations.RemoveField(model_name="practice", name="adopted_count"),
        migrations.AddField(
            model_name="practice", name="due_told", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="bulletin",
            name="practice",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                to="threads.practice",
            ),
        ),
        migrations.AddField(
            model_name="bulletin",
            name="playbook",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                to="threads.playbook",
            ),
        ),
        migrations.CreateModel(
            name="PublicWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=40)),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="threads.practice"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("word", "practice"), name="public_word_once")],
            },
        ),
        migrations.RunPython(find_words, migrations.RunPython.noop),
    ]
