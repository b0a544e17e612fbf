"""`manage.py serve`: a real process tree on a real port."""

import http.client
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.live import ROOT, SIGN_IN, LiveSite, site_environment
from tests.operations.trees import children, tree, web_processes
from tests.processes import alive, descendants, until
from tests.services import free_port
from tests.services.processes import PATIENCE_SECONDS, tethered, wait_for

EMPTY = "tests.operations.test_serve:nothing"
StartSite = Callable[..., LiveSite]


def nothing() -> None:
    """The seed of an empty site."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_ends_cleanly(start_site: StartSite, number: signal.Signals) -> None:
    site = start_site(seed=EMPTY)
    pids = tree(site)
    assert len(pids) == 3, "the supervisor, one web process, one worker"

    assert site.status(SIGN_IN) == http.client.OK
    ours, web = os.getpriority(os.PRIO_PROCESS, 0), web_processes(site)
    assert [os.getpriority(os.PRIO_PROCESS, pid) for pid in web] == [ours]
    assert [os.getpriority(os.PRIO_PROCESS, pid) for pid in children(site) - web] == [max(ours, 5)], "after the pages"
    assert site.stop(number) == 0

    assert not [pid for pid in pids if alive(pid)]
    assert f"Guildhall is at {site.url}/" in site.log.read_text()
    assert "Traceback" not in site.log.read_text()


def test_several_processes_share_the_port_and_what_dies_is_started_again(start_site: StartSite) -> None:
    site = start_site(seed=EMPTY, processes=2)
    assert "without REDIS_URL" in site.log.read_text()
    until(lambda: len(tree(site)) == 4)

    os.kill(min(web_processes(site)), signal.SIGKILL)

    until(lambda: "starting it again in 0.5 s" in site.log.read_text())
    assert site.status(SIGN_IN) == http.client.OK, "the other process still answers"
    until(lambda: len(tree(site)) == 4)
    assert site.stop() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_no_child_survives_a_killed_supervisor(start_site: StartSite) -> None:
    site = start_site(seed=EMPTY)
    pids = tree(site)

    site.stop(signal.SIGKILL)

    until(lambda: not any(alive(pid) for pid in pids))


def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", "serve", f"--port={port}"],
            cwd=ROOT,
            env=site_environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 1
    expected = f"cannot listen on 127.0.0.1:{port}: port {port} is in use; choose another with --port"
    assert done.stderr.strip() == f"CommandError: {expected}"
    assert done.stdout == ""


STUBBORN = """
import os, sys
from realtime.management.children import Child
from realtime.management.supervisor import Supervisor

deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
sys.exit(Supervisor([Child("deaf", ["-c", deaf])], environment=os.environ, say=print).run())
"""


def test_a_second_ctrl_c_kills_what_does_not_end() -> None:
    with subprocess.Popen(
        tethered([sys.executable, "-c", STUBBORN]), cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout
        assert supervisor.stdout.readline() == "deaf\n"
        pids = descendants(supervisor.pid)

        supervisor.send_signal(signal.SIGINT)
        supervisor.send_signal(signal.SIGTERM)

        assert supervisor.wait(timeout=4) == 130, "before the grace is over"
        assert len(pids) == 1
        assert not any(alive(pid) for pid in pids)


ON_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_it_ends_when_its_terminal_goes(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    log = tmp_path / "serve.log"
    port = free_port()
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-c", ON_TERMINAL, sys.executable, "manage.py", "serve", f"--port={port}"],
            cwd=ROOT,
            env=site_environment(tmp_path),
            stdin=theirs,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    os.close(theirs)
    try:
        wait_for(server, port, log)
        assert LiveSite(tmp_path, port).status("/healthz") == http.client.OK
    finally:
        os.close(ours)
    assert server.wait(PATIENCE_SECONDS) == 0
