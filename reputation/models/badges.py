"""Badges: those of the network (`reputation/rules/badges.py`), and those that an import brought along."""

from django.db import models

from community.models import Member
from community.models.provenance import Sourced, unique_source
from community.rules import clock


class Badge(Sourced):
    """A named distinction that an import brought along, with the time when it was given there."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="badges")
    name = models.CharField(max_length=80)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ("-given_at",)
        constraints = (unique_source("badge_source_once"),)

    def __str__(self) -> str:
        return self.name


class EarnedBadge(models.Model):
    """A member held a badge (`reputation/rules/badges.py`) from a time on, and, where it was withdrawn, until then.

    `why` says for which reason of a reversal it was withdrawn; empty when the badge asks for something else now.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="earned_badges", db_index=False)
    slug = models.CharField(max_length=40)
    given_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        ordering = ("-given_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=["member", "slug"], condition=models.Q(withdrawn_at__isnull=True), name="badge_held_once"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=False) | models.Q(why=""), name="badge_withdrawn_for_a_reason"
            ),
        )
        indexes = (models.Index(fields=["slug"], condition=models.Q(withdrawn_at__isnull=True), name="badge_holders"),)

    def __str__(self) -> str:
        return f"{self.slug} of {self.member_id}"

    @property
    def is_held(self) -> bool:
        """Whether the member holds it now."""
        return self.withdrawn_at is None
