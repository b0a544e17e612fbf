"""Who teaches whom what."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.models import Member
from community.rules import clock
from reputation.rules.mentoring import LONGEST, TAKE_BACK_WITHIN


class Mentor(models.Model):
    """Somebody who offers to mentor, in what they earned enough for. Who offers it no more has no row."""

    member = models.OneToOneField(Member, on_delete=models.PROTECT, primary_key=True, related_name="+")
    since = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.member_id} mentors"


class Mentoring(models.Model):
    """`learner` asks `mentor` to teach them a subject (`tag:<slug>`, `product:<slug>`), and what became of it.

    `ended_by` is nobody where it ended because one of the two left the network.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        RUNNING = "running", _("Running")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")
        ENDED = "ended", _("Ended")

    learner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    mentor = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    scope = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    what = models.CharField(max_length=LONGEST)
    asked_at = models.DateTimeField(default=clock.now)
    note = models.CharField(max_length=LONGEST, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=~Q(learner=F("mentor")), name="nobody_mentors_themselves"),
            models.UniqueConstraint(
                fields=["learner", "mentor", "scope"], condition=Q(state__in=("asked", "running")),
                name="mentoring_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("asked", "withdrawn")) | Q(answered_at__isnull=False) | Q(state="ended"),
                name="mentoring_answered_and_when",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=("asked", "running", "declined")) & Q(ended_at__isnull=True))
                | (Q(state__in=("withdrawn", "ended")) & Q(ended_at__isnull=False)),
                name="mentoring_ended_and_when",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=["learner", "-asked_at"], name="mentoring_of_learner"),
            models.Index(fields=["mentor", "state", "-id"], name="mentoring_of_mentor"),
        )

    def __str__(self) -> str:
        return f"{self.mentor_id} teaches {self.learner_id} {self.scope}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        return self.state in OPEN

    @property
    def is_running(self) -> bool:
        """Whether the two are at it."""
        return self.state == self.State.RUNNING


OPEN = (Mentoring.State.ASKED, Mentoring.State.RUNNING)


class MentoringHelped(models.Model):
    """The learner says that a mentoring helped; taken back within a day it counts no more."""

    mentoring = models.ForeignKey(Mentoring, on_delete=models.PROTECT, related_name="helped")
    at = models.DateTimeField(default=clock.now)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"mentoring {self.mentoring_id} helped"

    @property
    def ends_at(self) -> datetime:
        """Until when it can be taken back."""
        return self.at + TAKE_BACK_WITHIN
