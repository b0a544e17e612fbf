"""The handler on the real server: what a browser sends and gets, over a real connection."""

import http.client
import re
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from tests.cast import PASSWORD
from tests.live import SIGN_IN, LiveSite
from tests.services.processes import PATIENCE_SECONDS

BOUNDARY = "the-boundary"


class Browser:
    """One connection that is kept, and the cookies that came over it."""

    def __init__(self, site: LiveSite) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE_SECONDS)
        self.cookies: dict[str, str] = {}

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """The answer with its whole body."""
        kept = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        self.connection.request(method, path, body or None, kept | (headers or {}))
        answer = self.connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            name, value = line.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer, answer.read()

    def post_form(self, path: str, form: str) -> http.client.HTTPResponse:
        """The answer to a form, with the token it needs."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.cookies["csrftoken"]}
        return self.ask("POST", path, form.encode(), headers)[0]

    def upload(self, name: str, content: bytes) -> str:
        """Where the file is, once it is kept."""
        part = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = part.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "X-CSRFToken": self.cookies["csrftoken"]}
        answer, told = self.ask("POST", "/attachments/", body, kind)
        assert answer.status == http.client.CREATED, told
        found = re.search(rb'"url": "([^"]+)"', told)
        assert found
        return found[1].decode()


@pytest.fixture
def ada(live_site: LiveSite) -> Iterator[Browser]:
    """Signed in through the form."""
    browser = Browser(live_site)
    with closing(browser.connection):
        browser.ask("GET", SIGN_IN)
        answer = browser.post_form(SIGN_IN, f"login=ada%40example.org&password={PASSWORD.replace(' ', '+')}")
        assert (answer.status, "sessionid" in browser.cookies) == (http.client.FOUND, True)
        browser.ask("GET", "/")
        yield browser


@contextmanager
def unread(site: LiveSite, request: str) -> Iterator[socket.socket]:
    """A connection on which something was asked and nothing read."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode())
        yield connection


def test_files_go_up_and_come_down_whole(ada: Browser) -> None:
    content = b"gate 4 answers, and its controller drops the lease\n" * 60_000
    where = ada.upload("gate.log", content)
    answer, body = ada.ask("GET", where)
    assert body == content
    assert answer.headers["Content-Length"] == str(len(content))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="gate.log"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", [SIGN_IN, "/static/js/main.js"])
def test_head_has_the_headers_and_no_body(live_site: LiveSite, path: str) -> None:
    browser = Browser(live_site)
    with closing(browser.connection):
        answer, body = browser.ask("HEAD", path)
        assert (answer.status, body) == (http.client.OK, b"")
        again, page = browser.ask("GET", path)
        assert again.status == http.client.OK
        assert int(again.headers["Content-Length"]) == int(answer.headers["Content-Length"]) == len(page) > 0


def test_head_of_pages_and_files_leaves_out_the_body(ada: Browser) -> None:
    where = ada.upload("gate.log", b"a line of a log\n" * 20_000)
    for path in ("/", "/spaces/lobby/", "/api/v1/me", where):
        answer, body = ada.ask("HEAD", path)
        again, page = ada.ask("GET", path)
        assert (answer.status, again.status, body) == (http.client.OK, http.client.OK, b"")
        assert int(answer.headers["Content-Length"]) == len(page) > 0


def test_a_page_is_compressed_for_who_takes_it(ada: Browser) -> None:
    plain, page = ada.ask("GET", "/help/")
    packed, small = ada.ask("GET", "/help/", headers={"Accept-Encoding": "gzip, br"})
    assert (plain.headers["Content-Encoding"], packed.headers["Content-Encoding"]) == (None, "br")
    assert len(small) < len(page) / 3
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_who_goes_away_in_the_middle_harms_nobody(live_site: LiveSite, ada: Browser) -> None:
    where = ada.upload("long.log", b"a line of a log\n" * 200_000)
    cookie = "; ".join(f"{name}={value}" for name, value in ada.cookies.items())
    for _ in range(12):
        with unread(live_site, f"GET {where} HTTP/1.1\nHost: 127.0.0.1\nCookie: {cookie}\n\n") as connection:
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        with unread(live_site, f"GET / HTTP/1.1\nHost: 127.0.0.1\nCookie: {cookie}\n\n"):
            pass
        with unread(live_site, "POST /attachments/ HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 5000\n\nhalf"):
            pass
    assert ada.ask("GET", "/")[0].status == http.client.OK
    assert "Traceback" not in live_site.log.read_text()


def test_what_is_not_there(ada: Browser) -> None:
    answer, page = ada.ask("GET", "/threads/999999/")
    assert (answer.status, b"404" in page) == (http.client.NOT_FOUND, True)


@pytest.mark.parametrize("prefix", ["https://elsewhere.example", "/elsewhere", "\xff"])
def test_nobody_can_say_what_addresses_begin_with(ada: Browser, prefix: str) -> None:
    for headers in ({"Daphne-Root-Path": prefix}, {}):
        for path in ("/", "/spaces/lobby/", "/accounts/password/reset/"):
            answer, page = ada.ask("GET", path, headers=headers)
            assert answer.status in {http.client.OK, http.client.FOUND}
            assert b"elsewhere" not in page + str(answer.headers).encode()
