"""How a thread was resolved, and reopened."""

from django.db import models

from community.models import Member
from community.rules import clock
from threads.models.posts import Post
from threads.models.threads import Thread


class Resolution(models.Model):
    """One time a thread was resolved: the solving posts, what fixed it, who said so; later perhaps reopened.

    `has_solution` says that posts are marked, so that the database itself refuses a resolution without a reason.
    """

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="resolutions")
    posts = models.ManyToManyField(Post, blank=True, related_name="resolutions")
    has_solution = models.BooleanField(default=False)
    summary = models.TextField(blank=True, default="")
    resolved_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(default=clock.now)
    reopened_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reopened_at = models.DateTimeField(null=True, blank=True)
    reopen_reason = models.TextField(blank=True, default="")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(has_solution=True) | ~models.Q(summary=""), name="resolved_needs_solution_or_summary"
            ),
            models.CheckConstraint(
                condition=models.Q(reopened_at__isnull=True, reopened_by__isnull=True)
                | models.Q(reopened_at__isnull=False, reopened_by__isnull=False),
                name="resolution_reopened_with_who_and_when",
            ),
            models.UniqueConstraint(
                fields=["thread"], condition=models.Q(reopened_at__isnull=True), name="one_standing_resolution"
            ),
        )

    def __str__(self) -> str:
        return f"{self.thread_id} at {self.resolved_at:%Y-%m-%d}"
