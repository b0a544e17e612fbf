"""Spellings of the words that there are, for who mistypes them. The worker fills them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("threads", "0020_masked_anew")]

    operations = [
        migrations.AddField(model_name="searchword", name="learned", field=models.BooleanField(default=False)),
        migrations.AddIndex(
            model_name="searchword",
            index=models.Index(condition=models.Q(("learned", False)), fields=["id"], name="search_word_to_learn"),
        ),
        migrations.CreateModel(
            name="SearchSpelling",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "word_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=40)),
                (
                    "word",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="spellings",
                        to="threads.searchword",
                    ),
                ),
            ],
        ),
    ]
