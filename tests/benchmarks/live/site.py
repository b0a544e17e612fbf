"""The site to be measured: the real server with PostgreSQL and Redis, and a network of members."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.live.api import Caller
from tests.benchmarks.live.usage import web_processes
from tests.live import ROOT, LiveSite
from tests.services import free_port, postgres
from tests.services.redis import Stoppable

HOST = "127.0.0.1"
SPACE = "load-commons"
REPLIES_ON_PAGE = 19  # with the problem 20 posts
SIGN_IN = """
from django.contrib.auth import get_user_model
from django.test import Client
client = Client()
client.force_login(get_user_model().objects.filter(handle__startswith="load-").latest("pk"),
                   backend="allauth.account.auth_backends.AuthenticationBackend")
print(client.cookies["sessionid"].value)
"""


@dataclass
class Network:
    """A seeded site that is not served yet: its data, settings and the members' tokens."""

    folder: Path
    settings: dict[str, str]
    tokens: list[str]
    redis: Stoppable

    @contextmanager
    def served(self, processes: int) -> Iterator["Site"]:
        """The site, served by so many processes while the block runs."""
        live = LiveSite(self.folder, free_port(), processes, self.settings)
        try:
            live.start()
            yield Site(live, self.tokens, self.redis)
        finally:
            if live.server:
                live.stop()


@dataclass
class Site:
    """A running site; on SQLite without Redis."""

    live: LiveSite
    tokens: list[str]
    redis: Stoppable | None = None
    _opened: set[int] = field(default_factory=set)

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return HOST, self.live.port

    @property
    def web(self) -> list[int]:
        """Its web processes."""
        assert self.live.server
        return web_processes(self.live.server.pid)

    def caller(self, member: int = 0) -> Caller:
        """A member's use of the API."""
        return Caller.with_token(self.address, self.tokens[member % len(self.tokens)])

    def open_thread(self, title: str) -> tuple[int, int]:
        """A new thread that everybody sees: its id, and its stream's newest number."""
        with self.caller() as caller:
            body = {"space": SPACE, "title": title, "body": "Since the *update* nothing leaves."}
            thread = caller.post("threads", body).json()
            self._opened.add(thread["id"])
            return thread["id"], thread["stream"]["seq"]

    def threads(self, count: int) -> list[int]:
        """The ids of so many of the seeded threads, of which there may be fewer."""
        ids: list[int] = []
        query = f"threads?space={SPACE}&limit=100"
        with self.caller() as caller:
            page = caller.get(f"/api/v1/{query}").json()
            while True:
                ids += [item["id"] for item in page["items"] if item["id"] not in self._opened]
                if not page["next"] or len(ids) >= count:
                    return ids[:count]
                page = caller.get(f"/api/v1/{query}&after={page['next']}").json()

    def page(self, connections: int) -> tuple[int, list[Caller]]:
        """A thread with 20 posts, and somebody with a session who reads its page on so many connections.

        They write nothing themselves: notices of answers to many posts a second are nobody's who reads.
        """
        thread, _seq = self.open_thread("A thread of twenty posts")
        with self.caller(1) as caller:
            for number in range(REPLIES_ON_PAGE):
                caller.reply(thread, f"Reply {number}: have you looked at the *relay table*? It goes on.")
        session = self.session()
        readers = [Caller(self.address, Cookie=f"sessionid={session}") for _ in range(connections)]
        return thread, readers

    def session(self) -> str:
        """The session of somebody who has just signed in, and who is not one of the first members, who write."""
        return self.live.manage("shell", "--verbosity=0", "-c", SIGN_IN).split()[-1]


@contextmanager
def network(*, members: int, centers: int, threads: int, folder: Path) -> Iterator[Network]:
    """PostgreSQL and Redis of its own, migrated and seeded, while the block runs."""
    with ExitStack() as stack:
        stoppable = stack.enter_context(Stoppable(free_port()))
        settings = {
            "DJANGO_SETTINGS_MODULE": "community.settings",
            "DATABASE_URL": stack.enter_context(postgres.running(free_port())),
            "REDIS_URL": stoppable.url,
        }
        tokens = folder / "tokens"
        size = (f"--members={members}", f"--centers={centers}", f"--threads={threads}", f"--tokens={tokens}")
        for command in (("migrate", "--verbosity=0"), ("collectstatic", "--noinput", "-v0"), ("seed_network", *size)):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=os.environ | {"DATA_DIR": str(folder)} | settings,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        yield Network(folder, settings, [line.split()[1] for line in tokens.read_text().splitlines()], stoppable)
