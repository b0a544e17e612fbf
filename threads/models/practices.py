"""The archive: practices, their versions, and who they were shown to over time."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models import Member, Organization
from community.models.provenance import Sourced, unique_source
from community.rules import clock
from threads.models.audience import Audience, Audienced, needed_center
from threads.models.catalog import Product, Tag
from threads.models.posts import Attachment
from threads.models.records import RECORD_FIELDS
from threads.models.threads import Thread

_STEP = 10**11  # more than the seconds that any clock will say


class PracticeAudience(models.TextChoices):
    """The rungs of a thread's audience, which stay within the space, and two beyond it, narrowest first."""

    CENTER = Audience.CENTER.value, Audience.CENTER.label
    ORGANIZATION = Audience.ORGANIZATION.value, Audience.ORGANIZATION.label
    ORGANIZATIONS = Audience.ORGANIZATIONS.value, Audience.ORGANIZATIONS.label
    SPACE = Audience.SPACE.value, Audience.SPACE.label
    NETWORK = "network", _("Everyone in the network")
    PUBLIC = "public", _("Public, without signing in")


BEYOND_THE_SPACE = (PracticeAudience.NETWORK, PracticeAudience.PUBLIC)


class Practice(Sourced, Audienced):
    """A best practice: the four fields of a working record that people trust. `thread` is where it comes from.

    While it `follows_record` its text is that of the thread's record; from recording on it is its own. `confidence`,
    its `basis`, the organizations counted by what they said (`worked` to `dangerous`), those that only `used` it, how
    many were `needed` (0: it was not judged here), `score` and `place` are computed and written by nobody but
    `actions.judging`. Verdicts on versions before `judged_from` count no more. While public,
    strangers read `public_text` and `public_html`, never the live columns. Earlier versions than `history_from` stay
    with those who could read them before it was shown to more (`widened_at`). `due_told` is the `due_at` that was told.
    `mask_anew`: what it shows of a record is to be looked through for details once more.
    """

    class Confidence(models.TextChoices):
        WORK_IN_PROGRESS = "work_in_progress", _("Work in progress")
        NOT_VALIDATED = "not_validated", _("Not validated")
        VALIDATED = "validated", _("Validated")
        ARCHIVED = "archived", _("Archived")

    class Basis(models.TextChoices):
        NONE = "", _("Nobody has confirmed it yet")
        COMPUTED = "computed", _("Organizations said that it works")
        APPROVED = "approved", _("Approved by those responsible")
        IMPORTED = "imported", _("Brought along")

    title = models.CharField(max_length=200)
    problem = models.TextField()
    environment = models.TextField(blank=True, default="")
    cause = models.TextField(blank=True, default="")
    resolution = models.TextField(blank=True, default="")
    problem_html = models.TextField(blank=True, default="")
    environment_html = models.TextField(blank=True, default="")
    cause_html = models.TextField(blank=True, default="")
    resolution_html = models.TextField(blank=True, default="")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="practices")
    tags = models.ManyToManyField(Tag, blank=True, related_name="practices")
    thread = models.OneToOneField(Thread, on_delete=models.PROTECT, null=True, blank=True, related_name="practice")
    audience = models.CharField(max_length=15, choices=PracticeAudience.choices, default=PracticeAudience.SPACE)
    files = models.ManyToManyField(Attachment, blank=True, related_name="practices")
    recorded_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="practices")
    recorded_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)
    follows_record = models.BooleanField(default=False)

    confidence = models.CharField(max_length=20, choices=Confidence.choices, default=Confidence.NOT_VALIDATED)
    basis = models.CharField(max_length=12, choices=Basis.choices, default=Basis.NONE, blank=True)
    judged_from = models.PositiveIntegerField(default=1)
    worked = models.PositiveSmallIntegerField(default=0)
    changed = models.PositiveSmallIntegerField(default=0)
    failed = models.PositiveSmallIntegerField(default=0)
    outdated = models.PositiveSmallIntegerField(default=0)
    dangerous = models.PositiveSmallIntegerField(default=0)
    used = models.PositiveSmallIntegerField(default=0)
    needed = models.PositiveSmallIntegerField(default=0)
    score = models.PositiveSmallIntegerField(default=50)
    last_worked_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)
    rejudge = models.BooleanField(default=False)
    mask_anew = models.BooleanField(default=False)
    place = models.BigIntegerField(default=0)

    owner = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_practices")
    reviewed_version = models.PositiveIntegerField(default=0)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    due_told = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    claimed_until = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    compared_version = models.PositiveIntegerField(default=0)

    slug = models.SlugField(max_length=80, unique=True, null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_version = models.PositiveIntegerField(default=0)
    public_text = models.JSONField(default=dict, blank=True)
    public_html = models.JSONField(default=dict, blank=True)
    consent_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    consent_at = models.DateTimeField(null=True, blank=True)
    history_from = models.PositiveIntegerField(default=1)
    widened_at = models.DateTimeField(null=True, blank=True)

    reuse_count = models.PositiveIntegerField(default=0)
    helpful = models.PositiveIntegerField(default=0)
    unhelpful = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = (
            models.Index(fields=["-updated_at", "-id"], name="practice_latest"),
            models.Index(fields=["product", "-updated_at"], name="practice_by_product"),
            models.Index(fields=["-place", "-id"], name="practice_by_place"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="practice_due"),
            models.Index(fields=["-published_at"], condition=Q(audience="public"), name="practice_public"),
            models.Index(fields=["-reuse_count"], condition=Q(confidence="not_validated"), name="practice_reused"),
            models.Index(fields=["id"], condition=Q(rejudge=True), name="practice_to_rejudge"),
            models.Index(fields=["id"], condition=Q(mask_anew=True), name="practice_to_mask"),
            models.Index(fields=["needed"], name="practice_by_needed"),
        )
        constraints = (
            unique_source("practice_source_once"),
            needed_center("practice_for_a_center_has_one"),
            models.CheckConstraint(
                condition=Q(confidence__in=["work_in_progress", "archived"]) | ~Q(resolution=""),
                name="practice_has_a_resolution",
            ),
            models.CheckConstraint(
                condition=Q(follows_record=False) | Q(thread__isnull=False, confidence="work_in_progress"),
                name="practice_follows_its_thread",
            ),
            models.CheckConstraint(
                condition=Q(follows_record=False) | ~Q(audience__in=["network", "public"]),
                name="practice_mirror_stays_inside",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True, claimed_until__isnull=True)
                | Q(claimed_by__isnull=False, claimed_until__isnull=False),
                name="practice_claimed_with_end",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(confidence="archived"), name="practice_merged_is_archived"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=models.F("id")),
                name="practice_not_merged_into_itself",
            ),
            models.CheckConstraint(
                condition=(~Q(audience="public") & Q(published_at__isnull=True))
                | Q(audience="public", published_at__isnull=False, slug__isnull=False),
                name="practice_public_is_published",
            ),
            models.CheckConstraint(
                condition=Q(consent_by__isnull=True, consent_at__isnull=True)
                | Q(consent_by__isnull=False, consent_at__isnull=False),
                name="practice_consent_by_somebody",
            ),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="practice_score_in_range"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def fields(self) -> dict[str, str]:
        """The four texts by name."""
        return {name: getattr(self, name) for name in RECORD_FIELDS}

    @property
    def is_current(self) -> bool:
        """Whether it stands for itself: it was not merged into another."""
        return self.merged_into_id is None

    def place_now(self) -> int:
        """Where it stands among others: by how far it is trusted (a warned one steps back), then by its last change."""
        steps = {
            self.Confidence.ARCHIVED: 0,
            self.Confidence.WORK_IN_PROGRESS: 1,
            self.Confidence.NOT_VALIDATED: 2,
            self.Confidence.VALIDATED: 3,
        }
        step = steps[self.Confidence(self.confidence)] - (self.warned_at is not None)
        return max(step, 0) * _STEP + int(self.updated_at.timestamp())

    def get_absolute_url(self) -> str:
        """The practice's page."""
        return reverse("practice", args=[self.pk])


class PracticeVersion(models.Model):
    """What a practice said in one version. `tags` are slugs; None where it was not kept what they were.

    `moved` says how its confidence and its audience changed with it: by name what it was and what it is.
    """

    class Kind(models.TextChoices):
        RECORDED = "recorded", _("Recorded")
        EDITED = "edited", _("Edited")
        RESTORED = "restored", _("An earlier version brought back")
        SUGGESTED = "suggested", _("A suggestion taken up")
        STATE = "state", _("Its state changed")
        MERGED = "merged", _("Merged")
        IMPORTED = "imported", _("Brought along")

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    fields = models.JSONField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    tags = models.JSONField(null=True, blank=True)
    moved = models.JSONField(default=dict, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.EDITED)
    restores = models.PositiveIntegerField(null=True, blank=True)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    suggested_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=400, blank=True, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["practice", "number"], name="practice_version_numbered_once"),)

    def __str__(self) -> str:
        return f"{self.practice_id} v{self.number}"


class AudienceChange(models.Model):
    """Somebody showed a practice to more or to fewer people. `organizations` are the ids of those then named."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="audience_changes")
    before = models.CharField(max_length=15, choices=PracticeAudience.choices)
    after = models.CharField(max_length=15, choices=PracticeAudience.choices)
    organizations = models.JSONField(default=list)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=400, blank=True, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.practice_id}: {self.before} to {self.after}"


class KeptFinding(models.Model):
    """A detail found in a practice's text that somebody said is needed there; `digest` stands for the detail."""

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="kept_findings")
    kind = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["practice", "digest"], name="finding_kept_once"),)

    def __str__(self) -> str:
        return f"{self.kind} kept in {self.practice_id}"


class WatchedName(models.Model):
    """A name of a customer, or the end of a host's name, that an organization's members are to mask. Its own secret."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="watched_names")
    name = models.CharField(max_length=80)
    folded = models.CharField(max_length=80)
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("folded",)
        constraints = (models.UniqueConstraint(fields=["organization", "folded"], name="watched_name_once"),)

    def __str__(self) -> str:
        return self.name
