"""Searches that members keep, what each told of, and what they have not been asked about yet."""

from django.db import models
from django.db.models import Q

from community.models import Member
from community.rules import clock
from threads.models.search import SearchEntry
from threads.rules.limits import SAVED_NAME_LENGTH
from threads.rules.search_match import LONGEST_KEY
from threads.rules.search_text import MAX_QUERY


class SavedSearch(models.Model):
    """A search that a member keeps by name, for things of one `kind` or of all.

    With `notifies` its member is told of what comes to fit after `since`; `key` is then what only few things have of
    what it asks for, so that a new thing finds it without all others. `opened_at` is when its member last looked.
    """

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=SAVED_NAME_LENGTH)
    text = models.CharField(max_length=MAX_QUERY)
    kind = models.CharField(max_length=10, blank=True, default="")
    notifies = models.BooleanField(default=False)
    key = models.CharField(max_length=LONGEST_KEY, blank=True, default="")
    since = models.DateTimeField(default=clock.now)
    made_at = models.DateTimeField(default=clock.now)
    opened_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=Q(notifies=False) | ~Q(key=""), name="saved_search_notifies_by_key"),
        )
        indexes = (models.Index(fields=["key"], condition=Q(notifies=True), name="saved_search_by_key"),)

    def __str__(self) -> str:
        return self.name


class SavedHit(models.Model):
    """A thing that a saved search told its member of, or would have (`noticed` false: another search had, or it was
    too much that day). `place` is where it was found: `thread:12`, `post:34`.
    """

    search = models.ForeignKey(SavedSearch, on_delete=models.CASCADE, related_name="hits", db_index=False)
    kind = models.CharField(max_length=10)
    subject_id = models.BigIntegerField()
    place = models.CharField(max_length=40)
    noticed = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["search", "kind", "subject_id"], name="saved_hit_once"),)
        indexes = (
            models.Index(fields=["search", "-at"], name="saved_hit_latest"),
            models.Index(fields=["at"], name="saved_hit_oldest"),
        )

    def __str__(self) -> str:
        return f"{self.place} for {self.search_id}"


class IndexWork(models.Model):
    """Something was written that saved searches were not asked about yet; a row for each time, so that nobody waits.

    `kind` and `object_id` are those of an entry of the search index. Where only what is known of a thing `moved`
    (filters it fits now, or who sees it), `object_id` is the thing's own. Searches up to `after` were told already.
    """

    kind = models.CharField(max_length=10, choices=SearchEntry.Kind.choices)
    object_id = models.BigIntegerField()
    moved = models.CharField(max_length=40, blank=True, default="")
    after = models.BigIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
