"""A member's inbox: what happened that concerns them."""

from django.db import models

from community.models.members import Member
from community.rules import clock


class InboxItem(models.Model):
    """One thing a member should know. `subject` groups (`thread:12`), `target` is the exact place (`post:34`).

    `key` makes telling the same thing twice impossible.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="inbox", db_index=False)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)
    target = models.CharField(max_length=60)
    actor = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    key = models.CharField(max_length=120)
    at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=["member", "key"], name="inbox_item_once"),)
        indexes = (
            models.Index(fields=["member", "-id"], name="inbox_newest"),
            models.Index(fields=["member"], condition=models.Q(read_at__isnull=True), name="inbox_unread"),
            models.Index(fields=["member", "subject"], name="inbox_by_subject"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.target}"


class InboxSetting(models.Model):
    """A member's choice for one kind of notice; without a row the kind's default holds."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="inbox_settings")
    kind = models.CharField(max_length=40)
    wanted = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "kind"], name="inbox_setting_once"),)

    def __str__(self) -> str:
        return f"{self.kind}: {self.wanted}"
