"""What members say that they know, and what they have on paper."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.models import Member
from community.rules import clock


class Skill(models.Model):
    """A member says how well they know one tag (`tag:<slug>`) or product (`product:<slug>`), or wish to learn it."""

    class Level(models.IntegerChoices):
        LEARNING = 1, _("Learning")
        CAN_HELP = 2, _("Can help")
        EXPERT = 3, _("Expert")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="skills")
    scope = models.CharField(max_length=80)
    level = models.PositiveSmallIntegerField(choices=Level.choices)
    wants_to_learn = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["member", "scope"], name="skill_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="skill_level_known"),
        )
        indexes = (models.Index(fields=["scope", "-level"], name="skill_by_scope"),)

    def __str__(self) -> str:
        return f"{self.member_id} {self.scope}: {self.level}"


class Certificate(models.Model):
    """A certificate of a member in one tag or product; an administrator of their organization may confirm it."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="certificates")
    name = models.CharField(max_length=120)
    issuer = models.CharField(max_length=120)
    scope = models.CharField(max_length=80)
    number = models.CharField(max_length=80, blank=True, default="")
    issued_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    url = models.URLField(max_length=500, blank=True, default="")
    confirmed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-issued_on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="certificate_confirmed_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(confirmed_by=F("member")), name="certificate_confirmed_by_another"),
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="certificate_expires_after_issue",
            ),
        )
        indexes = (models.Index(fields=["scope"], name="certificate_by_scope"),)

    def __str__(self) -> str:
        return f"{self.name} ({self.issuer})"

    def is_in_force(self, day: date) -> bool:
        """Whether it was issued and has not ended on that day."""
        return self.issued_on <= day and (self.expires_on is None or self.expires_on >= day)
