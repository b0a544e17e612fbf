"""How far a member has read a thread."""

from django.db import models

from community.models import Member
from community.rules import clock
from threads.models.threads import Thread


class ReadPosition(models.Model):
    """Up to which post, timeline entry and version of the record a member has read a thread; it only goes forward."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField(default=0)
    entry = models.PositiveBigIntegerField(default=0)
    record_version = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "thread"], name="read_position_once"),)

    def __str__(self) -> str:
        return f"{self.member_id} has read {self.thread_id} up to {self.number}"
