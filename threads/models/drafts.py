"""What happens while somebody writes: drafts, and likely answers chosen instead of posting."""

from django.db import models

from community.models import Member
from community.rules import clock


class Deflection(models.Model):
    """While asking, a member chose a likely answer instead of posting: `chosen` is `thread:12` or `practice:3`."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="deflections")
    text = models.TextField()
    chosen = models.CharField(max_length=60)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (models.Index(fields=["chosen"], name="deflection_by_chosen"),)

    def __str__(self) -> str:
        return f"{self.member_id} -> {self.chosen}"


class Draft(models.Model):
    """What a member typed and has not sent, one per place (`space:slug`, `thread:12`), shown on every device."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="drafts")
    place = models.CharField(max_length=80)
    content = models.JSONField()
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "place"], name="draft_once_a_place"),)

    def __str__(self) -> str:
        return self.place
