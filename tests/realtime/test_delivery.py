"""Two people at one thread over real sockets of a real Daphne: what one writes the other gets, once and in order."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.realtime.clients import Client
from tests.realtime.conftest import reply
from tests.realtime.servers import Server

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
Join = Callable[..., Client]


def test_a_reply_reaches_everybody_in_the_thread(
    server: Server, join: Join, token_of: Callable[[str], str], thread: "Thread"
) -> None:
    stream = f"thread:{thread.pk}"
    ada, zoe = join("ada"), join("zoe")
    assert [client.subscribe(stream)["seq"] for client in (ada, zoe)] == [2, 2]
    server.call(token_of("ben"), "POST", f"threads/{thread.pk}/posts", {"body": "Empty the cache."})
    for client in (ada, zoe):
        event = client.until("event", stream=stream)
        assert (event["seq"], event["kind"]) == (3, "post.created")
        assert event["data"]["author"]["handle"] == "ben"
        assert "Empty the cache." in event["html"]


def test_what_another_process_writes_is_found_by_the_sweep(join: Join, cast: "Cast", thread: "Thread") -> None:
    stream = f"thread:{thread.pk}"
    ada = join("ada")
    ada.subscribe(stream)
    ada.subscribe("member:me")
    ada.subscribe("space:alliance")
    ada.settle()
    reply(thread, cast.ben)
    assert ada.until("event", stream=stream)["seq"] == 3
    seen = [(frame["type"], frame.get("stream")) for frame in ada.seen]
    if ("event", "member:me") not in seen:
        ada.until("event", stream="member:me", kind="inbox.added")
    if ("hint", "space:alliance") not in seen:
        ada.until("hint", stream="space:alliance")


def test_what_was_missed_comes_first_and_then_the_rest(join: Join, cast: "Cast", thread: "Thread") -> None:
    stream = f"thread:{thread.pk}"
    for _number in range(5):
        reply(thread, cast.ben)
    ada = join("ada")
    assert ada.subscribe(stream, after=3)["seq"] == 7
    reply(thread, cast.ben)
    assert ada.numbers(stream, 8) == [4, 5, 6, 7, 8]


def test_nothing_is_lost_or_doubled_across_dropped_connections_while_others_write(
    server: Server, join: Join, token_of: Callable[[str], str], thread: "Thread"
) -> None:
    stream, posts = f"thread:{thread.pk}", 20
    tokens = [token_of(handle) for handle in ("ben", "zoe", "cleo")]

    def write(token: str) -> None:
        for number in range(posts):
            server.call(token, "POST", f"threads/{thread.pk}/posts", {"body": f"Reply {number}"})

    steady = join("mo")
    steady.subscribe(stream, after=0)
    writers = [threading.Thread(target=write, args=(token,)) for token in tokens]
    for writer in writers:
        writer.start()
    numbers: list[int] = []
    last = 2 + posts * len(tokens)
    while not numbers or numbers[-1] < last:
        dropping = join("ada")
        dropping.subscribe(stream, after=numbers[-1] if numbers else 0)
        upto = min(last, (numbers[-1] if numbers else 0) + 12)
        numbers += dropping.numbers(stream, upto)
        dropping.connection.socket.close()
    for writer in writers:
        writer.join()
    expected = list(range(1, last + 1))
    assert numbers == expected
    assert steady.numbers(stream, last) == expected


def test_more_than_can_be_replayed_is_a_reset(join: Join, cast: "Cast", thread: "Thread") -> None:
    from community.events import action, emit, thread_stream
    from threads.facts.threads import RECORD_SAVED

    @action
    def happen(times: int) -> None:
        for version in range(times):
            data = {"version": version, "fields": []}
            emit(thread_stream(thread.pk), RECORD_SAVED, actor=cast.ada, data=data)

    stream = f"thread:{thread.pk}"
    happen(498)
    ada = join("ada")
    assert ada.subscribe(stream, after=0)["seq"] == 500
    assert ada.numbers(stream, 500) == list(range(1, 501))
    happen(1)
    ben = join("ben")
    assert ben.subscribe(stream, after=0)["seq"] == 501
    assert [frame["type"] for frame in ben.seen[:2]] == ["reset", "subscribed"]
    assert ben.seen[0]["seq"] == 501
    happen(1)
    assert ben.numbers(stream, 502) == [502]
    assert ada.numbers(stream, 502) == list(range(1, 503))


def test_pruned_history_and_numbers_from_the_future_are_resets(join: Join, cast: "Cast", thread: "Thread") -> None:
    from community.models import Stream

    stream = f"thread:{thread.pk}"
    reply(thread, cast.ben)
    row = Stream.objects.get(kind=Stream.Kind.THREAD, subject_id=thread.pk)
    row.events.filter(seq__lte=2).delete()
    Stream.objects.filter(pk=row.pk).update(pruned_to=2)
    ada = join("ada")
    assert ada.subscribe(stream, after=2)["seq"] == 3
    assert ada.numbers(stream, 3) == [3]
    for after in (1, 99):
        client = join("ben")
        client.subscribe(stream, after=after)
        assert [frame["type"] for frame in client.seen[:2]] == ["reset", "subscribed"]


def test_unsubscribing_ends_it_and_subscribing_again_goes_on(join: Join, cast: "Cast", thread: "Thread") -> None:
    stream = f"thread:{thread.pk}"
    ada, zoe = join("ada"), join("zoe")
    for client in (ada, zoe):
        client.subscribe(stream)
    ada.send("unsubscribe", stream=stream)
    ada.settle()
    reply(thread, cast.ben)
    zoe.numbers(stream, 3)
    ada.settle()
    assert ada.events(stream) == []
    assert ada.subscribe(stream, after=2)["seq"] == 3
    assert ada.numbers(stream, 3) == [3]


def test_a_member_hears_their_own_stream_under_its_own_name(join: Join, cast: "Cast", thread: "Thread") -> None:
    ada, ben = join("ada"), join("ben")
    for client in (ada, ben):
        client.subscribe("member:me", after=0)
    reply(thread, cast.ben)
    assert ada.until("event", stream="member:me")["kind"] == "inbox.added"
    ben.send("subscribe", stream=f"member:{cast.ada.pk}")
    ben.until("error", code="not_there", stream=f"member:{cast.ada.pk}")
    assert ben.events("member:me") == []
