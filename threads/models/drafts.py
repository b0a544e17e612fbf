"""What happens while somebody writes: drafts, and likely answers shown, opened, and taken instead of posting."""

from django.db import models
from django.db.models import Q

from community.models import Member, Space
from community.rules import clock


class Deflection(models.Model):
    """One sitting at the form that posts a problem: what was typed, into which space, and what came of it.

    The `outcome` only rises: an answer was opened, or solved it (`chosen`), and nothing was posted; or the problem was
    posted after all, as `thread`. A sitting that is left stays what it is. The text is kept for a while only.
    """

    class Outcome(models.TextChoices):
        LOOKING = "looking"
        OPENED = "opened"
        SOLVED = "solved"
        POSTED = "posted"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="deflections")
    sitting = models.CharField(max_length=24, blank=True, default="")
    space = models.ForeignKey(Space, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.LOOKING)
    chosen = models.CharField(max_length=60, blank=True, default="")
    thread = models.ForeignKey("threads.Thread", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["member", "sitting"], condition=~Q(sitting=""), name="deflection_once"),
        )
        indexes = (models.Index(fields=["at"], condition=~Q(text=""), name="deflection_with_text"),)

    def __str__(self) -> str:
        return f"{self.member_id}: {self.outcome}"


class LikelyAnswer(models.Model):
    """A thing (`thread:12`) that somebody was shown in a sitting, and whether they opened it or it solved theirs."""

    deflection = models.ForeignKey(Deflection, on_delete=models.CASCADE, related_name="answers", db_index=False)
    thing = models.CharField(max_length=60)
    opened = models.BooleanField(default=False)
    solved = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["deflection", "thing"], name="likely_answer_once"),)
        indexes = (models.Index(fields=["thing", "id"], name="likely_answer_of_thing"),)

    def __str__(self) -> str:
        return self.thing


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
