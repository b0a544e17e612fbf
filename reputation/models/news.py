"""What an inbox says of standing: one notice for all of it, with a line for each thing that it adds up."""

from django.db import models

from community.models import InboxItem
from reputation.models.ledger import Award


class NewsLine(models.Model):
    """So many awards by one rule for one thing (`post:34`) since a notice began; or so many taken back, and why.

    Lines only grow while their notice is unread, and under the lock of the member's standing.
    """

    item = models.ForeignKey(InboxItem, on_delete=models.CASCADE, related_name="+", db_index=False)
    rule = models.CharField(max_length=20, choices=Award.Rule.choices)
    why = models.CharField(max_length=20, blank=True)
    subject = models.CharField(max_length=60)
    points = models.IntegerField()
    awards = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "rule", "why", "subject"], name="news_line_once"),)

    def __str__(self) -> str:
        return f"{self.item_id} {self.rule}: {self.points:+}"
