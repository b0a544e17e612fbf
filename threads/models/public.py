"""What strangers say of public practices. No address is kept: `voter` and `source` stand for one, by a secret key."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Member
from community.rules import clock
from threads.models.practices import Practice
from threads.rules.words import LONGEST_WORD


class PublicWord(models.Model):
    """A word (see `rules.words`) of the title that strangers read, or read last, of a practice: what they search."""

    word = models.CharField(max_length=LONGEST_WORD)
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["word", "practice"], name="public_word_once"),)

    def __str__(self) -> str:
        return self.word


class PublicVote(models.Model):
    """Somebody outside found a practice helpful, or not. `version` is the published one that they read."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="public_votes")
    voter = models.CharField(max_length=64)
    helpful = models.BooleanField()
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["practice", "voter"], name="public_vote_once"),)

    def __str__(self) -> str:
        return f"{self.practice_id}: {self.helpful}"


class PublicReport(models.Model):
    """Somebody outside had another experience with a practice. Plain text, read by who looks after the practice."""

    class Outcome(models.TextChoices):
        CHANGES = "changes", _("It worked with changes")
        FAILED = "failed", _("It did not work")
        OUTDATED = "outdated", _("It is outdated")
        DANGEROUS = "dangerous", _("It is dangerous")

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="public_reports")
    source = models.CharField(max_length=64)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    environment = models.CharField(max_length=400, blank=True, default="")
    text = models.CharField(max_length=2000)
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)
    handled_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["practice", "-id"], name="public_report_of_practice"),
            models.Index(fields=["source", "at"], name="public_report_by_source"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(handled_by__isnull=True, handled_at__isnull=True)
                | Q(handled_by__isnull=False, handled_at__isnull=False),
                name="public_report_handled_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.practice_id}: {self.outcome}"


class PublicKnock(models.Model):
    """Somebody outside did something just now: what limits are counted by, for two days."""

    source = models.CharField(max_length=64)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (
            models.Index(fields=["source", "at"], name="public_knock_by_source"),
            models.Index(fields=["at"], name="public_knock_lately"),
        )

    def __str__(self) -> str:
        return f"{self.at}"
