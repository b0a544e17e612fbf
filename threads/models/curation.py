"""What curators work on beside reviews: likely duplicates, samples that are scored, and whose turn it is."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.models import Member, Space
from community.rules import clock
from threads.models.practices import Practice
from threads.models.threads import Thread


class DuplicatePair(models.Model):
    """Two practices that may say the same; `score` is how like each other they are. The lower id is first.

    `claimed_by` looks into it until `claimed_until`.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DISMISSED = "dismissed", _("Not the same")
        MERGED = "merged", _("Merged")

    first = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField(default=0)
    found_at = models.DateTimeField(default=clock.now)
    proposed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-score", "id")
        constraints = (
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_until__isnull=True)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="pair_claimed_with_end",
            ),
        )

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"


class SamplingRound(models.Model):
    """A random draw of what a space resolved and recorded, to be scored. `seed` makes the draw repeatable."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    seed = models.BigIntegerField()
    size = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, blank=True, default="")
    since = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"sample {self.pk} of {self.space_id}"


class Sample(models.Model):
    """A practice or a resolved thread that was drawn, and how it was scored: yes, no or na for each criterion."""

    round = models.ForeignKey(SamplingRound, on_delete=models.CASCADE, related_name="samples")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    scorer = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    scores = models.JSONField(default=dict)
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.TextField(blank=True, default="")
    scored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(practice__isnull=False, thread__isnull=True)
                | Q(practice__isnull=True, thread__isnull=False),
                name="sample_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["round", "practice"], condition=Q(practice__isnull=False), name="practice_sampled_once"
            ),
            models.UniqueConstraint(
                fields=["round", "thread"], condition=Q(thread__isnull=False), name="thread_sampled_once"
            ),
        )

    def __str__(self) -> str:
        return f"sample {self.pk} in {self.round_id}"


class CuratorTerm(models.Model):
    """From when until when somebody curates a space. `grant_made` says that their role there is this term's own."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="curator_terms")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="curator_terms")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    grant_made = models.BooleanField(default=False)

    class Meta:
        ordering = ("starts_at", "id")
        indexes = (models.Index(fields=["starts_at"], condition=Q(ended_at__isnull=True), name="term_running"),)
        constraints = (
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="term_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"{self.member_id} curates {self.space_id}"
