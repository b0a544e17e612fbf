"""Tokens for the API; only their digests are kept."""

from django.db import models

from community.models.members import Member
from community.rules import clock


class ApiToken(models.Model):
    """A member's key to the API. The token itself is shown once, when it is made."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
