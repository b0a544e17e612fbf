"""Playbooks, procedures of steps and decisions, and their runs in threads.

A run has a copy of the steps as they were when it began: that is the thread's own text.
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Member
from community.rules import clock
from threads.models.audience import Audienced, needed_center
from threads.models.catalog import Product, Tag
from threads.models.threads import Thread
from threads.rules.limits import REASON_LENGTH, STEP_NOTE_LENGTH, TITLE_LENGTH


class Playbook(Audienced):
    """How something is resolved, or brought before others. `keeper` looks after it; its maker where nobody does."""

    class Kind(models.TextChoices):
        RESOLUTION = "resolution", _("Resolution")
        ESCALATION = "escalation", _("Escalation")

    title = models.CharField(max_length=TITLE_LENGTH)
    purpose = models.TextField(blank=True, default="")
    purpose_html = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RESOLUTION)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tags = models.ManyToManyField(Tag, blank=True, related_name="+")
    steps = models.JSONField(default=list)
    html = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    keeper = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-updated_at", "-id")
        constraints = (
            needed_center("playbook_for_a_center_has_one"),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_by__isnull=True)
                | Q(retired_at__isnull=False, retired_by__isnull=False),
                name="playbook_retired_by_and_when",
            ),
        )
        indexes = (
            models.Index(fields=["-updated_at", "-id"], name="playbook_latest"),
            models.Index(fields=["product", "-updated_at"], name="playbook_by_product"),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("playbook", args=[self.pk])


class PlaybookVersion(models.Model):
    """A playbook as it was: kept at each change, with who changed it and why.

    `tags` are slugs; None where it was not kept what they and the product were.
    """

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH)
    purpose = models.TextField(blank=True, default="")
    kind = models.CharField(max_length=10, choices=Playbook.Kind.choices)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tags = models.JSONField(null=True, blank=True)
    steps = models.JSONField(default=list)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=REASON_LENGTH, blank=True, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=["playbook", "number"], name="playbook_version_once"),)

    def __str__(self) -> str:
        return f"{self.playbook_id} v{self.number}"


class Run(models.Model):
    """A playbook that is gone through in a thread, with the steps of that version."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        ABANDONED = "abandoned", _("Given up")

    class Outcome(models.TextChoices):
        SOLVED = "solved", _("It solved the problem")
        HELPED = "helped", _("It helped")
        ESCALATED = "escalated", _("It was brought before others")
        NOT_HELPED = "not_helped", _("It did not help")

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="runs", db_index=False)
    playbook = models.ForeignKey(Playbook, on_delete=models.PROTECT, related_name="runs", db_index=False)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=TITLE_LENGTH)
    kind = models.CharField(max_length=10, choices=Playbook.Kind.choices)
    steps = models.JSONField(default=list)
    html = models.JSONField(default=dict)
    started_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    note = models.CharField(max_length=STEP_NOTE_LENGTH, blank=True, default="")
    ended_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["thread", "playbook"], condition=Q(state="running"), name="playbook_runs_once"
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_at__isnull=True, ended_by__isnull=True)
                | (~Q(state="running") & Q(ended_at__isnull=False, ended_by__isnull=False)),
                name="run_ended_by_and_when",
            ),
            models.CheckConstraint(condition=~Q(state="finished") | ~Q(outcome=""), name="finished_run_has_outcome"),
        )
        indexes = (
            models.Index(fields=["playbook", "-id"], name="run_of_playbook"),
            models.Index(fields=["thread", "-id"], name="run_in_thread"),
        )

    def __str__(self) -> str:
        return f"{self.title} in {self.thread_id}"

    def get_absolute_url(self) -> str:
        """Its checklist."""
        return reverse("run", args=[self.pk])

    @property
    def is_running(self) -> bool:
        """Whether steps are still marked in it."""
        return self.state == self.State.RUNNING


class RunStep(models.Model):
    """What was last said of one step of a run; `version` counts how often."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        FAILED = "failed", _("Failed")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="marks", db_index=False)
    key = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    choice = models.CharField(max_length=8, blank=True, default="")
    note = models.CharField(max_length=STEP_NOTE_LENGTH, blank=True, default="")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["run", "key"], name="step_of_run_once"),
            models.CheckConstraint(
                condition=Q(state="open", by__isnull=True, at__isnull=True, choice="")
                | (~Q(state="open") & Q(by__isnull=False, at__isnull=False)),
                name="step_marked_by_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["skipped", "failed"]) | ~Q(note=""), name="step_not_done_says_why"
            ),
            models.CheckConstraint(condition=Q(version__gt=0) | Q(state="open"), name="marked_step_has_version"),
        )

    def __str__(self) -> str:
        return f"{self.key} of {self.run_id}: {self.state}"
