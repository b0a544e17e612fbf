"""Practices applied in threads."""

from django.db import models

from community.models import Member
from community.rules import clock
from threads.models.practices import Practice
from threads.models.threads import Thread


class Application(models.Model):
    """A thread in which a practice from the archive was used."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="applications")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="applications")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["thread", "practice"], name="applied_once"),)

    def __str__(self) -> str:
        return f"{self.practice_id} in {self.thread_id}"
