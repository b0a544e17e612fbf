"""Practices used in threads."""

from django.db import models
from django.db.models import Q

from community.models import Member
from community.rules import clock
from threads.models.practices import Practice
from threads.models.threads import Thread


class Reuse(models.Model):
    """A thread in which a practice from the archive was used, and who says that it solved the thread.

    It stands until somebody takes it back (`ended_by`), or until the practice is merged into another one that was used
    there too.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="reuses")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="reuses")
    practice_version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    solved_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    solved_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["thread", "practice"], condition=Q(until__isnull=True), name="reused_once"),
            models.CheckConstraint(
                condition=Q(solved_by__isnull=True, solved_at__isnull=True)
                | Q(solved_by__isnull=False, solved_at__isnull=False),
                name="reuse_solved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(until__isnull=False), name="reuse_ended_at_a_time"
            ),
        )
        indexes = (models.Index(fields=["practice", "-id"], condition=Q(until__isnull=True), name="reuse_of_practice"),)

    def __str__(self) -> str:
        return f"{self.practice_id} in {self.thread_id}"
