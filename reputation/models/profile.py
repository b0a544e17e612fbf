"""To whom members show their contribution profile, and which organizations have a leaderboard."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Member, Organization
from community.rules import clock


class Circle(models.TextChoices):
    """Those to whom a part of a profile is shown."""

    ME = "me", _("Only me")
    ORGANIZATION = "organization", _("My organization")
    NETWORK = "network", _("Everybody in the network")


def _part() -> "models.CharField[str, str]":
    return models.CharField(max_length=12, choices=Circle.choices, default=Circle.ME)


class ProfileChoice(models.Model):
    """What a member shows of their profile, and to whom; without a row nothing, to nobody.

    `contributions` are the sums by axis, month and subject, `ledger` the single rows, `peers` the numbers of peers.
    """

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="profile_choice")
    contributions, ledger, peers = _part(), _part(), _part()
    off_leaderboards = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.member_id}: {self.contributions}, {self.ledger}, {self.peers}"


class Leaderboard(models.Model):
    """An organization had a leaderboard, from when an administrator switched it on until one switched it off."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="leaderboards")
    since = models.DateTimeField(default=clock.now)
    switched_on_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField(null=True, blank=True)
    switched_off_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["organization"], condition=Q(until__isnull=True), name="one_leaderboard_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, switched_off_by__isnull=True)
                | Q(until__isnull=False, switched_off_by__isnull=False),
                name="leaderboard_switched_off_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} since {self.since:%Y-%m-%d}"
