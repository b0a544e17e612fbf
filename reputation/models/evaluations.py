"""Evaluations: how members who worked on a thread together rate each other's part, and what is shown of it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.models import Member, Organization, Space
from community.rules import clock
from reputation.rules.evaluations import HIGHEST, LOWEST, QUALITIES


class Kind(models.TextChoices):
    """Whose word it is; the two are never added up."""

    PEER = "peer", _("Peers")
    REQUESTER = "requester", _("Requesters")


class Quality(models.TextChoices):
    """What is rated, from 1 (poor) to 5 (excellent)."""

    ACCURACY = "accuracy", _("Accuracy")
    COMPLETENESS = "completeness", _("Completeness")
    CLARITY = "clarity", _("Clarity")
    COURTESY = "courtesy", _("Courtesy")
    TIMELINESS = "timeliness", _("Timeliness")


def _score() -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(null=True, blank=True)


def _scores_known() -> Q:
    found = Q()
    for name in QUALITIES:
        found &= Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": LOWEST, f"{name}__lte": HIGHEST})
    return found


def _one_given() -> Q:
    found = Q()
    for name in QUALITIES:
        found |= Q(**{f"{name}__isnull": False})
    return found


class Evaluation(models.Model):
    """What one member says of another's part in a thread, or of one post of theirs.

    Who gave it is shown to nobody but themselves, and to a moderator who was asked to look into it. `product`, `tags`,
    `kind` and `weight` are as they were then. `shown_from` says from when its note is shown, once it is in a bundle of
    five raters; `key` is the note's name, which tells no order.
    """

    class NoteTo(models.TextChoices):
        PERSON = "person", _("To them")
        COACH = "coach", _("To their coach")

    rater = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="evaluations_given")
    rated = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="evaluations_received")
    thread = models.ForeignKey("threads.Thread", on_delete=models.PROTECT, related_name="evaluations")
    post = models.ForeignKey(
        "threads.Post", on_delete=models.PROTECT, null=True, blank=True, related_name="evaluations"
    )
    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    accuracy, completeness, clarity, courtesy, timeliness = _score(), _score(), _score(), _score(), _score()
    product = models.CharField(max_length=60, blank=True, default="")
    tags = models.JSONField(default=list)
    weight = models.FloatField()
    note = models.TextField(blank=True, default="")
    note_to = models.CharField(max_length=10, choices=NoteTo.choices, blank=True, default="")
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    shown_from = models.DateTimeField(null=True, blank=True)
    given_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    set_aside_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=["rater", "rated", "thread"], condition=Q(post__isnull=True), name="evaluation_of_a_part_once"
            ),
            models.UniqueConstraint(
                fields=["rater", "rated", "thread", "post"],
                condition=Q(post__isnull=False),
                name="evaluation_of_a_post_once",
            ),
            models.CheckConstraint(condition=~Q(rater=F("rated")), name="no_evaluation_of_oneself"),
            models.CheckConstraint(condition=_scores_known(), name="evaluation_scores_known"),
            models.CheckConstraint(condition=_one_given(), name="evaluation_says_something"),
            models.CheckConstraint(
                condition=Q(note="", note_to="") | (~Q(note="") & ~Q(note_to="")), name="evaluation_note_goes_somewhere"
            ),
        )

    def __str__(self) -> str:
        return f"{self.rated_id} in {self.thread_id}"

    @property
    def scores(self) -> dict[str, int]:
        """What was given, by quality."""
        given = {name: getattr(self, name) for name in QUALITIES}
        return {name: score for name, score in given.items() if score is not None}


class Tally(models.Model):
    """A number as it was shown to the rated person: kept, so that no later one lets anybody subtract.

    `scope` is empty, `tag:<slug>` or `product:<slug>`; `window` is empty or `year`. `value` is in half points. `parts`
    is what it was made of, `{rater: [score, weight]}`, for the comparison alone.
    """

    class Window(models.TextChoices):
        ALL = "", _("In all")
        YEAR = "year", _("In the last twelve months")

    rated = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tallies", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    quality = models.CharField(max_length=20, choices=Quality.choices)
    scope = models.CharField(max_length=80, blank=True, default="")
    window = models.CharField(max_length=10, choices=Window.choices, blank=True, default="")
    value = models.PositiveSmallIntegerField()
    raters = models.PositiveIntegerField()
    parts = models.JSONField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["rated", "kind", "quality"], name="tally_of_member"),)

    def __str__(self) -> str:
        return f"{self.rated_id} {self.kind} {self.quality} {self.scope}: {self.value / 2}"


class Coaching(models.Model):
    """An organization named one of its members coach of another one, until it was ended or one of them left."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    coach = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="coaches")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="coached_by")
    named_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=["member"], condition=Q(until__isnull=True), name="one_coach_at_a_time"),
            models.CheckConstraint(condition=~Q(coach=F("member")), name="nobody_coaches_themselves"),
        )

    def __str__(self) -> str:
        return f"{self.coach_id} coaches {self.member_id}"


class NoteAnswer(models.Model):
    """What the rated person answers to a note, once; a review that they ask for is decided by a moderator."""

    class Answer(models.TextChoices):
        THANKS = "thanks", _("Thanks")
        DISAGREE = "disagree", _("I see it differently")
        REVIEW = "review", _("Ask for a review")

    class Outcome(models.TextChoices):
        KEPT = "kept", _("It stands")
        SET_ASIDE = "set_aside", _("Set aside")

    evaluation = models.OneToOneField(Evaluation, on_delete=models.PROTECT, related_name="answer")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    words = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    outcome_words = models.TextField(blank=True, default="")
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="", decided_by__isnull=True, decided_at__isnull=True)
                | Q(answer="review", decided_by__isnull=False, decided_at__isnull=False),
                name="review_of_a_note_decided_by_somebody",
            ),
            models.CheckConstraint(condition=Q(answer="thanks") | ~Q(words=""), name="answer_to_a_note_says_why"),
        )
        indexes = (models.Index(fields=["at"], condition=Q(answer="review", outcome=""), name="note_review_waiting"),)

    def __str__(self) -> str:
        return f"{self.evaluation_id}: {self.answer}"


class RaterLook(models.Model):
    """A moderator looked who wrote a note under review: the row comes before the look, and stays."""

    answer = models.ForeignKey(NoteAnswer, on_delete=models.PROTECT, related_name="looks")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["answer", "by"], name="rater_looked_at_once"),)

    def __str__(self) -> str:
        return f"{self.by_id} at {self.answer_id}"
