"""The ledger of awards and the standing it adds up to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.models import Member, Organization
from community.rules import clock


class Award(models.Model):
    """One row: points for one cause. A correction is a row that reverses another; nothing is changed or deleted.

    `cause` is unique, so double credit is impossible. `subject` says for what (`post:34`); `product`, `tags` and
    `space` are slugs at that time, `month` that of the award (202611), which a reversal shares. `capped` names the cap
    that left fewer points than the rule gives, down to none; `why` says why an award was taken back. Givers are absent
    in imported rows, because public dumps do not name voters.
    """

    class Rule(models.TextChoices):
        HELPED = "helped", _("A post helped somebody")
        SOLUTION = "solution", _("A post solved a problem")
        PRACTICE = "practice", _("A practice was recorded")
        REUSED = "reused", _("A practice was used again")
        VALIDATED = "validated", _("Organizations validated a practice")
        REVIEW = "review", _("A practice was reviewed")
        SUGGESTION = "suggestion", _("A suggested edit was taken up")
        SAMPLING = "sampling", _("A sample was scored")
        ANSWERED = "answered", _("A help request was answered in time")
        MENTORING = "mentoring", _("A learner was helped along")

    class Cap(models.TextChoices):
        NONE = "", _("Not capped")
        DAY = "day", _("more than a day brings")
        MEMBER = "member", _("much from the same member lately")
        ORGANIZATION = "organization", _("much from the same organization lately")
        ORGANIZATIONS = "organizations", _("much between the same two organizations lately")
        OWN_WORD = "own_word", _("much lately that nobody else had to agree to")

    class Why(models.TextChoices):
        NONE = "", _("Not said")
        UNVOTED = "unvoted", _("the vote was taken back")
        REOPENED = "reopened", _("the thread was opened again")
        DELETED = "deleted", _("what it was for was deleted")
        OUTDATED = "outdated", _("the practice is out of use")
        WRONG = "wrong", _("the practice is not validated any more")
        UNMERGED = "unmerged", _("the merging was taken back")
        MERGED = "merged", _("two practices that it was for became one")
        UNUSED = "unused", _("the use was taken back")
        UNSAID = "unsaid", _("whoever gave it took it back")
        SUSPENDED = "suspended", _("whoever gave it is suspended")
        GAMED = "gamed", _("a moderator found that it was not earned")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="awards")
    rule = models.CharField(max_length=20, choices=Rule.choices)
    rules_version = models.PositiveSmallIntegerField()
    points = models.IntegerField()
    cause = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=60)
    product = models.CharField(max_length=60, blank=True, default="")
    tags = models.JSONField(default=list)
    space = models.CharField(max_length=60, blank=True, default="")
    month = models.PositiveIntegerField()
    capped = models.CharField(max_length=20, choices=Cap.choices, blank=True, default="")
    why = models.CharField(max_length=20, choices=Why.choices, blank=True, default="")
    giver = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    giver_organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    receiver_organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversal")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=~models.Q(giver=models.F("member")), name="no_award_to_oneself"),
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=True, points__gt=0)
                | (models.Q(reverses__isnull=True, points=0) & ~models.Q(capped=""))
                | models.Q(reverses__isnull=False, points__lte=0),
                name="award_gives_and_reversal_takes",
            ),
        )
        indexes = (
            models.Index(fields=["member", "-id"], name="award_of_member"),
            models.Index(fields=["subject"], name="award_for_subject"),
            models.Index(fields=["member", "at"], name="award_lately"),
            models.Index(fields=["giver_organization", "receiver_organization", "at", "points"], name="award_between"),
            models.Index(
                fields=["at"], condition=models.Q(giver__isnull=False, reverses__isnull=True), name="award_given_at"
            ),
            models.Index(
                fields=["member", "rule", "giver_organization"],
                condition=models.Q(giver_organization__isnull=False, reverses__isnull=True),
                name="award_by_organization",
            ),
            models.Index(
                fields=["member", "rule", "month"],
                condition=models.Q(giver_organization__isnull=False, reverses__isnull=True),
                name="award_by_month",
            ),
        )

    def __str__(self) -> str:
        return f"{self.points:+} {self.rule} to {self.member_id}"


class Standing(models.Model):
    """What a member's awards add up to: in all (`scope` empty), or by `tag:<slug>`, `product:<slug>`, `space:<slug>`.

    `awards` are those that gave something and stand.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="standings")
    scope = models.CharField(max_length=80, blank=True, default="")
    points = models.IntegerField(default=0)
    awards = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["member", "scope"], name="standing_once"),)
        indexes = (models.Index(fields=["scope", "-points"], name="standing_by_scope"),)

    def __str__(self) -> str:
        return f"{self.member_id} {self.scope or 'all'}: {self.points}"


class MonthlyStanding(models.Model):
    """The same of the awards that were given in one month (202611), in UTC, and still stand.

    There are many of them, so they have one index, and no constraint that is looked at for each: members are never
    deleted.
    """

    pk = models.CompositePrimaryKey("member_id", "scope", "month")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    scope = models.CharField(max_length=80, blank=True, default="")
    month = models.PositiveIntegerField()
    points = models.IntegerField(default=0)
    awards = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.member_id} {self.scope or 'all'} {self.month}: {self.points}"
