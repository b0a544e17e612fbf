"""Spaces: where threads live, and who they are open to."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models.members import Member
from community.models.organizations import Organization
from community.rules import clock


class Space(models.Model):
    """A place for threads. Its audience is the whole network, the organizations named, or the members invited."""

    class Audience(models.TextChoices):
        NETWORK = "network", _("Whole network")
        ORGANIZATIONS = "organizations", _("Named organizations")
        MEMBERS = "members", _("Invited members")

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True, default="")
    audience = models.CharField(max_length=15, choices=Audience.choices, default=Audience.NETWORK)
    organizations = models.ManyToManyField(Organization, blank=True, related_name="spaces")
    members = models.ManyToManyField(Member, blank=True, related_name="invited_spaces")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The space's page."""
        return reverse("space", args=[self.slug])
