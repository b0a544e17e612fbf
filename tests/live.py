"""Whole sites as separate processes, each with a data folder and a port of its own."""

import fcntl
import http.client
import importlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.services import free_port
from tests.services.processes import PATIENCE_SECONDS, tethered, wait_for

ROOT = Path(__file__).parent.parent
CAST = "tests.cast:make_cast"
SIGN_IN = "/accounts/login/"


@dataclass
class LiveSite:
    """A running `manage.py serve`, and the means to end it, start it again and run commands beside it."""

    data_dir: Path
    port: int
    processes: int = 1
    settings: dict[str, str] = field(default_factory=dict)
    server: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """The site's address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What the whole process tree wrote."""
        return self.data_dir / "serve.log"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the site's processes."""
        return site_environment(self.data_dir) | {"SITE_URL": self.url} | self.settings

    def start(self) -> None:
        """Starts the site; returns when it answers pages."""
        self.launch()
        assert self.status(SIGN_IN) == http.client.OK, self.log.read_text()

    def launch(self) -> None:
        """Starts the site; returns when it takes connections."""
        with self.log.open("a") as log:
            self.server = subprocess.Popen(
                tethered(
                    [sys.executable, "manage.py", "serve", f"--port={self.port}", f"--processes={self.processes}"]
                ),
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        wait_for(self.server, self.port, self.log)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ends the site as Ctrl-C or a service manager would; gives the exit code."""
        assert self.server, "the site is not running"
        if self.server.poll() is None:
            self.server.send_signal(number)
        try:
            return self.server.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.server.kill()
            raise

    def status(self, path: str) -> int:
        """The status that a stranger's GET is answered with."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def manage(self, *arguments: str) -> str:
        """Runs a management command on the site's data; gives what it printed."""
        return run_python(self.environment, "manage.py", *arguments)


def site_environment(data_dir: Path) -> dict[str, str]:
    """The environment of a site on SQLite in `data_dir`, whatever the tests themselves run on."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return inherited | {"DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "tests.settings"}


def run_python(environment: dict[str, str], *arguments: str) -> str:
    """Runs Python in the checkout; gives what it printed, and fails with all its output when it fails."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout


def seeded(seed: str, data_dir: Path) -> None:
    """Fills `data_dir` with a migrated and seeded database, which is made once for each seed in a test run."""
    templates = Path(os.environ["GUILDHALL_TEST_DIR"]) / "sites"
    templates.mkdir(exist_ok=True)
    template = templates / seed.replace(":", "-")
    with (templates / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            making = templates / "making"
            making.mkdir()
            run_python(site_environment(making), "-m", "tests.live", seed)
            making.rename(template)
    shutil.copytree(template, data_dir, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def start_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., LiveSite]]:
    """Starts sites: `start_site(seed="tests.cast:make_cast", processes=1, settings={"LOG_LEVEL": "INFO"})`.

    The seed fills an SQLite database; with another in `settings`, `prepare=True` makes that one's tables.
    """
    with ExitStack() as stack:

        def start(
            *, seed: str = CAST, processes: int = 1, settings: dict[str, str] | None = None, prepare: bool = False
        ) -> LiveSite:
            data_dir = tmp_path_factory.mktemp("site")
            seeded(seed, data_dir)
            site = LiveSite(data_dir, free_port(), processes, settings or {})
            if prepare:
                site.manage("prepare", "--empty", f"--port={site.port}")
            stack.callback(lambda: site.stop() if site.server else None)
            site.start()
            return site

        yield start


@pytest.fixture(scope="module")
def live_site(request: pytest.FixtureRequest, start_site: Callable[..., LiveSite]) -> LiveSite:
    """A site with the cast, one for each test module; `pytestmark = pytest.mark.site(seed=...)` chooses another."""
    marker = request.node.get_closest_marker("site")
    return start_site(**(marker.kwargs if marker else {}))


def make_site(seed: str) -> None:
    """Migrates this process's database and calls the seed function, given as `module:function`."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    module, function = seed.split(":")
    getattr(importlib.import_module(module), function)()


if __name__ == "__main__":
    make_site(sys.argv[1])
