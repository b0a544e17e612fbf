"""The search index: one row for each post, practice, playbook and member that can be found."""

from django.db import models


class SearchEntry(models.Model):
    """The words (see `rules.words`) of one findable thing.

    `object_id` is the id of the post, practice, playbook, member or (for an event) timeline entry. A thread is found
    through its posts and events: `subject_id` is then the thread's. `labels` are words about it from elsewhere:
    product, tags, for a reply also its thread's title. `size` is its length as ranking counts it. The full-text index
    over the three texts is made by migration 0002 in each database's own way; on SQLite with triggers, which a later
    migration that alters this table has to make anew.
    """

    class Kind(models.TextChoices):
        THREAD = "thread"
        POST = "post"
        PRACTICE = "practice"
        MEMBER = "member"
        EVENT = "event"
        PLAYBOOK = "playbook"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject_id = models.BigIntegerField()
    object_id = models.BigIntegerField()
    title = models.TextField(blank=True, default="")
    labels = models.TextField(blank=True, default="")
    body = models.TextField(blank=True, default="")
    size = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once"),)
        indexes = (
            models.Index(fields=["kind", "subject_id"], name="search_entry_of_subject"),
            models.Index(fields=["kind", "size"], name="search_entry_size"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
