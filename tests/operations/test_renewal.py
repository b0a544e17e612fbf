"""SIGHUP: new processes in the place of the old ones, while people go on asking and listening."""

import http.client
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from tests.live import SIGN_IN, LiveSite
from tests.operations.trees import children, server_of, web_processes
from tests.processes import until
from tests.realtime.clients import Client
from tests.services.processes import PATIENCE_SECONDS

SEED = "tests.operations.test_drain:seed"
DONE, NOT_DONE = "all processes were started anew", "not all processes were started anew"
BRITTLE = """
from pathlib import Path
from tests.settings import *
if Path(DATA_DIR, "broken").exists():
    ROOT_URLCONF = "a.bad.release"
"""


def renew(site: LiveSite) -> None:
    """What `systemctl reload` does."""
    assert site.server
    site.server.send_signal(signal.SIGHUP)


def ask_on_new_connections(site: LiveSite, over: threading.Event) -> int:
    """Asks again and again, each time on a connection of its own; how often."""
    asked = 0
    while not over.is_set():
        assert site.status(SIGN_IN) == http.client.OK
        asked += 1
    return asked


def ask_on_one_connection(site: LiveSite, over: threading.Event) -> int:
    """Asks again and again on a connection that is kept as long as the server says so; how often."""
    asked = 0
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=PATIENCE_SECONDS)
    while not over.is_set():
        connection.request("GET", SIGN_IN)
        answer = connection.getresponse()
        assert answer.read()
        assert answer.status == http.client.OK
        asked += 1
    connection.close()
    return asked


def listen(site: LiveSite, token: str, over: threading.Event) -> set[int]:
    """Listens, and comes back whenever the server says so; the codes it was closed with, 0 where there was none."""
    codes = set()
    while not over.is_set():
        with Client(f"127.0.0.1:{site.port}", authorization=f"Bearer {token}") as socket:
            try:
                socket.subscribe("member:me")
                while not over.is_set():
                    with suppress(TimeoutError):
                        socket.connection.recv(timeout=0.1)
            except ConnectionClosed as closed:
                codes.add(closed.rcvd.code if closed.rcvd else 0)
    return codes


@dataclass
class Became:
    """What became of a crowd: how often each asked, and the codes that sockets were closed with."""

    asked: list[int] = field(default_factory=list)
    codes: set[int] = field(default_factory=set)


@contextmanager
def crowd(site: LiveSite) -> Iterator["Became"]:
    """People who ask and listen while the block runs; then what became of them. Raises what any of them met."""
    token = (site.data_dir / "token").read_text()
    over = threading.Event()
    became = Became()
    with ThreadPoolExecutor() as pool:
        asking = [pool.submit(ask, site, over) for ask in (ask_on_new_connections, ask_on_one_connection) * 2]
        listening = [pool.submit(listen, site, token, over) for _ in range(4)]
        try:
            yield became
        finally:
            over.set()
        became.asked = [job.result() for job in asking]
        became.codes = set.union(*(job.result() for job in listening))


@pytest.fixture
def site(start_site: Callable[..., LiveSite], tmp_path: Path) -> LiveSite:
    """Two web processes and a worker, of a release that can be spoilt."""
    (tmp_path / "brittle.py").write_text(BRITTLE)
    return start_site(
        seed=SEED, processes=2, settings={"DJANGO_SETTINGS_MODULE": "brittle", "PYTHONPATH": str(tmp_path)}
    )


def test_nobody_is_refused_and_nothing_is_lost(site: LiveSite) -> None:
    until(lambda: len(children(site)) == 3)
    before = children(site)

    with crowd(site) as became:
        renew(site)
        until(lambda: DONE in site.log.read_text())

    assert len(children(site)) == 3
    assert not before & children(site)
    assert all(became.asked), became.asked
    assert became.codes == {1012}
    assert "Traceback" not in site.log.read_text()


def test_a_release_that_does_not_start_changes_nothing(site: LiveSite) -> None:
    until(lambda: len(children(site)) == 3)
    before = children(site)
    (site.data_dir / "broken").touch()

    with crowd(site) as became:
        renew(site)
        until(lambda: NOT_DONE in site.log.read_text())

    assert "a new web 1 did not come to serve; the old one goes on" in site.log.read_text()
    assert children(site) == before
    assert not became.codes, "nobody was sent away"
    (site.data_dir / "broken").unlink()
    renew(site)
    until(lambda: f"\n{DONE}" in site.log.read_text())
    assert not before & children(site)


def test_others_do_not_notice_when_one_is_killed(site: LiveSite) -> None:
    token = (site.data_dir / "token").read_text()
    host = f"127.0.0.1:{site.port}"
    until(lambda: len(web_processes(site)) == 2)
    sockets = {Client(host, authorization=f"Bearer {token}") for _ in range(20)}
    for socket in sockets:
        socket.settle()
    servers = {socket: server_of(site, socket.connection.local_address[1]) for socket in sockets}
    victim = servers[next(iter(sockets))]

    os.kill(victim, signal.SIGKILL)

    until(lambda: "ended with code -9; starting it again" in site.log.read_text())
    for socket in sockets:
        if servers[socket] == victim:
            with pytest.raises(ConnectionClosed):
                socket.settle()
        else:
            socket.settle()
    until(lambda: len(web_processes(site)) == 2)
    assert site.status(SIGN_IN) == http.client.OK
