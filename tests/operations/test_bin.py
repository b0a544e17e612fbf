"""`bin/serve` and its like, as a newcomer meets them: what they refuse in one clear line, and what they leave alone."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live import ROOT, SIGN_IN, LiveSite, site_environment
from tests.processes import alive, descendants
from tests.services import free_port
from tests.services.processes import PATIENCE_SECONDS, tethered, wait_for

BASICS = ("bash", "basename", "cp", "dirname", "env", "flock", "mkdir", "rm", "cat", "ln", "touch", "chmod")
SERVE = ROOT / "bin" / "serve"


def run(command: list[str | Path], **environment: str) -> "subprocess.CompletedProcess[str]":
    """Runs a command to its end without a terminal."""
    inherited = site_environment(Path(os.environ["DATA_DIR"]))
    return subprocess.run(
        command,
        env=inherited | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "http"], "--port takes a number from 1 to 65535, not 'http'"),
        (["--port=70000"], "--port takes a number from 1 to 65535, not '70000'"),
        (["--processes", "0"], "--processes takes a number from 1 to 64, not '0'"),
        (["--data"], "--data takes a value"),
        (["--demo", "--empty"], "--demo and --empty exclude each other"),
        (["--prot", "80"], "knows no '--prot' (see bin/serve --help)"),
    ],
)
def test_wrong_options_are_said_in_one_line(arguments: list[str], message: str) -> None:
    done = run([SERVE, *arguments])

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"serve: {message}\n"


def test_a_port_in_use_is_found_before_anything_is_written(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run([SERVE, f"--port={port}", "--data", tmp_path])

    assert done.returncode == 1
    assert f"port {port} is in use; choose another with --port" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.glob("*.sqlite3"))


def test_an_unwritable_folder_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "data"

    done = run([SERVE, "--data", folder])

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"serve: cannot write to the data folder {folder}; give another with --data DIR or DATA_DIR\n"


@contextmanager
def serving(data: Path, port: int) -> Iterator[Path]:
    """Runs `bin/serve` as a newcomer does, without a terminal, until Ctrl-C, which ends all of it with exit code 0."""
    log = data.parent / f"{data.name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            tethered([str(SERVE), "--port", str(port), "--data", str(data)]),
            env=site_environment(data),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    try:
        wait_for(process, port, log)
        assert LiveSite(data, port).status(SIGN_IN) == 200, log.read_text()
        yield log
        pids = descendants(process.pid)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=PATIENCE_SECONDS) == 0
        assert not any(alive(pid) for pid in pids)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def content(data: Path) -> list[str]:
    """Everything in the site's database."""
    with sqlite3.connect(data / "guildhall.sqlite3") as connection:
        return list(connection.iterdump())


def test_the_first_start_sets_up_the_demo_and_a_second_one_changes_nothing(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    with serving(data, port) as log:
        first = log.read_text()
    assert f"http://127.0.0.1:{port}/" in first
    assert "ada" in first
    before, files = (
        content(data),
        {path: path.stat().st_mtime for path in data.rglob("*") if "sqlite3" not in path.name},
    )

    with serving(data, port) as log:
        second = log.read_text()

    assert content(data) == before
    assert {path: path.stat().st_mtime for path in data.rglob("*") if "sqlite3" not in path.name} == files
    assert "ada" in second
    assert "Making" not in second


class Checkout:
    """A copy of `bin/` and the locks, with stand-ins for uv and Python on a PATH of its own."""

    def __init__(self, folder: Path) -> None:
        self.root, self.tools, self.log = folder / "checkout", folder / "tools", folder / "uv.log"
        shutil.copytree(ROOT / "bin", self.root / "bin")
        self.tools.mkdir()
        for name in BASICS:
            if found := shutil.which(name):
                (self.tools / name).symlink_to(found)
        self.lock("requirements.lock", "one")
        self.lock("requirements-dev.lock", "one, dev")

    def lock(self, name: str, content: str) -> None:
        """Writes a lock file."""
        (self.root / name).write_text(content)

    def tool(self, name: str, script: str) -> None:
        """Puts a shell script on the PATH."""
        path = self.tools / name
        path.write_text(f"#!/usr/bin/env bash\n{script}\n")
        path.chmod(0o755)

    def start(self, *command: str) -> "subprocess.Popen[str]":
        """Starts a command of the copy's `bin/`."""
        return subprocess.Popen(
            [self.root / "bin" / command[0], *command[1:]],
            env={"PATH": str(self.tools), "LOG": str(self.log)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def made(self) -> list[str]:
        """What uv was asked to do so far."""
        return self.log.read_text().splitlines() if self.log.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout with a recent Python and a uv that only notes what it is asked."""
    copy = Checkout(tmp_path)
    copy.tool("python3", "[[ -z $2 ]] || echo 3.11")
    copy.tool(
        "uv",
        """
        case "$1 $2" in
        "venv "*) mkdir -p "${@: -1}/bin" && ln -s "$(type -P python3)" "${@: -1}/bin/python" && echo venv >>"$LOG" ;;
        "pip "*) echo "install ${@: -1}" >>"$LOG" ;;
        esac
        """,
    )
    return copy


def test_a_too_old_python_is_said_in_one_line(checkout: Checkout) -> None:
    checkout.tool("python3", "echo 3.9")

    out, err = checkout.start("serve").communicate(timeout=PATIENCE_SECONDS)

    assert out == ""
    assert err.startswith("serve: needs Python 3.11 or newer; found Python 3.9 (python3).")
    assert err.count("\n") == 1


def test_no_python_at_all_is_said_in_one_line(checkout: Checkout) -> None:
    (checkout.tools / "python3").unlink()

    process = checkout.start("manage", "check")

    assert process.communicate(timeout=PATIENCE_SECONDS)[1].startswith(
        "manage: needs Python 3.11 or newer; found none."
    )
    assert process.returncode == 1


def test_the_environment_is_made_once_and_again_only_for_another_lock(checkout: Checkout) -> None:
    runtime, dev = (f"install {checkout.root}/requirements{part}.lock" for part in ("", "-dev"))

    def manage() -> list[str]:
        checkout.log.unlink(missing_ok=True)
        assert checkout.start("manage", "check").communicate(timeout=PATIENCE_SECONDS)[0] == "3.11\n"
        return checkout.made()

    assert manage() == ["venv", runtime]
    assert manage() == []
    checkout.start("test").communicate(timeout=PATIENCE_SECONDS)
    assert checkout.made() == [dev], "added to what is there"
    assert manage() == [], "an environment with more is as good"
    checkout.lock("requirements.lock", "two")
    assert manage() == [runtime], "in place: something may be running from it"
    checkout.lock("requirements-dev.lock", "two, dev")
    assert manage() == [], "the site needs no developers' tools"
    checkout.lock("requirements.lock", "three")
    assert manage() == [runtime, dev], "but keeps those that are there"


def test_the_sentence_model_is_installed_when_asked_for_and_kept(checkout: Checkout) -> None:
    model = f"install {checkout.root}/requirements-semantic.lock"
    checkout.lock("requirements-semantic.lock", "model")

    def made(*command: str) -> list[str]:
        checkout.log.unlink(missing_ok=True)
        checkout.start(*command).communicate(timeout=PATIENCE_SECONDS)
        return checkout.made()

    assert model not in made("test")
    assert made("test", "--all") == [model]
    assert made("test") == made("serve", "--semantic", "--data", str(checkout.root)) == []
    checkout.lock("requirements-semantic.lock", "another model")
    checkout.lock("requirements.lock", "two")
    assert made("manage", "check")[1:] == [model]


def test_two_commands_at_once_make_one_environment(checkout: Checkout) -> None:
    processes = [checkout.start("manage", "check") for _ in range(2)]

    assert [process.communicate(timeout=PATIENCE_SECONDS)[0] for process in processes] == ["3.11\n", "3.11\n"]
    assert checkout.made().count("venv") == 1


def test_an_interrupted_installation_is_made_again(checkout: Checkout) -> None:
    (checkout.root / ".venv").mkdir()
    (checkout.root / ".venv" / "half").touch()

    checkout.start("manage", "check").communicate(timeout=PATIENCE_SECONDS)

    assert checkout.made()[0] == "venv"
    assert not (checkout.root / ".venv" / "half").exists()
