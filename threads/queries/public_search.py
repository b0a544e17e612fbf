"""Searching the titles of public practices, at a cost that does not grow with how many there are."""

from functools import reduce
from operator import and_

from django.db.models import Exists, OuterRef, Q, QuerySet

from threads.models import Practice, PublicWord
from threads.rules.words import terms_of

SEARCHED = 100
_WORDS = 5
# Where fewer practices have the words, all of them are looked at; else the newest, as far as a page needs.
_FEW = 500


def with_words(found: QuerySet[Practice], text: str) -> QuerySet[Practice]:
    """Those of the public practices whose titles have all the words; none where there is no word in the text."""
    words = list(dict.fromkeys(terms_of(text.replace("\0", "")[:SEARCHED])))[:_WORDS]
    if not words:
        return found.none()
    having = {word: _having([word]) for word in words}
    words.sort(key=lambda word: len(having[word]))
    few = having[words[0]]
    if len(few) > _FEW and len(words) > 1:
        few = _having(words)
    wanted = reduce(and_, (Q(Exists(_rows(word).filter(practice=OuterRef("pk")))) for word in words))
    return found.filter(wanted) if len(few) > _FEW else found.filter(wanted, pk__in=few)


def _having(words: list[str]) -> list[int]:
    """Some practices whose titles have all the words: all of them, if they are few."""
    rows = _rows(words[0])
    for word in words[1:]:
        rows = rows.filter(Exists(_rows(word).filter(practice=OuterRef("practice"))))
    return list(rows.values_list("practice_id", flat=True)[: _FEW + 1])


def _rows(word: str) -> QuerySet[PublicWord]:
    return PublicWord.objects.filter(word=word)
