"""Invitations: the only way in."""

import secrets

from django.db import models
from django.urls import reverse

from community.models.members import Member
from community.models.organizations import Center, Organization
from community.rules import clock


def new_invitation_token() -> str:
    """An address part that cannot be guessed."""
    return secrets.token_urlsafe(32)


class Invitation(models.Model):
    """One person asked to join one organization; used once, until it expires."""

    email = models.EmailField()
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="invitations")
    center = models.ForeignKey(Center, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    token = models.CharField(max_length=64, unique=True, default=new_invitation_token)
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    invited_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    accepted_by = models.OneToOneField(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="invitation"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(accepted_by__isnull=True, accepted_at__isnull=True)
                | models.Q(accepted_by__isnull=False, accepted_at__isnull=False),
                name="invitation_accepted_with_who_and_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} -> {self.organization}"

    def get_absolute_url(self) -> str:
        """The address that is sent to the invited person."""
        return reverse("invitation", args=[self.token])
