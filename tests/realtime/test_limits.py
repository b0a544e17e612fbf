"""What clients may not do, and what becomes of those that do not read."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import pytest
from websockets.exceptions import ConnectionClosed

from tests.realtime.clients import Client
from tests.realtime.raw import RawClient
from tests.realtime.servers import Server

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = pytest.mark.django_db(transaction=True)
Join = Callable[..., Client]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "malformed"),
        ("nonsense", "malformed"),
        ("[" * 10_000, "malformed"),
        ("[]", "malformed"),
        ("null", "malformed"),
        ('{"type":"subscribe"}', "malformed"),
        ('{"type":"subscribe","stream":7}', "malformed"),
        ('{"type":"subscribe","stream":"thread:1","after":-1}', "malformed"),
        ('{"type":"subscribe","stream":"thread:1","after":true}', "malformed"),
        ('{"type":"subscribe","stream":"thread:1","after":1e3}', "malformed"),
        ('{"type":"subscribe","stream":"thread:1","after":9223372036854775808}', "malformed"),
        ('{"type":"shout"}', "unknown_type"),
        ('{"type":["ping"]}', "unknown_type"),
        ("{}", "unknown_type"),
        ('{"type":"subscribe","stream":"\\ud800"}', "malformed"),
        ('{"type":"subscribe","stream":"thread:\\u00b2"}', "malformed"),
        (b"\x00\x01", "malformed"),
        ('{"type":"ping","more":"' + "x" * 16 * 1024 + '"}', "too_large"),
    ],
)
def test_what_cannot_be_used_is_answered_and_the_socket_stays(join: Join, text: str | bytes, code: str) -> None:
    ada = join("ada")
    ada.connection.send(text)
    error = ada.until("error")
    assert (error["code"], bool(error["detail"])) == (code, True)
    ada.settle()


def test_who_goes_on_sending_nonsense_is_shut_out(join: Join) -> None:
    ada = join("ada")
    with suppress(ConnectionClosed):
        for _time in range(20):
            ada.connection.send("nonsense")
    assert ada.close_code() == 4400


def test_who_sends_too_fast_is_told_and_then_shut_out(join: Join) -> None:
    ada = join("ada")
    with suppress(ConnectionClosed):
        for _time in range(400):
            ada.connection.send('{"type":"ping"}')
    assert ada.close_code() == 4429
    kinds = [frame["type"] for frame in ada.seen]
    assert kinds.count("pong") >= 120
    assert {frame["code"] for frame in ada.seen if frame["type"] == "error"} == {"too_fast"}


def test_a_socket_listens_to_a_bounded_number_of_streams(join: Join, cast: "Cast") -> None:
    from tests.realtime.conftest import open_thread

    threads = [open_thread(cast) for _number in range(61)]
    ada = join("ada")
    for thread in threads[:60]:
        ada.send("subscribe", stream=f"thread:{thread.pk}")
    while sum(frame["type"] == "subscribed" for frame in ada.seen) < 60:
        ada.until("subscribed")
    beyond = f"thread:{threads[60].pk}"
    ada.send("subscribe", stream=beyond)
    assert ada.until("error", stream=beyond)["code"] == "too_many"
    ada.send("unsubscribe", stream=f"thread:{threads[0].pk}")
    ada.subscribe(beyond)


def test_a_member_has_a_bounded_number_of_sockets(server: Server, token_of: Callable[[str], str]) -> None:
    token = token_of("ada")
    with ExitStack() as stack:
        sockets = [stack.enter_context(RawClient(server, token)) for _number in range(40)]
        for each in sockets:
            each.ask("ping")
            each.next()
        beyond = stack.enter_context(RawClient(server, token))
        assert int.from_bytes(beyond.next().payload, "big") == 4409
        with RawClient(server, token_of("ben")) as other:
            other.ask("ping")
            assert other.next().json == {"type": "pong"}


@pytest.mark.parametrize("transport", ["auto", "asgi"])
def test_who_does_not_read_is_closed_and_delays_nobody(
    start_server: Callable[..., Server], token_of: Callable[[str], str], cast: "Cast", thread: "Thread", transport: str
) -> None:
    from community.events import action, emit, thread_stream
    from threads.facts.threads import RECORD_SAVED

    @action
    def happen(times: int) -> None:
        for version in range(times):
            data = {"version": version, "fields": ["x" * 64_000]}
            emit(thread_stream(thread.pk), RECORD_SAVED, actor=cast.ada, data=data)

    server, stream = start_server(LIVE_TRANSPORT=transport), f"thread:{thread.pk}"
    bursts, events = 5, 28
    last = 2 + bursts * events
    with ExitStack() as stack:
        readers = [
            stack.enter_context(RawClient(server, token_of(name), room=1 << 20)) for name in ("ada", "zoe", "mo")
        ]
        sleeper = stack.enter_context(RawClient(server, token_of("ben")))
        for client in (*readers, sleeper):
            client.subscribe(stream)
        numbers: list[list[int]] = [[] for _reader in readers]
        for burst in range(bursts):
            happen(events)
            for reader, got in zip(readers, numbers, strict=True):
                got.extend(read_to(reader, 2 + (burst + 1) * events))
        assert numbers == [list(range(3, last + 1))] * len(readers)
        assert sleeper.is_cut_off()


def read_to(reader: RawClient, last: int) -> list[int]:
    """The numbers of the events up to that one."""
    got = reader.until(lambda frame: frame.json.get("seq") == last)
    return [frame.json["seq"] for frame in got if frame.json["type"] == "event"]


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing() -> None:
    from realtime.rules import Bucket

    bucket = Bucket(2, 1.0, now=100.0)
    taken = [bucket.take(now) for now in (100.0, 100.0, 100.0, 40.0, 40.9, 41.0, 41.0)]
    assert taken == [True, True, False, False, False, True, False]


def test_clients_do_not_choose_what_is_counted() -> None:
    from realtime.consumers import _told

    assert _told(None) == "1006"
    for code in (1000, 1001, 1012, 4401, 4413):
        assert _told(code) == str(code)
    assert len({_told(code) for code in range(3000, 5000)}) < 20
