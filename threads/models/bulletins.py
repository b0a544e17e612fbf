"""Messages to many, and who has read them."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from community.models import Member, Organization, WorkRole
from community.rules import clock
from threads.models.audience import Audienced, needed_center


class Bulletin(Audienced):
    """What everybody in its audience should know. Those asked (all, or who has the `role`) may have to say by a time
    that they have read it. The practice or playbook that it is about is named to who sees that. Taken back it is not
    shown any more, but to who sent it.
    """

    title = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    role = models.ForeignKey(WorkRole, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    practice = models.ForeignKey("threads.Practice", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    playbook = models.ForeignKey("threads.Playbook", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    acknowledge_until = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    reminded_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = (
            needed_center("bulletin_for_a_center_has_one"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="bulletin_ended_by_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=["acknowledge_until"],
                condition=Q(ended_at__isnull=True, reminded_at__isnull=True, acknowledge_until__isnull=False),
                name="bulletin_to_remind",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("bulletin", args=[self.pk])


class Receipt(models.Model):
    """A member has read a bulletin; `organization` is theirs at that time."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="receipts", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["bulletin", "member"], name="read_once"),)

    def __str__(self) -> str:
        return f"{self.member_id} read {self.bulletin_id}"
