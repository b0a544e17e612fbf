"""Requests for help in a thread, and the people who were asked, one after another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models import Center, Member, Organization
from community.rules import clock
from threads.models.threads import Thread
from threads.rules.limits import MOST_WANTED


class HelpRequest(models.Model):
    """Somebody's request that others help with a thread: what is needed, by when, and among whom it is asked.

    `wanted` people are looked for, `at_once` of them may be thinking about it at a time. While it is open,
    `next_try_at` is when the next may be asked, because nobody could be before. `beyond` says that people outside the
    thread's audience may be let in for it.
    """

    class Target(models.TextChoices):
        MATCHED = "matched", _("Whoever fits best")
        MEMBERS = "members", _("These people")
        ORGANIZATION = "organization", _("People of an organization")
        CENTER = "center", _("People of a center")
        TAG = "tag", _("Experts in a topic")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        EXHAUSTED = "exhausted", _("Nobody left to ask")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        CLOSED = "closed", _("Ended with the thread")

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="requests")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    what = models.TextField()
    html = models.TextField()
    due_at = models.DateTimeField()
    target = models.CharField(max_length=12, choices=Target.choices, default=Target.MATCHED)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    center = models.ForeignKey(Center, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    scope = models.CharField(max_length=80, blank=True, default="")
    named = models.ManyToManyField(Member, through="Named", related_name="+")
    language = models.CharField(max_length=8, blank=True, default="")
    wanted = models.PositiveSmallIntegerField(default=1)
    at_once = models.PositiveSmallIntegerField(default=1)
    beyond = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    overdue_told = models.BooleanField(default=False)
    client_id = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001  (unique only where it is given)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=["by", "client_id"], name="request_sent_once"),
            models.CheckConstraint(
                condition=models.Q(target="organization", organization__isnull=False)
                | (~models.Q(target="organization") & models.Q(organization__isnull=True)),
                name="request_names_its_organization",
            ),
            models.CheckConstraint(
                condition=models.Q(target="center", center__isnull=False)
                | (~models.Q(target="center") & models.Q(center__isnull=True)),
                name="request_names_its_center",
            ),
            models.CheckConstraint(
                condition=(models.Q(target="tag") & ~models.Q(scope=""))
                | (~models.Q(target="tag") & models.Q(scope="")),
                name="request_names_its_topic",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", ended_at__isnull=True)
                | (~models.Q(state="open") & models.Q(ended_at__isnull=False)),
                name="request_ended_when_not_open",
            ),
            models.CheckConstraint(
                condition=models.Q(wanted__gte=1, wanted__lte=MOST_WANTED, at_once__gte=1, at_once__lte=MOST_WANTED),
                name="request_wants_some",
            ),
        )
        indexes = (
            models.Index(fields=["next_try_at"], condition=models.Q(state="open"), name="request_to_try"),
            models.Index(
                fields=["due_at"], condition=models.Q(state="open", overdue_told=False), name="request_to_be_late"
            ),
            models.Index(fields=["by", "-opened_at"], name="request_of_member"),
        )

    def __str__(self) -> str:
        return f"request {self.pk} in {self.thread_id}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether somebody is still looked for."""
        return self.state == self.State.OPEN


class Named(models.Model):
    """Somebody whom a request is to ask by name, in this order."""

    request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="named_in_order")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("place",)
        constraints = (models.UniqueConstraint(fields=["request", "member"], name="named_once"),)

    def __str__(self) -> str:
        return f"{self.member_id} for {self.request_id}"


class Asked(models.Model):
    """Somebody who was asked by a request, until when they may think, and what they answered.

    `first` says that they were among those with whom the request began. `note` goes with the answer, `information` is
    what the requester told somebody who needed to know more. `answer_by` is put off while that is open.
    """

    class Answer(models.TextChoices):
        NONE = "", _("No answer yet")
        ACCEPTED = "accepted", _("Helps")
        DECLINED = "declined", _("Cannot help")
        MORE_INFORMATION = "more_information", _("Needs to know more")
        EXPIRED = "expired", _("Did not answer in time")
        WITHDRAWN = "withdrawn", _("Not needed any more")

    request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="asked")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.PositiveSmallIntegerField()
    first = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    asked_at = models.DateTimeField(default=clock.now)
    answer_by = models.DateTimeField()
    answer = models.CharField(max_length=20, choices=Answer.choices, default=Answer.NONE, blank=True)
    note = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    information = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("request", "place")
        constraints = (
            models.UniqueConstraint(fields=["request", "member"], name="asked_once"),
            models.UniqueConstraint(fields=["request", "place"], name="asked_in_order"),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="asked_answered_and_when",
            ),
        )
        indexes = (
            models.Index(fields=["answer_by"], condition=models.Q(answer=""), name="asked_to_pass_on"),
            models.Index(fields=["member", "-asked_at"], name="asked_of_member"),
        )

    def __str__(self) -> str:
        return f"{self.member_id} asked by {self.request_id}: {self.answer}"


# Whoever has said neither yes nor no can still say it.
ANSWERABLE = (Asked.Answer.NONE, Asked.Answer.MORE_INFORMATION)
