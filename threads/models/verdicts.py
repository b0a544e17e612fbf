"""What members say of practices, and who is responsible for which."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Member, Organization, Space
from community.rules import clock
from threads.models.catalog import Product, Tag
from threads.models.practices import Practice
from threads.models.threads import Thread


class Verdict(models.Model):
    """A member says how a practice did for them. `organization` is theirs at that time, `version` what they tried.

    It stands until they say something else (`superseded_at`). `thread` is where they used it, `answered_by` the review
    that dealt with what they had against it.
    """

    class Kind(models.TextChoices):
        WORKED = "worked", _("Worked for us")
        CHANGES = "changes", _("Worked with changes")
        FAILED = "failed", _("Did not work")
        OUTDATED = "outdated", _("Outdated")
        DANGEROUS = "dangerous", _("Dangerous")

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="verdicts")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="verdicts")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    environment = models.CharField(max_length=400, blank=True, default="")
    note = models.TextField(blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    thread = models.ForeignKey(Thread, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    superseded_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "threads.Review", on_delete=models.SET_NULL, null=True, blank=True, related_name="answered"
    )

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=["practice", "organization"], name="verdict_by_organization"),
            models.Index(fields=["member", "-at"], name="verdict_of_member"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["practice", "member"], condition=Q(superseded_at__isnull=True), name="verdict_stands_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["failed", "outdated", "dangerous"]) | ~Q(note=""),
                name="verdict_against_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.member_id} on {self.practice_id}: {self.kind}"


WORKING = (Verdict.Kind.WORKED, Verdict.Kind.CHANGES)
AGAINST = (Verdict.Kind.FAILED, Verdict.Kind.OUTDATED, Verdict.Kind.DANGEROUS)


class Governance(models.Model):
    """How practices of a product or with a tag are looked after, in one space or (no space) in the whole network."""

    class Mode(models.TextChoices):
        EXPERIENCE = "experience", _("By experience")
        COMPLIANCE = "compliance", _("By approval")

    space = models.ForeignKey(Space, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.EXPERIENCE)
    keepers = models.ManyToManyField(Member, through="Keeper", related_name="+")
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(product__isnull=False, tag__isnull=True) | Q(product__isnull=True, tag__isnull=False),
                name="governance_of_a_product_or_tag",
            ),
            *(
                models.UniqueConstraint(
                    fields=[*(["space"] if inside else []), what],
                    condition=Q(space__isnull=not inside, **{f"{what}__isnull": False}),
                    name=f"governance_of_{what}_{'in_space_' if inside else ''}once",
                )
                for what in ("product", "tag")
                for inside in (True, False)
            ),
        )

    def __str__(self) -> str:
        return f"{self.mode} for {self.product_id or self.tag_id}"


class Keeper(models.Model):
    """Somebody responsible for the practices that a rule of governance is about."""

    governance = models.ForeignKey(Governance, on_delete=models.CASCADE, related_name="kept_by")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="keeping")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["governance", "member"], name="keeper_once"),)

    def __str__(self) -> str:
        return f"{self.member_id} keeps {self.governance_id}"
