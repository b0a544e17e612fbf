"""What was shown, opened and taken while somebody was about to ask, one row a sitting."""

import django.db.models.deletion
from django.db import migrations, models

import community.rules.clock


def keep_what_was_chosen(apps, _schema_editor):
    """What was remembered before was always that an answer was taken."""
    deflections, answers = apps.get_model("threads", "Deflection"), apps.get_model("threads", "LikelyAnswer")
    deflections.objects.update(outcome="solved", ended_at=models.F("at"))
    told = deflections.objects.exclude(chosen="").values_list("pk", "chosen").order_by("pk")
    rows = (answers(deflection_id=pk, thing=chosen, opened=True, solved=True) for pk, chosen in told.iterator())
    answers.objects.bulk_create(rows, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0005_marks"),
        ("threads", "0021_spelling"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="deflection", name="deflection_by_chosen"),
        migrations.AddField("deflection", "sitting", models.CharField(blank=True, default="", max_length=24)),
        migrations.AddField(
            "deflection",
            "space",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                to="community.space",
            ),
        ),
        migrations.AddField(
            "deflection",
            "outcome",
            models.CharField(
                choices=[("looking", "Looking"), ("opened", "Opened"), ("solved", "Solved"), ("posted", "Posted")],
                default="looking",
                max_length=8,
            ),
        ),
        migrations.AddField(
            "deflection",
            "thread",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                to="threads.thread",
            ),
        ),
        migrations.AddField("deflection", "ended_at", models.DateTimeField(blank=True, null=True)),
        migrations.AlterField("deflection", "text", models.TextField(blank=True)),
        migrations.AlterField("deflection", "chosen", models.CharField(blank=True, default="", max_length=60)),
        migrations.AlterField("deflection", "at", models.DateTimeField(default=community.rules.clock.now)),
        migrations.CreateModel(
            name="LikelyAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("thing", models.CharField(max_length=60)),
                ("opened", models.BooleanField(default=False)),
                ("solved", models.BooleanField(default=False)),
                (
                    "deflection",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="answers",
                        to="threads.deflection",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            "likelyanswer", models.UniqueConstraint(fields=["deflection", "thing"], name="likely_answer_once")
        ),
        migrations.AddIndex("likelyanswer", models.Index(fields=["thing", "id"], name="likely_answer_of_thing")),
        migrations.AddConstraint(
            "deflection",
            models.UniqueConstraint(
                condition=models.Q(("sitting", ""), _negated=True), fields=["member", "sitting"],
                name="deflection_once",
            ),
        ),
        migrations.AddIndex(
            "deflection",
            models.Index(
                condition=models.Q(("text", ""), _negated=True), fields=["at"], name="deflection_with_text"
            ),
        ),
        migrations.RunPython(keep_what_was_chosen, migrations.RunPython.noop),
    ]
