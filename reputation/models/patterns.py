"""Patterns in giving that moderators are shown, who looked at them, and what they decided."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Member
from community.rules import clock
from reputation.models.ledger import Award
from reputation.rules.patterns import REASON_LENGTH


class Flag(models.Model):
    """One pattern among some members. It says what was found, never that anybody did wrong.

    `key` names the thing, which is open once at a time. `numbers` is what was counted of each member and, of what is
    quick, how quick it was. `version` rises whenever what is shown changes. `settled` says that the awards it names
    have followed what was decided.
    """

    class Kind(models.TextChoices):
        RECIPROCAL = "reciprocal", _("Two give to each other")
        RING = "ring", _("A group gives mostly to itself")
        SERIAL = "serial", _("Much from one to another at once")
        NEW = "new", _("New accounts give to one member first")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DISMISSED = "dismissed", _("Dismissed")
        ACTED = "acted", _("Awards withdrawn")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=300)
    members = models.ManyToManyField(Member, related_name="+")
    gifts = models.PositiveIntegerField()
    numbers = models.JSONField(default=dict)
    found_at = models.DateTimeField(default=clock.now)
    newest_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    settled = models.BooleanField(default=True)

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=["decided_at"], condition=Q(settled=False), name="flag_to_settle"),)
        constraints = (
            models.UniqueConstraint(fields=["key"], condition=Q(state="open"), name="flag_open_once"),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None, reason="")
                | (~Q(state="open") & Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")),
                name="flag_decided_by_somebody_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class FlagAward(models.Model):
    """An award that a flag names; whether it was withdrawn because of it."""

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="named")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="named_in")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["flag", "award"], name="award_named_once_in_a_flag"),)

    def __str__(self) -> str:
        return f"{self.award_id} in {self.flag_id}"


class FlagDecision(models.Model):
    """What was decided about a flag, each time: by whom, when and why."""

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="decisions")
    state = models.CharField(max_length=10, choices=Flag.State.choices)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=REASON_LENGTH)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.flag_id} {self.state}"


class FlagLook(models.Model):
    """That somebody looked at the evidence of a flag, within some hour; nothing of it is ever taken away."""

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="looks")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    hour = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = (models.UniqueConstraint(fields=["flag", "by", "hour"], name="flag_look_once_an_hour"),)

    def __str__(self) -> str:
        return f"{self.by_id} at {self.flag_id}"


class PatternSearch(models.Model):
    """That patterns were looked for on a day, in UTC: by one worker."""

    day = models.DateField(unique=True)
    at = models.DateTimeField(default=clock.now)
    found = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.day}: {self.found}"
