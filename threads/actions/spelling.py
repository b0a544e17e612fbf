"""Learns the words that are written, so that who mistypes one finds it. The worker does it: no writer waits for it."""

from collections.abc import Iterator
from itertools import islice

from django.db import transaction

from community.events.duties import every
from threads.models import SearchSpelling, SearchWord
from threads.rules.spelling import forms_of, is_spelled

LEARNED_AT_ONCE = 500
TIMES_A_ROUND = 10  # a tenth of a second each


def learn_spellings() -> int:
    """Learn words that were written lately. Says how many that were. Those that are forgotten are so with them."""
    with transaction.atomic():
        new = SearchWord.objects.filter(learned=False).order_by("pk")
        words = dict(new.select_for_update(skip_locked=True, no_key=True).values_list("pk", "word")[:LEARNED_AT_ONCE])
        spellings = (
            SearchSpelling(key=key, word_id=pk)
            for pk, word in words.items()
            if is_spelled(word)
            for key in sorted(forms_of(word))
        )
        SearchSpelling.objects.bulk_create(spellings, ignore_conflicts=True)
        SearchWord.objects.filter(pk__in=words).update(learned=True)
    return len(words)


def learn_all_spellings() -> Iterator[int]:
    """Learn all words, as after much was written at once; yields how many each time."""
    while done := learn_spellings():
        yield done


def learn_some_spellings() -> int:
    """What the worker does in one round; says how many words it learned."""
    return sum(islice(learn_all_spellings(), TIMES_A_ROUND))


def register() -> None:
    """Have the worker learn; called once at start-up."""
    every(10, "learn spellings", learn_some_spellings)
