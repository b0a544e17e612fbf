"""Who wants to hear of practices, and what is still to be told."""

from django.db import models
from django.db.models import Q

from community.models import Member, Organization, WorkRole
from community.rules import clock
from threads.models.practices import Practice


class Subscription(models.Model):
    """A member, or who has a working role in an organization, hears of practices of a `scope` (product: or tag:).

    With `wanted` off the member does not, whatever their role.
    """

    member = models.ForeignKey(
        Member, on_delete=models.CASCADE, null=True, blank=True, related_name="subscriptions", db_index=False
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    role = models.ForeignKey(WorkRole, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    scope = models.CharField(max_length=80)
    wanted = models.BooleanField(default=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("scope", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(member__isnull=False, organization__isnull=True, role__isnull=True)
                | Q(member__isnull=True, organization__isnull=False, role__isnull=False, wanted=True),
                name="subscription_of_a_member_or_role",
            ),
            models.UniqueConstraint(
                fields=["member", "scope"], condition=Q(member__isnull=False), name="member_subscribes_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "role", "scope"], condition=Q(member__isnull=True), name="role_subscribes_once"
            ),
        )
        indexes = (models.Index(fields=["scope"], name="subscription_to_scope"),)

    def __str__(self) -> str:
        return f"{self.member_id or self.role_id}: {self.scope}"


class PracticeNews(models.Model):
    """News of a practice that the worker has to tell those who asked for it, once its time has come."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="+", db_index=False)
    notice = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    besides = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["practice", "notice"], name="news_of_practice_once"),)
        indexes = (models.Index(fields=["due_at"], name="news_due"),)

    def __str__(self) -> str:
        return f"{self.notice} {self.practice_id}"
