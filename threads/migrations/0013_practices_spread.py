import community.rules.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("community", "0005_marks"),
        ("threads", "0012_clients_of_records"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="application", name="applied_once"),
        migrations.RenameModel(old_name="Application", new_name="Reuse"),
        migrations.AlterField(
            model_name="reuse",
            name="thread",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reuses", to="threads.thread"
            ),
        ),
        migrations.AlterField(
            model_name="reuse",
            name="practice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reuses", to="threads.practice"
            ),
        ),
        migrations.AddField(
            model_name="reuse", name="practice_version", field=models.PositiveIntegerField(default=1)
        ),
        migrations.AddField(
            model_name="reuse",
            name="solved_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="reuse", name="solved_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(model_name="reuse", name="until", field=models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            model_name="reuse",
            name="ended_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="reuse",
            index=models.Index(
                condition=models.Q(("until__isnull", True)), fields=["practice", "-id"], name="reuse_of_practice"
            ),
        ),
        migrations.AddConstraint(
            model_name="reuse",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)), fields=("thread", "practice"), name="reused_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("solved_at__isnull", True), ("solved_by__isnull", True))
                | models.Q(("solved_at__isnull", False), ("solved_by__isnull", False)),
                name="reuse_solved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="reuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_by__isnull", True), ("until__isnull", False), _connector="OR"),
                name="reuse_ended_at_a_time",
            ),
        ),
        migrations.CreateModel(
            name="Adoption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("adopted", "Adopted"), ("adapted", "Adapted"), ("not_applicable", "Not applicable")],
                        max_length=16,
                    ),
                ),
                ("variant", models.TextField(blank=True, default="")),
                ("variant_html", models.TextField(blank=True, default="")),
                ("reason", models.CharField(blank=True, default="", max_length=400)),
                ("version", models.PositiveIntegerField()),
                (
                    "shares",
                    models.CharField(
                        choices=[
                            ("nothing", "Nothing"), ("state", "That we decided, and what"),
                            ("variant", "That, and our variant"),
                        ],
                        default="state",
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField(default=community.rules.clock.now)),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="adoptions",
                        to="community.organization",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="adoptions", to="threads.practice"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("until__isnull", True)), fields=["organization", "-at"],
                        name="adoption_of_organization",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)), fields=("organization", "practice"),
                        name="adopted_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(models.Q(("variant", ""), _negated=True), ("state", "adapted")),
                            models.Q(models.Q(("state", "adapted"), _negated=True), ("variant", "")),
                            _connector="OR",
                        ),
                        name="adapted_has_a_variant",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "not_applicable"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="not_applicable_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_by__isnull", True), ("until__isnull", False), _connector="OR"),
                        name="adoption_ended_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.CharField(max_length=80)),
                ("wanted", models.BooleanField(default=True)),
                ("since", models.DateTimeField(default=community.rules.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE,
                        related_name="subscriptions", to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE,
                        related_name="+", to="community.organization",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+",
                        to="community.workrole",
                    ),
                ),
            ],
            options={
                "ordering": ("scope", "id"),
                "indexes": [models.Index(fields=["scope"], name="subscription_to_scope")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("member__isnull", False), ("organization__isnull", True), ("role__isnull", True)
                        )
                        | models.Q(
                            ("member__isnull", True), ("organization__isnull", False), ("role__isnull", False),
                            ("wanted", True),
                        ),
                        name="subscription_of_a_member_or_role",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("member__isnull", False)), fields=("member", "scope"),
                        name="member_subscribes_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("member__isnull", True)), fields=("organization", "role", "scope"),
                        name="role_subscribes_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PracticeNews",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("notice", models.CharField(max_length=40)),
                ("version", models.PositiveIntegerField()),
                ("due_at", models.DateTimeField()),
                ("besides", models.JSONField(default=list)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+",
                        to="threads.practice",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["due_at"], name="news_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "notice"), name="news_of_practice_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Bulletin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("center", "My center"), ("organization", "My organization"),
                            ("organizations", "Named organizations"), ("space", "Everyone in the space"),
                        ],
                        default="space",
                        max_length=15,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("acknowledge_until", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(default=community.rules.clock.now)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "audience_organizations",
                    models.ManyToManyField(blank=True, related_name="+", to="community.organization"),
                ),
                (
                    "center",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to="community.center",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to="community.organization",
                    ),
                ),
                (
                    "space",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to="community.space",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to="community.workrole",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("audience", "center"), _negated=True), ("center__isnull", False), _connector="OR"
                        ),
                        name="bulletin_for_a_center_has_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ended_at__isnull", True), ("ended_by__isnull", True))
                        | models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                        name="bulletin_ended_by_somebody",
                    ),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("acknowledge_until__isnull", False), ("ended_at__isnull", True),
                            ("reminded_at__isnull", True),
                        ),
                        fields=["acknowledge_until"],
                        name="bulletin_to_remind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=community.rules.clock.now)),
                (
                    "bulletin",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE,
                        related_name="receipts", to="threads.bulletin",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to="community.organization",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("bulletin", "member"), name="read_once")],
            },
        ),
    ]
