"""A PostgreSQL server for one test run: a fresh cluster, quick rather than durable."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.services.processes import server, tethered

DEBIAN = Path("/usr/lib/postgresql")
CLUSTER = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions")
SETTINGS = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off"),
    *("max_connections=200", "listen_addresses=127.0.0.1"),
)
QUICK = tuple(word for setting in SETTINGS for word in ("-c", setting))


def find() -> Path | None:
    """The folder of PostgreSQL's binaries, the newest version first; `None` when there is none."""
    folders = sorted(DEBIAN.glob("*/bin"), key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0))
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


@contextmanager
def running(port: int) -> Iterator[str]:
    """A server on `port` while the block runs; gives the address for DATABASE_URL."""
    with cluster(port) as serving, serving():
        yield f"postgres://guildhall@127.0.0.1:{port}/postgres"


@contextmanager
def cluster(port: int) -> Iterator[Callable[[], AbstractContextManager[None]]]:
    """A cluster's files while the block runs; gives what serves it on `port`, once or several times."""
    binaries = find()
    if binaries is None:
        raise RuntimeError("PostgreSQL is not installed")
    account = _account()
    home = Path(tempfile.mkdtemp(prefix="guildhall-postgres-"))
    make = [str(binaries / "initdb"), "-D", f"{home}/cluster", "-U", "guildhall", *CLUSTER]
    start = [str(binaries / "postgres"), "-D", f"{home}/cluster", "-k", str(home), "-p", str(port), *QUICK]
    try:
        if account:
            shutil.chown(home, account.pw_name)
        subprocess.run(_as(account, make), check=True, capture_output=True, cwd="/")
        yield lambda: server(_as(account, start), port=port, log=home / "log", ending=signal.SIGINT, cwd="/")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _account() -> pwd.struct_passwd | None:
    """Whom to run as, when it cannot be ourselves: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _as(account: pwd.struct_passwd | None, command: list[str]) -> list[str]:
    """The command as that account, ended by the kernel with this process."""
    if account is None:
        return tethered(command)
    identity = ["--reuid", str(account.pw_uid), "--regid", str(account.pw_gid), "--clear-groups"]
    return ["setpriv", *identity, "--pdeathsig", "TERM", "--", *command]
