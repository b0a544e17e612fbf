"""The swarm of a thread: who helps, who was let in, handing over, and calls and meetings."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models import Member
from community.rules import clock
from threads.models.threads import Thread
from threads.rules.limits import ATTENDEES_LENGTH, LONGEST_MEETING


def _ended_whole(name: str) -> models.CheckConstraint:
    """The constraint that what ended says when and by whom."""
    condition = models.Q(until__isnull=True, ended_by__isnull=True) | models.Q(until__isnull=False)
    return models.CheckConstraint(condition=condition, name=name)


class Helper(models.Model):
    """Somebody who helps to solve a thread, besides its owner; with `until` they did so up to then.

    `ended_by` is nobody where the worker ended it, because they left the network. `removed` says that somebody else
    ended it and that they may not come back by themselves; inviting them again takes that back.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="helpers")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="helping", db_index=False)
    since = models.DateTimeField(default=clock.now)
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    until = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ("since", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["thread", "member"], condition=models.Q(until__isnull=True), name="helping_once"
            ),
            _ended_whole("helping_ended_by_and_when"),
            models.CheckConstraint(
                condition=models.Q(removed=False) | models.Q(until__isnull=False), name="removed_helps_no_more"
            ),
        )
        indexes = (
            models.Index(fields=["member"], condition=models.Q(until__isnull=True), name="helping_now"),
            models.Index(fields=["thread", "member"], condition=models.Q(removed=True), name="helper_removed"),
        )

    def __str__(self) -> str:
        return f"{self.member_id} helps with {self.thread_id}"


class Guest(models.Model):
    """One person who sees a thread although its audience does not reach them: invited by name, until it is ended."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="guests")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    invited_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=clock.now)
    reads_only = models.BooleanField(default=False)
    until = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("since", "id")
        constraints = (
            models.UniqueConstraint(
                fields=["thread", "member"], condition=models.Q(until__isnull=True), name="guest_once"
            ),
            _ended_whole("guest_ended_by_and_when"),
        )
        indexes = (models.Index(fields=["member", "thread"], condition=models.Q(until__isnull=True), name="guest_now"),)

    def __str__(self) -> str:
        return f"{self.member_id} is a guest of {self.thread_id}"


class HandOver(models.Model):
    """A thread offered to somebody else, with what they have to know; without `to` to whoever takes it over."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="hand_overs")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    summary = models.TextField()
    html = models.TextField()
    offered_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    answered_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")
    # Until then whoever accepted it has it at the top of the thread.
    put_away_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=["thread"], condition=models.Q(state="offered"), name="hand_over_offered_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="offered", answered_by__isnull=True, answered_at__isnull=True)
                | (~models.Q(state="offered") & models.Q(answered_at__isnull=False)),
                name="hand_over_answered_by_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(to__isnull=True) | ~models.Q(to=models.F("by")), name="no_hand_over_to_oneself"
            ),
        )
        indexes = (
            models.Index(fields=["to"], condition=models.Q(state="offered"), name="hand_over_waiting"),
            models.Index(fields=["thread", "-id"], name="hand_over_latest"),
        )

    def __str__(self) -> str:
        return f"{self.thread_id} from {self.by_id} to {self.to_id}: {self.state}"


class Meeting(models.Model):
    """A call or meeting about a thread, as somebody wrote it down: who was there and what came of it."""

    class Kind(models.TextChoices):
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="meetings")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CALL)
    held_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MEETING)], default=30
    )
    attendees = models.ManyToManyField(Member, related_name="+", blank=True)
    others = models.CharField(max_length=ATTENDEES_LENGTH, blank=True, default="")
    outcome = models.TextField()
    html = models.TextField()
    logged_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    logged_at = models.DateTimeField(default=clock.now)
    client_id = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001  (unique only where it is given)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-held_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=["logged_by", "client_id"], name="meeting_sent_once"),
            models.CheckConstraint(
                condition=models.Q(minutes__gte=1, minutes__lte=LONGEST_MEETING), name="meeting_has_a_length"
            ),
            models.CheckConstraint(
                condition=models.Q(deleted_at__isnull=True, deleted_by__isnull=True)
                | models.Q(deleted_at__isnull=False, deleted_by__isnull=False),
                name="meeting_deleted_with_who_and_when",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} about {self.thread_id}"
