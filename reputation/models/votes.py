"""Votes: "this helped", once per member and post."""

from django.db import models

from community.models import Member
from community.rules import clock


class Vote(models.Model):
    """One member says that one post helped. Withdrawing it deletes the row; the ledger keeps both facts.

    `withheld_at` says since when it does not count, because whoever gave it is suspended.
    """

    voter = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="votes")
    post = models.ForeignKey("threads.Post", on_delete=models.PROTECT, related_name="helped_by")
    receiver = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="votes_received")
    at = models.DateTimeField(default=clock.now)
    withheld_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["voter", "post"], name="vote_once"),
            models.CheckConstraint(condition=~models.Q(voter=models.F("receiver")), name="no_vote_for_oneself"),
        )

    def __str__(self) -> str:
        return f"{self.voter} for {self.post_id}"
