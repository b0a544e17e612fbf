"""`/metrics`: who may read it, and that it speaks for all processes, the dead included."""

import http.client
import os
import signal
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from tests.live import SIGN_IN, LiveSite
from tests.operations.scrapes import ask, scrape
from tests.operations.trees import web_processes
from tests.processes import until
from tests.realtime.clients import Client

SEED = "tests.operations.test_drain:seed"
REQUESTS = "guildhall_http_request_seconds_count"
KNOCKS = [
    ({}, 200),
    ({"X_Forwarded_For": "127.0.0.1"}, 404),
    ({"X_Real_IP": "127.0.0.1"}, 404),
    ({"Forwarded": "for=127.0.0.1"}, 404),
    ({"X_Forwarded_For": "192.0.2.1", "Authorization": "Bearer let me in"}, 200),
    ({"X_Forwarded_For": "192.0.2.1", "Authorization": "Bearer let me"}, 404),
    ({"X_Forwarded_For": "192.0.2.1", "Authorization": "Bearer "}, 404),
]


@pytest.fixture(scope="module")
def site(start_site: Callable[..., LiveSite]) -> LiveSite:
    """Two web processes and a worker."""
    return start_site(seed=SEED, processes=2, settings={"METRICS_TOKEN": "let me in"})


@pytest.mark.parametrize(("headers", "status"), KNOCKS)
def test_who_may_read_it(site: LiveSite, headers: dict[str, str], status: int) -> None:
    answered, text = ask(site, "/metrics", **headers)
    assert answered == status
    assert ("guildhall_sockets" in text) == (status == http.client.OK)


def test_without_a_token_nobody_brings_one(start_site: Callable[..., LiveSite]) -> None:
    site = start_site(seed=SEED)
    for given in ("Bearer ", "Bearer", "Bearer None", ""):
        assert ask(site, "/metrics", X_Forwarded_For="192.0.2.1", Authorization=given)[0] == http.client.NOT_FOUND


def test_it_speaks_for_all_processes(start_site: Callable[..., LiveSite]) -> None:
    site = start_site(seed=SEED, processes=2)
    token = (site.data_dir / "token").read_text()
    with ExitStack() as stack:
        host = f"127.0.0.1:{site.port}"
        sockets = [stack.enter_context(Client(host, authorization=f"Bearer {token}")) for _ in range(10)]
        for socket in sockets:
            socket.subscribe("member:me")
        asked = scrape(site)[REQUESTS]
        for _ in range(20):
            site.status(SIGN_IN)
        until(lambda: scrape(site)["guildhall_sockets"] == len(sockets))
        until(lambda: scrape(site)["guildhall_subscriptions"] == len(sockets))
        until(lambda: scrape(site)[REQUESTS] == asked + 20)

        before = web_processes(site)
        os.kill(min(before), signal.SIGKILL)
        until(lambda: "starting it again" in site.log.read_text())
        until(lambda: len(web_processes(site)) == 2)

        left = sum(_answers(socket) for socket in sockets)
        until(lambda: scrape(site)["guildhall_sockets"] == left)
        assert scrape(site)[REQUESTS] == asked + 20, "what the dead one counted is kept"
        site.status(SIGN_IN)
        until(lambda: scrape(site)[REQUESTS] == asked + 21)


def _answers(socket: Client) -> bool:
    try:
        socket.settle()
    except Exception:  # noqa: BLE001  (in whatever way it is broken)
        return False
    return True


def test_what_is_written_is_counted(start_site: Callable[..., LiveSite]) -> None:
    from tests.realtime.servers import Server

    site = start_site(seed=SEED, processes=2)
    token = (site.data_dir / "token").read_text()
    assert site.server
    server = Server(site.port, site.log, site.server)
    with Client(f"127.0.0.1:{site.port}", authorization=f"Bearer {token}") as socket:
        thread = server.call(token, "POST", "threads", {"space": "lobby", "title": "A queue", "body": "It stays."})
        seq = socket.subscribe(f"thread:{thread['id']}")["seq"]
        appended = scrape(site)["guildhall_events_appended_total"]
        server.call(token, "POST", f"threads/{thread['id']}/posts", {"body": "Still."})
        socket.numbers(f"thread:{thread['id']}", seq + 1)

        until(lambda: scrape(site)["guildhall_events_delivered_total"] == 1)
        values = scrape(site)
        assert values["guildhall_events_appended_total"] > appended
        assert values["guildhall_delivery_lag_seconds_count"] == 1
        assert values["guildhall_database_up"] == 1
        assert values["guildhall_outbox_rows"] == 0
        until(lambda: scrape(site)["guildhall_transport"] == 2)
