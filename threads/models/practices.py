"""The archive: practices and their versions."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Member
from community.models.provenance import Sourced, unique_source
from community.rules import clock
from threads.models.audience import Audienced, needed_center
from threads.models.catalog import Product, Tag
from threads.models.records import RECORD_FIELDS
from threads.models.threads import Thread


class Practice(Sourced, Audienced):
    """A best practice: the four fields of a working record that people trust. `thread` is where it comes from."""

    class Confidence(models.TextChoices):
        WORK_IN_PROGRESS = "work_in_progress", _("Work in progress")
        NOT_VALIDATED = "not_validated", _("Not validated")
        VALIDATED = "validated", _("Validated")
        ARCHIVED = "archived", _("Archived")

    title = models.CharField(max_length=200)
    problem = models.TextField()
    environment = models.TextField(blank=True, default="")
    cause = models.TextField(blank=True, default="")
    resolution = models.TextField(blank=True, default="")
    problem_html = models.TextField(blank=True, default="")
    environment_html = models.TextField(blank=True, default="")
    cause_html = models.TextField(blank=True, default="")
    resolution_html = models.TextField(blank=True, default="")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="practices")
    tags = models.ManyToManyField(Tag, blank=True, related_name="practices")
    confidence = models.CharField(max_length=20, choices=Confidence.choices, default=Confidence.NOT_VALIDATED)
    thread = models.OneToOneField(Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="practice")
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="practices")
    recorded_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (
            models.Index(fields=["-updated_at", "-id"], name="practice_latest"),
            models.Index(fields=["product", "-updated_at"], name="practice_by_product"),
        )
        constraints = (
            unique_source("practice_source_once"),
            models.CheckConstraint(
                condition=models.Q(confidence="work_in_progress") | ~models.Q(resolution=""),
                name="practice_has_a_resolution",
            ),
            needed_center("practice_for_a_center_has_one"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def fields(self) -> dict[str, str]:
        """The four texts by name."""
        return {name: getattr(self, name) for name in RECORD_FIELDS}

    def get_absolute_url(self) -> str:
        """The practice's page."""
        return reverse("practice", args=[self.pk])


class PracticeVersion(models.Model):
    """What a practice said in one version."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    fields = models.JSONField()
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=400, blank=True, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["practice", "number"], name="practice_version_numbered_once"),)

    def __str__(self) -> str:
        return f"{self.practice_id} v{self.number}"
