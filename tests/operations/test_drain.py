"""SIGTERM: what is being asked is answered, sockets are told to come back, then everything ends."""

import http.client
import json
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.live import LiveSite
from tests.realtime.clients import Client
from tests.services.processes import PATIENCE_SECONDS

SEED = "tests.operations.test_drain:seed"


def seed() -> None:
    """The cast, and a token of Ada's in the data folder."""
    from django.conf import settings

    from community.actions.tokens import create_token
    from tests.cast import make_cast

    ada = make_cast().ada
    Path(settings.DATA_DIR, "token").write_text(create_token(by=ada, member=ada, name="drain"))


class SlowRequest:
    """A new thread, posted in two halves; the server has begun with it when this is made."""

    def __init__(self, site: LiveSite, token: str) -> None:
        body = json.dumps({"space": "lobby", "title": "The queue does not drain", "body": "Not at all."}).encode()
        self._first, self._second = body[:20], body[20:]
        self._connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE_SECONDS)
        self._connection.putrequest("POST", "/api/v1/threads")
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Expect": "100-continue"}
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self._connection.putheader(name, value)
        self._connection.endheaders()
        expected = b"HTTP/1.1 100 Continue\r\n\r\n"
        assert self._connection.sock.recv(len(expected)) == expected
        self._connection.send(self._first)

    def send_rest(self) -> None:
        """All that was missing."""
        self._connection.send(self._second)

    def answer(self) -> tuple[int, str | None, dict[str, object]]:
        """Status, the Connection header and what was made."""
        response = http.client.HTTPResponse(self._connection.sock, method="POST")
        response.begin()
        return response.status, response.getheader("Connection"), json.loads(response.read())


@pytest.fixture
def site(start_site: Callable[..., LiveSite]) -> LiveSite:
    """One web process and one worker."""
    return start_site(seed=SEED)


@pytest.fixture
def token(site: LiveSite) -> str:
    """Ada's."""
    return (site.data_dir / "token").read_text()


def test_a_request_that_is_being_served_is_answered_and_sockets_come_back_later(site: LiveSite, token: str) -> None:
    database = sqlite3.connect(site.data_dir / "guildhall.sqlite3", isolation_level=None)
    with Client(f"127.0.0.1:{site.port}", authorization=f"Bearer {token}") as socket:
        socket.subscribe("member:me")
        request = SlowRequest(site, token)
        database.execute("BEGIN IMMEDIATE")  # whoever writes has to wait

        assert site.server
        site.server.terminate()

        assert socket.close_code() == 1012
    request.send_rest()
    assert site.server.poll() is None, "it waits for the answer"
    database.execute("ROLLBACK")
    status, connection, made = request.answer()
    assert (status, connection) == (201, "close")
    assert site.server.wait(PATIENCE_SECONDS) == 0
    assert database.execute("SELECT title FROM threads_thread WHERE id = ?", [made["id"]]).fetchall() == [
        ("The queue does not drain",)
    ]
    assert "Traceback" not in site.log.read_text()


def test_a_second_signal_does_not_wait(site: LiveSite, token: str) -> None:
    with Client(f"127.0.0.1:{site.port}", authorization=f"Bearer {token}") as socket:
        request = SlowRequest(site, token)
        assert site.server
        site.server.terminate()
        assert socket.close_code() == 1012

    site.server.terminate()

    assert site.server.wait(PATIENCE_SECONDS) == 130
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        request.answer()


def test_every_socket_is_told(site: LiveSite, token: str) -> None:
    with ExitStack() as stack:
        host = f"127.0.0.1:{site.port}"
        sockets = [stack.enter_context(Client(host, authorization=f"Bearer {token}")) for _ in range(30)]
        for socket in sockets:
            socket.settle()
        assert site.server
        site.server.terminate()

        assert {socket.close_code() for socket in sockets} == {1012}
    assert site.server.wait(PATIENCE_SECONDS) == 0
