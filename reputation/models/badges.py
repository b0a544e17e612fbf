"""Badges a member holds; today those that an import brought along."""

from django.db import models

from community.models import Member
from community.models.provenance import Sourced, unique_source


class Badge(Sourced):
    """A named distinction, given at a time, where the import says."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="badges")
    name = models.CharField(max_length=80)
    given_at = models.DateTimeField()

    class Meta:
        ordering = ("-given_at",)
        constraints = (unique_source("badge_source_once"),)

    def __str__(self) -> str:
        return self.name
