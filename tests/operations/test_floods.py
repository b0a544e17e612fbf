"""What is sent without end or against the protocol: the server ends it, says why, and answers the others."""

import http.client
import json
import socket
from collections.abc import Callable
from contextlib import suppress

import pytest

from realtime.server.protocols import MOST_FRAGMENTS, MOST_PIECES
from tests.live import LiveSite
from tests.realtime.raw import CLOSE, PONG, TEXT, RawClient
from tests.realtime.servers import Server
from tests.services.processes import PATIENCE_SECONDS

SEED = "tests.operations.test_drain:seed"
MASK = bytes(4)
ROOM = 1 << 20
MIB = 1 << 20

FLOODS = {
    "empty pings": b"\x89\x80" + MASK,
    "pings": b"\x89\xfd" + MASK + b"x" * 125,
    "pongs": b"\x8a\x80" + MASK,
    "fragments": b"\x00\x80" + MASK,
}


@pytest.fixture(scope="module")
def server(start_site: Callable[..., LiveSite]) -> Server:
    """One web process."""
    site = start_site(seed=SEED)
    assert site.server
    return Server(site.port, site.log, site.server)


@pytest.fixture(scope="module")
def token(server: Server) -> str:
    """Ada's."""
    return (server.log.parent / "token").read_text()


def assert_answered(server: Server, token: str) -> None:
    """Another client is served."""
    with RawClient(server, token) as other:
        other.ask("ping")
        assert other.next().json == {"type": "pong"}


@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_of_frames_is_ended(server: Server, token: str, kind: str) -> None:
    with RawClient(server, token, room=ROOM) as flood:
        flood.socket.sendall(b"\x01\x80" + MASK + FLOODS[kind] * 10_000)
        got = flood.until(lambda frame: frame.opcode == CLOSE)
        assert int.from_bytes(got[-1].payload[:2], "big") == 4429
        assert sum(frame.opcode == PONG for frame in got) <= MOST_PIECES // 2
        assert_answered(server, token)
        assert flood.is_cut_off()


@pytest.mark.parametrize("kind", FLOODS)
def test_so_is_one_whose_sender_reads_nothing(server: Server, token: str, kind: str) -> None:
    with RawClient(server, token) as flood:
        with suppress(ConnectionError):
            flood.socket.sendall(b"\x01\x80" + MASK)
            while True:
                flood.socket.sendall(FLOODS[kind] * 10_000)
        assert_answered(server, token)


@pytest.mark.parametrize("number", [3, MOST_FRAGMENTS])
def test_a_message_may_come_in_fragments_with_pings_between(server: Server, token: str, number: int) -> None:
    pieces = ["{", '"type":"ping"', *[" "] * (number - 3), "}"]
    with RawClient(server, token) as client:
        for place, piece in enumerate(pieces):
            head = (0 if place else TEXT) | (0x80 if place == number - 1 else 0)
            client.socket.sendall(bytes([head, 0x80 | len(piece)]) + MASK + piece.encode() + FLOODS["empty pings"])
        got = client.until(lambda frame: frame.opcode == TEXT)
        assert got[-1].json == {"type": "pong"}
        assert sum(frame.opcode == PONG for frame in got) >= number - 1


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\x81\xff" + (128 * 1024 + 1).to_bytes(8, "big") + MASK, 1009),
        (b"\x81\xff" + (128 * 1024 + 1).to_bytes(8, "big") + MASK + b"x" * (128 * 1024 + 1), 1009),
        (b"\xc1\x80" + MASK, 1002),
        (b"\x81\x02{}", 1002),
        (b"\x83\x80" + MASK, 1002),
        (b"\x80\x80" + MASK, 1002),
        (b"\x89\xfe\x00\x7e" + MASK, 1002),
        (b"\x81\x81" + MASK + b"\xff", 1007),
        (b"\x81\x81" + MASK + b"\xc3", 1007),
    ],
)
def test_who_breaks_the_protocol_is_told(server: Server, token: str, sent: bytes, code: int) -> None:
    with RawClient(server, token, room=ROOM) as client:
        client.socket.sendall(sent)
        close = client.until(lambda frame: frame.opcode == CLOSE)[-1].payload
        assert int.from_bytes(close[:2], "big") == code
        assert close[2:].isascii()
        assert len(close) > len("ab")
        assert client.is_cut_off()


@pytest.mark.parametrize("length", ["Content-Length: 67108865", "Transfer-Encoding: chunked"])
def test_a_body_that_is_too_large_is_refused_before_it_has_come(server: Server, token: str, length: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE_SECONDS) as connection:
        head = ["POST /api/v1/threads HTTP/1.1", f"Host: {server.host}", length, "", ""]
        connection.sendall("\r\n".join(head).encode())
        if "chunked" in length:
            connection.sendall(b"40000000\r\n")
            for _mib in range(64):
                connection.sendall(bytes(MIB))
            connection.sendall(b"x")
        response = http.client.HTTPResponse(connection, method="POST")
        response.begin()
        assert (response.status, response.getheader("Connection")) == (413, "close")
        assert json.loads(response.read())["code"] == "too_big"
        assert not connection.recv(1)
    assert_answered(server, token)
