"""What `similar` finds with: for each word of a thing the impact that it has there; and how words may be mistyped."""

from enum import IntEnum

from django.db import models

from threads.rules.words import LONGEST_WORD


class Shelf(IntEnum):
    """What a posting is of. Each kind has its own: the few practices would drown among the many threads."""

    THREAD = 0
    PRACTICE = 1
    PLAYBOOK = 2


SHELVES = 4  # as many as slots leave room for
SHELF_OF = {"thread": Shelf.THREAD, "practice": Shelf.PRACTICE, "playbook": Shelf.PLAYBOOK}


class SearchWord(models.Model):
    """A word, and in how many things it is, as of the last count: it may be behind (see actions.postings).

    It is `learned` once its spellings are written.
    """

    id = models.AutoField(primary_key=True)
    word = models.CharField(max_length=LONGEST_WORD, unique=True)
    documents = models.PositiveIntegerField(default=0)
    counted_at = models.DateTimeField(null=True, blank=True)
    learned = models.BooleanField(default=False)

    class Meta:
        indexes = (
            models.Index(fields=["counted_at"], name="search_word_to_count"),
            models.Index(fields=["id"], condition=models.Q(learned=False), name="search_word_to_learn"),
        )

    def __str__(self) -> str:
        return self.word


class Posting(models.Model):
    """One word of one entry of the search index. `slot` is the word's id times SHELVES, plus the Shelf.

    Lists are read from the greatest impact down, of equals the newest entry first. The table has no foreign keys, and
    on SQLite no row ids; it is made by its migration in each database's own way.
    """

    pk = models.CompositePrimaryKey("slot", "impact", "entry_id")
    slot = models.IntegerField()
    impact = models.SmallIntegerField()
    entry_id = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=["entry_id", "slot", "impact"], name="threads_posting_of_entry"),)

    def __str__(self) -> str:
        return f"{self.slot} in {self.entry_id}: {self.impact}"


class SearchSpelling(models.Model):
    """A form of a word: as it is, or with one letter left out (see rules.spelling). It goes with the word."""

    pk = models.CompositePrimaryKey("key", "word_id")
    key = models.CharField(max_length=LONGEST_WORD)
    word = models.ForeignKey(SearchWord, on_delete=models.CASCADE, related_name="spellings")

    def __str__(self) -> str:
        return f"{self.key}: {self.word_id}"
