"""What organizations make of practices."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Member, Organization
from community.rules import clock
from threads.models.practices import Practice


class Adoption(models.Model):
    """An organization works by a practice, by its own variant of it, or has no use for it.

    It stands until another one takes its place (or none): what an organization said before is kept. `version` is the
    practice's at that time; `shares` says what other organizations may know.
    """

    class State(models.TextChoices):
        ADOPTED = "adopted", _("Adopted")
        ADAPTED = "adapted", _("Adapted")
        NOT_APPLICABLE = "not_applicable", _("Not applicable")

    class Shares(models.TextChoices):
        NOTHING = "nothing", _("Nothing")
        STATE = "state", _("That we decided, and what")
        VARIANT = "variant", _("That, and our variant")

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="adoptions")
    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="adoptions")
    state = models.CharField(max_length=16, choices=State.choices)
    variant = models.TextField(blank=True, default="")
    variant_html = models.TextField(blank=True, default="")
    reason = models.CharField(max_length=400, blank=True, default="")
    version = models.PositiveIntegerField()
    shares = models.CharField(max_length=8, choices=Shares.choices, default=Shares.STATE)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "practice"], condition=Q(until__isnull=True), name="adopted_once"
            ),
            models.CheckConstraint(
                condition=Q(~Q(variant=""), state="adapted") | Q(~Q(state="adapted"), variant=""),
                name="adapted_has_a_variant",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_applicable") | ~Q(reason=""), name="not_applicable_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(until__isnull=False), name="adoption_ended_at_a_time"
            ),
        )
        indexes = (
            models.Index(
                fields=["organization", "-at"], condition=Q(until__isnull=True), name="adoption_of_organization"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.state} {self.practice_id}"
