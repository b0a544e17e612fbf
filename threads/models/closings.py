"""Threads that were closed because another one solves the same problem."""

from django.db import models
from django.db.models import F, Q

from community.models import Member
from community.rules import clock
from threads.models.threads import Thread
from threads.rules.limits import REASON_LENGTH


class DuplicateClosing(models.Model):
    """Somebody closed `thread` as a duplicate of `other`, which is resolved; with `undone_at` it was opened again.

    `related` says that the two were not called duplicates before, so that opening again takes that back too.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="closings")
    other = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    related = models.BooleanField(default=True)
    undone_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["thread"], condition=Q(undone_at__isnull=True), name="closed_as_one_only"),
            models.CheckConstraint(condition=~Q(thread=F("other")), name="no_duplicate_of_itself"),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True, undone_at__isnull=True)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="closing_undone_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.thread_id} closed as {self.other_id}"
