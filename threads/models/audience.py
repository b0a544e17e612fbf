"""Who may see a thread or a practice, within its space (DESIGN: audience)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models import Center, Organization, Space


class Audience(models.TextChoices):
    """The rungs, narrowest first."""

    CENTER = "center", _("My center")
    ORGANIZATION = "organization", _("My organization")
    ORGANIZATIONS = "organizations", _("Named organizations")
    SPACE = "space", _("Everyone in the space")


class Audienced(models.Model):
    """Adds a space and an audience within it. `organization` and `center` are the author's when it was written.

    For named organizations those in `audience_organizations` see it besides the author's own.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    center = models.ForeignKey(Center, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    audience = models.CharField(max_length=15, choices=Audience.choices, default=Audience.SPACE)
    audience_organizations = models.ManyToManyField(Organization, blank=True, related_name="+")

    class Meta:
        abstract = True


def needed_center(name: str) -> models.CheckConstraint:
    """The constraint that what only a center may see says which center."""
    condition = ~models.Q(audience=Audience.CENTER) | models.Q(center__isnull=False)
    return models.CheckConstraint(condition=condition, name=name)
