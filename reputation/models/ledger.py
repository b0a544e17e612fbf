"""The ledger of awards and the standing it adds up to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models import Member, Organization
from community.rules import clock


class Award(models.Model):
    """One row: points for one cause. A correction is a row that reverses another; nothing is changed or deleted.

    `cause` is unique, so double credit is impossible. `subject` says for what (`post:34`); `product` and `tags` are
    slugs at that time. Givers are absent in imported rows, because public dumps do not name voters.
    """

    class Rule(models.TextChoices):
        HELPED = "helped", _("A post helped somebody")
        SOLUTION = "solution", _("A post solved a problem")
        PRACTICE = "practice", _("A practice was recorded")
        REUSED = "reused", _("A practice was used again")
        VALIDATED = "validated", _("Organizations validated a practice")
        REVIEW = "review", _("A practice was reviewed")
        SUGGESTION = "suggestion", _("A suggested edit was taken up")
        SAMPLING = "sampling", _("A sample was scored")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="awards")
    rule = models.CharField(max_length=20, choices=Rule.choices)
    rules_version = models.PositiveSmallIntegerField()
    points = models.IntegerField()
    cause = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=60)
    product = models.CharField(max_length=60, blank=True, default="")
    tags = models.JSONField(default=list)
    giver = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    giver_organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    receiver_organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversal")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=~models.Q(giver=models.F("member")), name="no_award_to_oneself"),
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True, points__gt=0)
                | models.Q(reverses__isnull=False, points__lt=0),
                name="award_gives_and_reversal_takes",
            ),
        )
        indexes = (
            models.Index(fields=["member", "-id"], name="award_of_member"),
            models.Index(fields=["subject"], name="award_for_subject"),
        )

    def __str__(self) -> str:
        return f"{self.points:+} {self.rule} to {self.member_id}"


class Standing(models.Model):
    """What a member's awards add up to: in all (`scope` empty), by tag (`tag:<slug>`) or product (`product:<slug>`)."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="standings")
    scope = models.CharField(max_length=80, blank=True, default="")
    points = models.IntegerField(default=0)
    awards = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "scope"], name="standing_once"),)
        indexes = (models.Index(fields=["scope", "-points"], name="standing_by_scope"),)

    def __str__(self) -> str:
        return f"{self.member_id} {self.scope or 'all'}: {self.points}"
