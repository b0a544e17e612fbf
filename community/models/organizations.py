"""Member organizations, their support centers, and the working roles of the network."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.rules import clock
from community.rules.hours import every_weekday


class Organization(models.Model):
    """A member company of the network."""

    class Kind(models.TextChoices):
        MEMBER = "member", _("Member organization")
        VENDOR = "vendor", _("Product or service provider")
        IMPORTED = "imported", _("Imported archive")

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.MEMBER)
    description = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Center(models.Model):
    """One support center of an organization.

    Hours are local to its zone; `working_days` holds ISO weekdays, 1 Monday.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="centers")
    name = models.CharField(max_length=120)
    region = models.CharField(max_length=60, blank=True, default="")
    time_zone = models.CharField(max_length=60, default="UTC")
    opens_at = models.TimeField(default="08:00")
    closes_at = models.TimeField(default="17:00")
    working_days = models.JSONField(default=every_weekday)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["organization", "name"], name="center_named_once"),)

    def __str__(self) -> str:
        return self.name


class WorkRole(models.Model):
    """A kind of work in the network's own words: front line, product specialist; `tier` 1, 2, 3..."""

    name = models.CharField(max_length=80, unique=True)
    tier = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ("tier", "name")

    def __str__(self) -> str:
        return self.name
