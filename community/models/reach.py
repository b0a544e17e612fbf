"""When and how a member may be asked for help."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models.members import Member


class Reach(models.Model):
    """What a member said about it, one row each, made when they first say something; without one the defaults hold.

    `until` ends a state: after it the state is that of the hours again. Own hours are local to the member's zone;
    without them the center's hold. `languages` are two-letter codes, best first.
    """

    class State(models.TextChoices):
        HOURS = "hours", _("Within my hours")
        AVAILABLE = "available", _("Available")
        BUSY = "busy", _("Busy")
        AWAY = "away", _("Away")

    class Outside(models.TextChoices):
        NEVER = "never", _("No, unless it is critical")
        SEVERE = "severe", _("When it is critical or high")
        ALWAYS = "always", _("Yes, whatever it is")

    member = models.OneToOneField(Member, on_delete=models.PROTECT, primary_key=True, related_name="reach")
    state = models.CharField(max_length=10, choices=State.choices, default=State.HOURS)
    until = models.DateTimeField(null=True, blank=True)
    opens_at = models.TimeField(null=True, blank=True)
    closes_at = models.TimeField(null=True, blank=True)
    working_days = models.JSONField(null=True, blank=True)
    outside = models.CharField(max_length=10, choices=Outside.choices, default=Outside.NEVER)
    most_a_day = models.PositiveSmallIntegerField(null=True, blank=True)
    languages = models.JSONField(default=list, blank=True)
    contact = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("hours", "busy")) | Q(until__isnull=False), name="reach_until_when_needed"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True, closes_at__isnull=True, working_days__isnull=True)
                | Q(opens_at__isnull=False, closes_at__isnull=False, working_days__isnull=False),
                name="reach_hours_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.member_id}: {self.state}"
