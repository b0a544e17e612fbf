"""Marks: numbers by which whoever keeps what they read can tell that none of it has changed."""

from django.db import models


class Mark(models.Model):
    """`stamp` is another random number after every change of what the mark stands for.

    The database draws it, by triggers (`facts.marks` says of which tables), in the transaction that changes something,
    whoever changes it. A number that was drawn once never means anything else, also after a transaction that was
    undone. The id says what the mark stands for.
    """

    id = models.BigIntegerField(primary_key=True)
    stamp = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.pk}: {self.stamp}"
