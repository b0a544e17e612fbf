"""What clients may not do, and what becomes of those that do not read."""

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.realtime.clients import Client
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
    for _time in range(20):
        ada.connection.send("nonsense")
    assert ada.close_code() == 4400


def test_who_sends_too_fast_is_told_and_then_shut_out(join: Join) -> None:
    ada = join("ada")
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


def test_who_does_not_read_is_closed_and_delays_nobody(
    server: Server, join: Join, token_of: Callable[[str], str], cast: "Cast", thread: "Thread"
) -> None:
    from community.events import action, emit, thread_stream
    from threads.facts.threads import RECORD_SAVED

    @action
    def happen(times: int) -> None:
        for version in range(times):
            data = {"version": version, "fields": ["x" * 64_000]}
            emit(thread_stream(thread.pk), RECORD_SAVED, actor=cast.ada, data=data)

    stream, token = f"thread:{thread.pk}", token_of("ben")
    reader = join("ada")
    reader.subscribe(stream)
    with deaf(server, token, stream) as sleeper:
        last = 2
        for _burst in range(5):
            happen(60)
            last += 60
            assert reader.numbers(stream, last)[-1] == last
        assert ended(sleeper)
    assert reader.numbers(stream, last) == list(range(3, last + 1))


class deaf:  # noqa: N801  (used like a function)
    """A client that subscribes and then does not read, with little room in its own buffer."""

    def __init__(self, server: Server, token: str, stream: str) -> None:
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect(("127.0.0.1", server.port))
        key = "dGhlIHNhbXBsZSBub25jZQ=="
        lines = ["GET /ws/ HTTP/1.1", f"Host: {server.host}", "Upgrade: websocket", "Connection: Upgrade"]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", f"Authorization: Bearer {token}", "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        while b"\r\n\r\n" not in self.socket.recv(4096, socket.MSG_PEEK):
            pass
        text = f'{{"type":"subscribe","stream":"{stream}"}}'.encode()
        self.socket.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
        wanted = b'"subscribed"'
        while wanted not in self.socket.recv(4096, socket.MSG_PEEK):
            pass

    def __enter__(self) -> socket.socket:
        return self.socket

    def __exit__(self, *_error: object) -> None:
        self.socket.close()


def ended(sleeper: socket.socket) -> bool:
    """Whether the server ended it: reading what is there comes to an end, with less than all that was sent."""
    sleeper.settimeout(15)
    received = 0
    try:
        while chunk := sleeper.recv(65536):
            received += len(chunk)
    except ConnectionResetError:
        pass
    return received < 12 * 1024 * 1024


def test_the_gauge_fits_the_server_that_is_installed(server: Server) -> None:
    """Twisted's buffer is looked at from inside; when its insides change this fails before a site does."""
    from functools import partial

    from twisted.internet.tcp import Connection

    from realtime.transport import gauge_of

    class Protocol:
        transport = Connection.__new__(Connection)

    Protocol.transport._tempDataLen = 7
    Protocol.transport.dataBuffer, Protocol.transport.offset = b"abc", 1
    gauge = gauge_of(partial(print, Protocol()))
    assert gauge
    assert gauge() == 9
    assert gauge_of(print) is None
    assert gauge_of(partial(print, object())) is None
