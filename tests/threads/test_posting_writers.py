"""Those who write words that are new to everybody at once: none in each other's way, and none loses a word."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from community.errors import Conflict
from community.events import action
from tests.cast import Cast
from tests.community.test_event_concurrency import at_once
from tests.processes import until
from tests.services.processes import PATIENCE_SECONDS
from tests.threads.findings import post
from threads.actions.postings import drop_postings, drop_stray_postings, forget_words, put_postings
from threads.models import SHELVES, Posting, SearchEntry, SearchWord

both = pytest.mark.both_databases


def made(title: str) -> SearchEntry:
    """An entry that nothing is found by yet."""
    number = SearchEntry.objects.count() + 1
    return SearchEntry.objects.create(kind="thread", subject_id=number, object_id=number, title=title)


def found(word: str) -> list[int]:
    """The entries that are found by a word."""
    key = SearchWord.objects.get(word=word).pk
    slots = range(key * SHELVES, (key + 1) * SHELVES)
    return list(Posting.objects.filter(slot__in=slots).order_by("entry_id").values_list("entry_id", flat=True))


@action
def writing(*entries: SearchEntry, between: Callable[[], object] = lambda: None) -> None:
    """Write what these say, each by itself, and do something in between."""
    for entry in entries[:-1]:
        put_postings([entry])
        between()
    put_postings([entries[-1]])


@action
def failing(entry: SearchEntry) -> None:
    put_postings([entry])
    raise Conflict("on_purpose")


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_same_new_words_in_crossed_order_do_not_deadlock() -> None:
    mole, ant = [made("mole") for _ in range(2)], [made("ant") for _ in range(2)]
    together = Barrier(2)
    wait = partial(together.wait, PATIENCE_SECONDS)
    at_once(
        partial(writing, mole[0], ant[0], between=wait),
        partial(writing, ant[1], mole[1], between=wait),
    )
    assert found("mole") == [entry.pk for entry in mole]
    assert found("ant") == [entry.pk for entry in ant]


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_rest_of_what_another_is_doing() -> None:
    """As for a batch of an import that has the same new word."""
    first, more, second = made("mole"), made("more"), made("mole")
    begun, done = Event(), Event()

    def slowly() -> None:
        def others_write() -> None:
            begun.set()
            assert done.wait(PATIENCE_SECONDS)

        writing(first, more, between=others_write)

    def meanwhile() -> None:
        assert begun.wait(PATIENCE_SECONDS)
        writing(second)
        done.set()

    at_once(slowly, meanwhile)
    assert found("mole") == [first.pk, second.pk]


def waits() -> bool:
    """Whether somebody waits for what another transaction has locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("forget", [drop_stray_postings, partial(forget_words, ["mole"])])
def test_a_word_that_somebody_is_writing_is_not_forgotten(forget: Callable[[], None]) -> None:
    SearchWord.objects.create(word="mole")
    SearchWord.objects.create(word="nowhere")
    entry, written = made("mole"), Event()

    def write() -> None:
        with transaction.atomic():
            put_postings([entry])
            written.set()
            until(waits)

    def meanwhile() -> None:
        assert written.wait(PATIENCE_SECONDS)
        forget()

    at_once(write, meanwhile)
    assert found("mole") == [entry.pk]
    assert SearchWord.objects.filter(word="nowhere").exists() is (forget is not drop_stray_postings)


@both
def test_the_last_that_is_said_of_an_entry_counts(db: None) -> None:
    entry, gone = made("mole"), made("gone")

    @action
    def twice() -> None:
        put_postings([entry, gone])
        entry.title = "vole"
        put_postings([entry])
        drop_postings([gone.pk])
        forget_words(["mole and vole"])

    twice()
    assert found("vole") == [entry.pk]
    assert set(SearchWord.objects.values_list("word", flat=True)) == {"vole"}
    assert set(Posting.objects.values_list("entry_id", flat=True)) == {entry.pk}


@both
def test_what_failed_within_an_action_is_not_written(db: None) -> None:
    kept, undone = made("mole"), made("vole")

    def fail() -> None:
        with pytest.raises(Conflict):
            failing(undone)

    writing(kept, kept, between=fail)
    assert set(Posting.objects.values_list("entry_id", flat=True)) == {kept.pk}
    assert not SearchWord.objects.filter(word="vole").exists()


@both
def test_a_word_taken_out_of_the_only_thing_that_had_it_is_gone(cast: Cast) -> None:
    entry = SearchEntry.objects.get(kind="thread", subject_id=post(cast, "Mole and vole").pk)

    @action
    def taken_out() -> None:
        entry.title = "vole"
        put_postings([entry])
        forget_words(["mole"])

    taken_out()
    assert found("vole") == [entry.pk]
    assert not SearchWord.objects.filter(word="mole").exists()
