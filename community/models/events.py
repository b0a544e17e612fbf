"""The event log: ordered, gap-free streams (DESIGN rules 1 and 2)."""

from django.db import models

from community.models.members import Member
from community.rules import clock


class Stream(models.Model):
    """One numbered log: of a thread, of a restricted part of a thread, or of a member's own affairs.

    `seq` is the number of its newest event; it is only raised under this row's lock. `pruned_to` is the
    number up to which events have been dropped.
    """

    class Kind(models.IntegerChoices):
        THREAD = 1
        MEMBER = 2

    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    subject_id = models.BigIntegerField()
    part = models.CharField(max_length=60, blank=True, default="")
    seq = models.BigIntegerField(default=0)
    pruned_to = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "subject_id", "part"], name="stream_once"),
            models.CheckConstraint(condition=models.Q(pruned_to__lte=models.F("seq")), name="stream_pruned_within"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject_id} {self.part}".strip()


class Event(models.Model):
    """What happened, numbered within its stream. `html` is a fragment that depends on no viewer (DESIGN rule 3)."""

    stream = models.ForeignKey(Stream, on_delete=models.CASCADE, related_name="events", db_index=False)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(default=clock.now)
    actor = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    data = models.JSONField(default=dict)
    html = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("stream", "seq")
        constraints = (
            models.UniqueConstraint(fields=["stream", "seq"], name="event_numbered_once"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="event_numbers_start_at_1"),
        )

    def __str__(self) -> str:
        return f"{self.kind} #{self.seq}"


class Outbox(models.Model):
    """Notices for more recipients than an action may write itself; the worker delivers them in batches.

    `recipients` are member ids in ascending order; `delivered` counts how many of them have been served.
    """

    notice = models.JSONField()
    recipients = models.JSONField()
    delivered = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"outbox {self.pk}"
