"""Kudos: one member thanks another, in words that everybody in the network can read."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from community.models import Member
from community.rules import clock
from reputation.rules.kudos import LONGEST, REMOVAL_LENGTH, TAKE_BACK_WITHIN


class Kudos(models.Model):
    """One thanks. `about` names the thread or post (`post:34`) that the room above judged; empty for nothing.

    What was taken back keeps no words. What a moderator removed keeps them for whoever looks into it, and is shown
    nowhere.
    """

    giver = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="kudos_given", db_index=False)
    receiver = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="kudos_received", db_index=False)
    reason = models.CharField(max_length=LONGEST, blank=True)
    about = models.CharField(max_length=60, blank=True, default="")
    at = models.DateTimeField(default=clock.now)
    client_id = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001  (unique only where it is given)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    removed_at = models.DateTimeField(null=True, blank=True)
    removal_reason = models.CharField(max_length=REMOVAL_LENGTH, blank=True, default="")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["giver", "client_id"], name="kudos_sent_once"),
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="no_kudos_to_oneself"),
            models.CheckConstraint(
                condition=(Q(taken_back_at__isnull=True) & ~Q(reason=""))
                | Q(taken_back_at__isnull=False, reason="", about=""),
                name="kudos_say_why_until_taken_back",
            ),
            models.CheckConstraint(
                condition=Q(removed_by__isnull=True, removed_at__isnull=True, removal_reason="")
                | (
                    Q(removed_by__isnull=False, removed_at__isnull=False, taken_back_at__isnull=True)
                    & ~Q(removal_reason="")
                ),
                name="kudos_removed_by_somebody_for_a_reason",
            ),
        )
        indexes = (
            models.Index(
                fields=["receiver", "-id"],
                condition=Q(taken_back_at__isnull=True, removed_at__isnull=True),
                name="kudos_standing",
            ),
            models.Index(fields=["giver", "at"], name="kudos_of_giver"),
        )

    def __str__(self) -> str:
        return f"{self.giver_id} thanks {self.receiver_id}"

    @property
    def stands(self) -> bool:
        """Whether it is shown."""
        return self.taken_back_at is None and self.removed_at is None

    @property
    def ends_at(self) -> datetime:
        """Until when it can be taken back."""
        return self.at + TAKE_BACK_WITHIN
