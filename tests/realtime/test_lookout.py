"""What no nudge told of is found at the end of the log, whatever the order of the commits, and in the streams."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.realtime.conftest import open_thread, reply

if TYPE_CHECKING:
    from realtime.hints import Row, Tail
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = pytest.mark.django_db(transaction=True)
Append = Callable[..., None]


@pytest.fixture
def tail(thread: "Thread") -> "Tail":
    """From here on."""
    from realtime.hints import Tail

    tail = Tail()
    tail.begin()
    return tail


@pytest.fixture
def append(thread: "Thread") -> Append:
    """Writes an event of the thread with an id of its own, as if other transactions had got those before it."""
    from django.db.models import Max

    from community.models import Event, Stream

    stream = Stream.objects.get(kind=Stream.Kind.THREAD, subject_id=thread.pk)
    newest = Event.objects.aggregate(newest=Max("pk"))["newest"]

    def write(ahead: int) -> None:
        Event.objects.create(pk=newest + ahead, stream=stream, seq=stream.seq + ahead, kind="post.created")

    return write


def numbers(rows: list["Row"]) -> list[int]:
    return [row.seq for row in rows]


def test_each_event_is_found_once_in_whatever_order_they_are_committed(tail: "Tail", append: Append) -> None:
    assert tail.look() == []
    found = []
    for ahead in (3, 5, 1, 4, 2, 9, 7):
        append(ahead)
        found.append(numbers(tail.look()))
    assert found == [[5], [7], [3], [6], [4], [11], [9]]
    assert tail.look() == []


def test_what_was_being_written_when_it_began_is_found(thread: "Thread", append: Append) -> None:
    from realtime.hints import Tail

    append(4)
    tail = Tail()
    tail.begin()
    append(2)
    assert numbers(tail.look()) == [4]


def test_ids_that_nobody_used_are_given_up(append: Append, monkeypatch: pytest.MonkeyPatch) -> None:
    from realtime import hints

    monkeypatch.setattr(hints, "GAP_SECONDS", 0.0)
    tail = hints.Tail()
    tail.begin()
    append(5)
    assert numbers(tail.look()) == [7]
    append(6)
    tail.look()
    assert tail._gaps == {}
    monkeypatch.setattr(hints, "GAP_SECONDS", 60.0)
    monkeypatch.setattr(hints, "MOST_GAPS", 10)
    append(1000)
    assert numbers(tail.look()) == [1002]
    assert len(tail._gaps) == 10
    append(999)
    assert numbers(tail.look()) == [1001]


def test_a_burst_is_read_to_its_end(tail: "Tail", append: Append, monkeypatch: pytest.MonkeyPatch) -> None:
    from realtime import hints

    monkeypatch.setattr(hints, "MOST_EVENTS_A_READ", 3)
    for ahead in range(1, 11):
        append(ahead)
    assert numbers(tail.look()) == list(range(3, 13))


@pytest.mark.postgresql_only
def test_a_transaction_that_takes_long_is_not_missed(cast: "Cast", thread: "Thread", tail: "Tail") -> None:
    from django.db import connection, transaction

    numbered, done = threading.Event(), threading.Event()
    other = open_thread(cast, by="mo")
    tail.look()

    def take_long() -> None:
        try:
            with transaction.atomic():
                reply(thread, cast.ben)
                numbered.set()
                assert done.wait(15)
        finally:
            connection.close()

    slow = threading.Thread(target=take_long)
    slow.start()
    assert numbered.wait(15)
    reply(other, cast.mo)
    assert f"thread:{other.pk}" in {str(row.key) for row in tail.look()}
    done.set()
    slow.join()
    assert f"thread:{thread.pk}" in {str(row.key) for row in tail.look()}


def test_spaces_with_news_are_told_unless_known(cast: "Cast", thread: "Thread", tail: "Tail") -> None:
    from realtime.hints import Changes

    changes = Changes()
    other = open_thread(cast, space="lobby")
    assert changes.among(tail.look()) == {"lobby"}
    assert changes.among(tail.look()) == set()
    reply(thread, cast.ben)
    changes.know({f"thread:{thread.pk}": 3, f"member:{cast.ada.pk}": 1})
    assert changes.among(tail.look()) == set()
    reply(thread, cast.ben)
    reply(other, cast.ben)
    assert changes.among(tail.look()) == {"alliance", "lobby"}


def test_what_was_hinted_is_remembered_within_a_bound_also_while_nobody_listens() -> None:
    from realtime.hints import Changes
    from realtime.rules import MOST_THREADS_KNOWN

    changes = Changes()
    for number in range(1, MOST_THREADS_KNOWN + 500):
        changes.know({f"thread:{number}": 3, "thread:1": number})
    assert len(changes._known) == MOST_THREADS_KNOWN
    assert changes._known[1] == MOST_THREADS_KNOWN + 499
