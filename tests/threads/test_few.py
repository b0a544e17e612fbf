"""What somebody sees when that is little: found from the things themselves, by class, guests' threads added."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.threads.findings import post
from tests.threads.practicing import recorded
from tests.threads.test_guests import invite
from threads.models import Practice, SearchEntry, Thread
from threads.queries import few as seeing_little
from threads.queries.coverage import class_of
from threads.queries.few import few

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def entries(*things: Thread | Practice) -> set[int]:
    kinds = {Thread: "thread", Practice: "practice"}
    return {SearchEntry.objects.get(kind=kinds[type(each)], subject_id=each.pk).pk for each in things}


def seen_by(cast: Cast, who: str, kind: str = "thread") -> set[int]:
    found = few(cast.people[who], kind)
    assert found is not None
    there = SearchEntry.objects.in_bulk(found.entries)
    assert [there[pk].subject_id for pk in found.entries] == found.things
    assert len(found.entries) == len(there)
    return set(found.entries)


def test_it_is_what_they_see_and_nothing_else(cast: Cast) -> None:
    shared, hidden = post(cast, "For all"), post(cast, "For Acme", audience="organization")
    practice = recorded(cast)
    assert practice.thread
    assert seen_by(cast, "ben") == entries(shared, hidden, practice.thread)
    assert seen_by(cast, "zoe") == entries(shared, practice.thread)
    assert seen_by(cast, "ben", "practice") == entries(practice)


def test_many_are_not_listed_and_that_is_remembered(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeing_little, "MOST_FEW", 1)
    first = post(cast, "One")
    assert seen_by(cast, "ben") == entries(first)
    cache.clear()
    post(cast, "Two")
    assert few(cast.ben, "thread") is None
    with CaptureQueriesContext(connection) as said:
        assert few(cast.ben, "thread") is None
    assert len(said) == 1, "who sees the same"


def test_a_guests_threads_are_added_to_what_their_class_sees(cast: Cast) -> None:
    shared, hidden = post(cast, "For all"), post(cast, "For Acme", audience="organization")
    assert seen_by(cast, "zoe") == entries(shared)
    invite(cast, hidden, cast.zoe)
    assert seen_by(cast, "zoe") == entries(shared, hidden), "though it was remembered"
    cache.clear()
    assert seen_by(cast, "zoe") == entries(shared, hidden)


def test_while_one_is_looking_the_others_do_not_look_as_well(cast: Cast) -> None:
    shared = post(cast, "For all")
    marker = f"search.seen.thread.{class_of(cast.ben)}.asking"
    cache.set(marker, 1)
    with CaptureQueriesContext(connection) as said:
        assert few(cast.ben, "thread") is None
    assert not [each["sql"] for each in said if "threads_thread" in each["sql"]]
    cache.delete(marker)
    assert seen_by(cast, "ben") == entries(shared)
    assert cache.get(marker) is None
