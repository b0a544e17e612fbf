"""Searches that members keep, what each told of, and what the worker has not asked them about yet."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import community.rules.clock


class Migration(migrations.Migration):
    dependencies = [
        ("threads", "0022_sittings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="IndexWork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("thread", "Thread"),
                            ("post", "Post"),
                            ("practice", "Practice"),
                            ("member", "Member"),
                            ("event", "Event"),
                            ("playbook", "Playbook"),
                        ],
                        max_length=10,
                    ),
                ),
                ("object_id", models.BigIntegerField()),
                ("moved", models.CharField(blank=True, default="", max_length=40)),
                ("after", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField(default=community.rules.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("text", models.CharField(max_length=1000)),
                ("kind", models.CharField(blank=True, default="", max_length=10)),
                ("notifies", models.BooleanField(default=False)),
                ("key", models.CharField(blank=True, default="", max_length=80)),
                ("since", models.DateTimeField(default=community.rules.clock.now)),
                ("made_at", models.DateTimeField(default=community.rules.clock.now)),
                ("opened_at", models.DateTimeField(default=community.rules.clock.now)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_searches",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="SavedHit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10)),
                ("subject_id", models.BigIntegerField()),
                ("place", models.CharField(max_length=40)),
                ("noticed", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=community.rules.clock.now)),
                (
                    "search",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hits",
                        to="threads.savedsearch",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="savedsearch",
            index=models.Index(condition=models.Q(("notifies", True)), fields=["key"], name="saved_search_by_key"),
        ),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=models.CheckConstraint(
                condition=models.Q(("notifies", False), models.Q(("key", ""), _negated=True), _connector="OR"),
                name="saved_search_notifies_by_key",
            ),
        ),
        migrations.AddIndex(
            model_name="savedhit",
            index=models.Index(fields=["search", "-at"], name="saved_hit_latest"),
        ),
        migrations.AddIndex(
            model_name="savedhit",
            index=models.Index(fields=["at"], name="saved_hit_oldest"),
        ),
        migrations.AddConstraint(
            model_name="savedhit",
            constraint=models.UniqueConstraint(fields=("search", "kind", "subject_id"), name="saved_hit_once"),
        ),
    ]
