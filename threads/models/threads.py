"""Threads: posted problems, with what is known about where they stand."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Member
from community.models.provenance import Sourced, unique_source
from community.rules import clock
from threads.models.audience import Audienced, needed_center
from threads.models.catalog import Product, ProductVersion, Tag


class Severity(models.IntegerChoices):
    """How bad it is, worst first."""

    CRITICAL = 1, _("1 · Critical")
    HIGH = 2, _("2 · High")
    NORMAL = 3, _("3 · Normal")
    LOW = 4, _("4 · Low")


class Thread(Sourced, Audienced):
    """A posted problem and its replies. Post number 1 is the problem itself.

    `last_number` is the newest post's number, raised under this row's lock; `reply_count` counts the
    replies that are not deleted; `version` rises with every change a reader can see.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        WAITING = "waiting", _("Waiting")
        RESOLVED = "resolved", _("Resolved")
        CLOSED = "closed", _("Closed")

    title = models.CharField(max_length=200)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="threads", db_index=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, default=Severity.NORMAL)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="threads")
    product_version = models.ForeignKey(
        ProductVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="threads"
    )
    environment = models.TextField(blank=True, default="")
    tags = models.ManyToManyField(Tag, blank=True, related_name="threads")
    owner = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_threads", db_index=False
    )
    next_action = models.CharField(max_length=200, blank=True, default="")
    next_action_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    next_action_due = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    last_activity_at = models.DateTimeField(default=clock.now)
    last_post_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    last_number = models.PositiveIntegerField(default=0)
    reply_count = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (
            models.Index(fields=["space", "-last_activity_at", "-id"], name="thread_latest_in_space"),
            models.Index(fields=["space", "status", "-last_activity_at", "-id"], name="thread_by_status"),
            models.Index(fields=["-last_activity_at", "-id"], name="thread_latest"),
            models.Index(fields=["author", "-id"], name="thread_of_author"),
            models.Index(fields=["owner", "status"], name="thread_of_owner"),
            models.Index(fields=["product", "-id"], name="thread_latest_of_product"),
        )
        constraints = (
            unique_source("thread_source_once"),
            needed_center("thread_for_a_center_has_one"),
            models.CheckConstraint(
                condition=models.Q(severity__in=Severity.values), name="thread_severity_is_one_of_four"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_unresolved(self) -> bool:
        """Whether somebody still has to do something."""
        return self.status in UNRESOLVED

    def get_absolute_url(self) -> str:
        """The thread's page."""
        return reverse("thread", args=[self.pk])


UNRESOLVED = (Thread.Status.OPEN, Thread.Status.WAITING)


class Following(models.Model):
    """A member's wish to hear of a thread, or (`wanted` false) not to, which no later mention or reply overrules."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="followings", db_index=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="followings")
    wanted = models.BooleanField(default=True)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "thread"], name="following_once"),)

    def __str__(self) -> str:
        return f"{self.member_id} {self.thread_id}"


class Relation(models.Model):
    """`thread` is a duplicate of, or related to, `other`."""

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", _("Duplicate of")
        RELATED = "related", _("Related to")

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="related_from")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["thread", "other", "kind"], name="relation_once"),
            models.CheckConstraint(condition=~models.Q(thread=models.F("other")), name="no_relation_to_itself"),
        )

    def __str__(self) -> str:
        return f"{self.thread_id} {self.kind} {self.other_id}"


class TimelineEntry(models.Model):
    """What happened to a thread besides posts, after the post with number `after_number`. Kept for good.

    `practice` is the one that it is about: shown to those who may see it, and to others the entry is not there.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="timeline")
    after_number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    data = models.JSONField(default=dict)
    practice = models.ForeignKey(
        "threads.Practice", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ("id",)
        indexes = (
            models.Index(fields=["thread", "after_number", "id"], name="timeline_of_thread"),
            models.Index(fields=["practice"], condition=models.Q(practice__isnull=False), name="timeline_of_practice"),
        )

    def __str__(self) -> str:
        return f"{self.thread_id} {self.kind}"
