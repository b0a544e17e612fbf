"""The site to be measured, on either database, and what there is to read on it."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.live.usage import seconds_of, web_processes
from tests.live import ROOT, LiveSite
from tests.services import free_port, postgres

SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.pages.settings"}


@dataclass(frozen=True)
class Content:
    """What `tests.benchmarks.pages.content` tells."""

    pages: dict[str, str]
    unread: list[str]
    sessions: list[str]
    long: dict[str, str]


@dataclass
class Filled:
    """A database with content, served by nobody yet."""

    database: str
    folder: Path
    settings: dict[str, str]
    content: Content

    @contextmanager
    def served(self, processes: int) -> Iterator["Served"]:
        """The site while the block runs."""
        live = LiveSite(self.folder, free_port(), processes, self.settings)
        try:
            live.start()
            yield Served(live, self.content)
        finally:
            if live.server:
                live.stop()


@dataclass
class Served:
    """A running site."""

    live: LiveSite
    content: Content

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.live.port

    def processor(self) -> float:
        """Seconds that its web processes have used."""
        assert self.live.server
        return seconds_of(web_processes(self.live.server.pid))


@contextmanager
def filled(database: str, lengths: Sequence[int]) -> Iterator[Filled]:
    """A site with content while the block runs."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="guildhall-pages-")))
        settings = dict(SETTINGS)
        if database == "postgresql":
            settings["DATABASE_URL"] = stack.enter_context(postgres.running(free_port()))
        environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        environment |= {"DATA_DIR": str(folder)} | settings
        run = [sys.executable, "-m", "tests.benchmarks.pages.content", *map(str, lengths)]
        told = subprocess.run(run, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=environment, check=True
        )
        yield Filled(database, folder, settings, Content(**json.loads(told.splitlines()[-1])))
