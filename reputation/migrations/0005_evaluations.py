"""Evaluations, what is shown of them, coaches, and answers to notes."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import community.rules.clock

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
KINDS = [("peer", "Peers"), ("requester", "Requesters")]
QUALITIES = ("accuracy", "completeness", "clarity", "courtesy", "timeliness")


def of(to, name="+", **more):
    """A reference that keeps what it refers to."""
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to, **more)


def scores_known():
    """Each quality is left out, or 1 to 5."""
    found = models.Q()
    for name in QUALITIES:
        found &= models.Q(**{f"{name}__isnull": True}) | models.Q(**{f"{name}__gte": 1, f"{name}__lte": 5})
    return found


def one_given():
    """At least one quality is rated."""
    found = models.Q()
    for name in QUALITIES:
        found |= models.Q(**{f"{name}__isnull": False})
    return found


MEMBER = settings.AUTH_USER_MODEL


class Migration(migrations.Migration):

    dependencies = [
        ("community", "0005_marks"),
        ("threads", "0001_initial"),
        ("reputation", "0004_kudos"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                ID,
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                *((name, models.PositiveSmallIntegerField(blank=True, null=True)) for name in QUALITIES),
                ("product", models.CharField(blank=True, default="", max_length=60)),
                ("tags", models.JSONField(default=list)),
                ("weight", models.FloatField()),
                ("note", models.TextField(blank=True, default="")),
                (
                    "note_to",
                    models.CharField(
                        blank=True,
                        choices=[("person", "To them"), ("coach", "To their coach")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("shown_from", models.DateTimeField(blank=True, null=True)),
                ("given_at", models.DateTimeField(default=community.rules.clock.now)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("set_aside_at", models.DateTimeField(blank=True, null=True)),
                ("rater", of(MEMBER, "evaluations_given")),
                ("rated", of(MEMBER, "evaluations_received")),
                ("thread", of("threads.thread", "evaluations")),
                ("post", of("threads.post", "evaluations", blank=True, null=True)),
                ("space", of("community.space")),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=["rater", "rated", "thread"],
                        condition=models.Q(post__isnull=True),
                        name="evaluation_of_a_part_once",
                    ),
                    models.UniqueConstraint(
                        fields=["rater", "rated", "thread", "post"],
                        condition=models.Q(post__isnull=False),
                        name="evaluation_of_a_post_once",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(rater=models.F("rated")), name="no_evaluation_of_oneself"
                    ),
                    models.CheckConstraint(condition=scores_known(), name="evaluation_scores_known"),
                    models.CheckConstraint(condition=one_given(), name="evaluation_says_something"),
                    models.CheckConstraint(
                        condition=models.Q(note="", note_to="") | (~models.Q(note="") & ~models.Q(note_to="")),
                        name="evaluation_note_goes_somewhere",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ID,
                ("kind", models.CharField(choices=KINDS, max_length=10)),
                (
                    "quality",
                    models.CharField(choices=[(name, name.capitalize()) for name in QUALITIES], max_length=20),
                ),
                ("scope", models.CharField(blank=True, default="", max_length=80)),
                (
                    "window",
                    models.CharField(
                        blank=True,
                        choices=[("", "In all"), ("year", "In the last twelve months")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("value", models.PositiveSmallIntegerField()),
                ("raters", models.PositiveIntegerField()),
                ("parts", models.JSONField()),
                ("at", models.DateTimeField(default=community.rules.clock.now)),
                ("rated", of(MEMBER, "tallies", db_index=False)),
            ],
            options={
                "ordering": ("id",),
                "indexes": [models.Index(fields=["rated", "kind", "quality"], name="tally_of_member")],
            },
        ),
        migrations.CreateModel(
            name="Coaching",
            fields=[
                ID,
                ("since", models.DateTimeField(default=community.rules.clock.now)),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("organization", of("community.organization")),
                ("coach", of(MEMBER, "coaches")),
                ("member", of(MEMBER, "coached_by")),
                ("named_by", of(MEMBER)),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=["member"], condition=models.Q(until__isnull=True), name="one_coach_at_a_time"
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(coach=models.F("member")), name="nobody_coaches_themselves"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteAnswer",
            fields=[
                ID,
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("thanks", "Thanks"),
                            ("disagree", "I see it differently"),
                            ("review", "Ask for a review"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField(default=community.rules.clock.now)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("kept", "It stands"), ("set_aside", "Set aside")],
                        default="",
                        max_length=10,
                    ),
                ),
                ("outcome_words", models.TextField(blank=True, default="")),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", of(MEMBER, blank=True, null=True)),
                (
                    "evaluation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="reputation.evaluation"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["at"], condition=models.Q(answer="review", outcome=""), name="note_review_waiting"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(outcome="", decided_by__isnull=True, decided_at__isnull=True)
                        | models.Q(answer="review", decided_by__isnull=False, decided_at__isnull=False),
                        name="review_of_a_note_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(answer="thanks") | ~models.Q(words=""), name="answer_to_a_note_says_why"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RaterLook",
            fields=[
                ID,
                ("at", models.DateTimeField(default=community.rules.clock.now)),
                ("by", of(MEMBER)),
                ("answer", of("reputation.noteanswer", "looks")),
            ],
            options={
                "ordering": ("id",),
                "constraints": [models.UniqueConstraint(fields=["answer", "by"], name="rater_looked_at_once")],
            },
        ),
    ]
