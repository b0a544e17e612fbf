"""Reviews of practices, what is said in them, and suggestions of edits."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Member, Organization
from community.rules import clock
from threads.models.practices import Practice
from threads.models.threads import Thread


class Review(models.Model):
    """Curators look at `version` of a practice, beside `base_version`, until one of them decides.

    `by_standing` says that it was decided by somebody who does not curate and had earned it: where approval is asked
    for, that is none.
    """

    class Kind(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        CHALLENGED = "challenged", _("Challenged")
        DUE = "due", _("Due for review")
        SUGGESTED = "suggested", _("Suggested")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        CHANGES_ASKED = "changes_asked", _("Changes asked for")
        CLOSED = "closed", _("Closed")

    class Outcome(models.TextChoices):
        NONE = "", _("Not decided")
        APPROVED = "approved", _("Approved")
        REVISED = "revised", _("Revised")
        RETIRED = "retired", _("Retired")
        MERGED = "merged", _("Merged")
        REJECTED = "rejected", _("Rejected")
        KEPT = "kept", _("Kept as it is")

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    version = models.PositiveIntegerField()
    base_version = models.PositiveIntegerField(default=0)
    opened_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=14, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.NONE, blank=True)
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    by_standing = models.BooleanField(default=False)
    reason = models.CharField(max_length=400, blank=True, default="")

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["state", "opened_at"], condition=~Q(state="closed"), name="review_open"),)
        constraints = (
            models.UniqueConstraint(fields=["practice"], condition=~Q(state="closed"), name="review_open_once"),
            models.CheckConstraint(
                condition=(~Q(state="closed") & Q(outcome=""))
                | (Q(state="closed", decided_at__isnull=False) & ~Q(outcome="")),
                name="review_closed_is_decided",
            ),
        )

    def __str__(self) -> str:
        return f"review {self.pk} of {self.practice_id}: {self.state}"

    def get_absolute_url(self) -> str:
        """The review's page."""
        return reverse("review", args=[self.pk])


class ReviewComment(models.Model):
    """What somebody says of a line of the text under review (`quote`), or (no line) of all of it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=12, blank=True, default="")
    line = models.PositiveIntegerField(null=True, blank=True)
    quote = models.CharField(max_length=400, blank=True, default="")
    body = models.TextField()
    html = models.TextField()
    at = models.DateTimeField(default=clock.now)
    done_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(done_by__isnull=True, done_at__isnull=True)
                | Q(done_by__isnull=False, done_at__isnull=False),
                name="comment_done_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.author_id} in review {self.review_id}"


class Suggestion(models.Model):
    """Somebody proposes an edit of `base_version`: a title, and those of the four fields (`fields`) that change.

    `number` counts how often its author wrote it anew, so that nobody decides about words that they have not read.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACCEPTED = "accepted", _("Taken up")
        REJECTED = "rejected", _("Not taken up")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="suggestions")
    base_version = models.PositiveIntegerField()
    number = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200, blank=True, default="")
    fields = models.JSONField(default=dict)
    reason = models.CharField(max_length=400)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="suggestions")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    thread = models.ForeignKey(Thread, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(max_length=400, blank=True, default="")
    accepted_version = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["practice", "id"], condition=Q(state="open"), name="suggestion_open"),)
        constraints = (
            models.UniqueConstraint(
                fields=["practice", "author"], condition=Q(state="open"), name="suggestion_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="suggestion_decided_and_when",
            ),
        )

    def __str__(self) -> str:
        return f"suggestion {self.pk} for {self.practice_id}: {self.state}"
