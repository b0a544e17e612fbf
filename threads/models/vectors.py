"""What a sentence model makes of things: vectors, and the things that they have to be made of again."""

from django.db import models
from django.db.models import Q

from community.rules import clock


class EmbeddingModel(models.Model):
    """A model, and the recipe by which texts are prepared for it.

    The current one answers. One that is filling takes its place once it has a vector of everything.
    """

    class State(models.TextChoices):
        FILLING = "filling"
        CURRENT = "current"
        RETIRED = "retired"

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)  # of the weights
    recipe = models.PositiveSmallIntegerField()
    dimensions = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.FILLING)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["digest", "recipe"], name="embedding_model_once"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="current"), name="embedding_model_current"),
        )

    def __str__(self) -> str:
        return f"{self.name}, recipe {self.recipe}"


class Vector(models.Model):
    """One passage of a thread, practice or playbook: `data` are numbers of two bytes each (float16, little end first).

    All vectors of a thing are written together, so that the first one's `at` tells when any of them changed. `digest`
    is that of the passage.
    """

    model = models.ForeignKey(EmbeddingModel, models.CASCADE, related_name="vectors")
    kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    part = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=16)
    data = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["model", "kind", "subject_id", "part"], name="vector_once"),)
        indexes = (
            models.Index(fields=["model", "at"], condition=Q(part=0), name="vector_changed"),
            models.Index(fields=["kind", "subject_id"], name="vector_of_subject"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}, part {self.part}"


class VectorWork(models.Model):
    """A thing that was written and whose vectors may no longer be those of what it says."""

    kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "subject_id"], name="vector_work_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
