"""What writing through the API costs the processor, on SQLite and PostgreSQL: `python -m tests.benchmarks.writing`.

One request after another through all of Django as the site calls it, in this process and without a socket, so that
nothing but the writing is measured, and by the processor's time, which a busy machine makes longer too, but less. On
PostgreSQL (without fsync) the time of its own process stands beside it, and `--queries` lists what one request asks.
"""

import argparse
import io
import json
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.benchmarks.processor import Spent

THREADS, MEMBERS, FOLLOWERS = 50, 40, 4
TEXT = (
    "I saw this too after the update: the **relay table** was empty.\n\nTry this on the gateway:\n\n"
    "1. stop the queue runner\n2. `postqueue -p` and look for `deferred`\n3. flush it again\n\n"
    "It helped at our site, see https://example.org/kb/123 for the details."
)
Work = Callable[[int], Any]


def main() -> None:
    """Measure each kind of writing on each database, each in a process and a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--queries", action="store_true")
    options = parser.parse_args()
    for database in options.database or ("sqlite", "postgresql"):
        for name in ("reply", "edit", "vote", "thread"):
            alone = multiprocessing.get_context("spawn").Process(
                target=measure, args=(database, name, options.count), kwargs={"queries": options.queries}
            )
            alone.start()
            alone.join()


def measure(database: str, name: str, count: int, *, queries: bool) -> None:
    """Make a small network and time `count` requests, after a third as many that are not counted."""
    with ExitStack() as stack:
        os.environ["DATA_DIR"] = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ["DJANGO_SETTINGS_MODULE"] = "community.settings"
        os.environ.pop("DATABASE_URL", None)
        if database == "postgresql":
            from tests.services import free_port, postgres

            os.environ["DATABASE_URL"] = stack.enter_context(postgres.running(free_port()))
        import django

        django.setup()
        from django.db import connection

        stack.callback(connection.close)
        work = Site.made(count).works()[name]
        for number in range(count // 3):
            work(number)
        _time(database, name, work, range(count // 3, count // 3 + count))
        if queries:
            _show_queries(work, 2 * count)


def _time(database: str, name: str, work: Work, numbers: range) -> None:
    before = Spent.now()
    for number in numbers:
        work(number)
    spent = Spent.now() - before
    each = [f"{1000 * seconds / len(numbers):.1f} ms" for seconds in (spent.own, spent.server, spent.clock)]
    sys.stdout.write(
        f"{database:10} {name:6} processor {each[0]}, of the database's {each[1]}, by the clock {each[2]}\n"
    )
    sys.stdout.flush()


def _show_queries(work: Work, number: int) -> None:
    from django.db import connection

    def show(execute: Callable[..., object], sql: str, *rest: object) -> object:
        sys.stdout.write(f"    {' '.join(sql.split())[:150]}\n")
        return execute(sql, *rest)

    with connection.execute_wrapper(show):
        work(number)


@dataclass
class Site:
    """Members with tokens, threads with followers, posts to change, and the way to ask."""

    tokens: list[str]
    threads: list[int]
    count: int
    posts: list[tuple[int, int]]

    @classmethod
    def made(cls, count: int) -> "Site":
        """The site, in this process's empty database."""
        from django.core.management import call_command

        from community.actions.tokens import create_token
        from community.models import Member
        from tests.cast import make_cast
        from threads.actions.following import follow
        from threads.actions.threads import open_thread

        call_command("migrate", verbosity=0)
        cast = make_cast()
        acme, lobby = cast.organizations["acme"], cast.spaces["lobby"]
        people = [
            Member.objects.create_user(f"m{number}@example.org", None, handle=f"m{number}", name="M", organization=acme)
            for number in range(MEMBERS)
        ]
        product, tags = cast.products["mail-gateway"], ("smtp", "queue")
        threads = [
            open_thread(by=people[number % MEMBERS], space=lobby, title="T", body=TEXT, product=product, tags=tags)
            for number in range(THREADS)
        ]
        for number, thread in enumerate(threads):
            for step in range(1, FOLLOWERS):
                follow(by=people[(number + step) % MEMBERS], thread=thread, wanted=True)
        tokens = [create_token(by=member, member=member, name="") for member in people]
        return cls(tokens, [thread.pk for thread in threads], count, [])

    def works(self) -> dict[str, Work]:
        """What is measured, by name; each is called with a number of its own."""
        return {"reply": self._reply, "edit": self._edit, "vote": self._vote, "thread": self._thread}

    def _reply(self, number: int) -> int:
        who = (number // THREADS + 3 * number) % MEMBERS
        body = {"body": TEXT, "client_id": f"c{number}"}
        made = self._ask("POST", f"threads/{self.threads[number % THREADS]}/posts", who, body)
        self.posts.append((made["id"], who))
        return who

    def _edit(self, number: int) -> None:
        post, who = self._post(number)
        self._ask("PATCH", f"posts/{post}", who, {"body": f"{TEXT} {number}"})

    def _vote(self, number: int) -> None:
        post, who = self._post(number)
        self._ask("PUT", f"posts/{post}/vote", (who + 1) % MEMBERS, {"value": 1})

    def _thread(self, number: int) -> None:
        body = {"space": "lobby", "title": f"Problem {number}", "body": TEXT, "tags": ["smtp", "queue"]}
        self._ask("POST", "threads", number % MEMBERS, body)

    def _post(self, number: int) -> tuple[int, int]:
        while len(self.posts) <= 2 * self.count:
            self._reply(len(self.posts))
        return self.posts[number]

    def _ask(self, method: str, path: str, who: int, body: dict[str, Any]) -> dict[str, Any]:
        """What the API answers. RuntimeError for a refusal."""
        raw = json.dumps(body).encode()
        scope = {
            "type": "http", "method": method, "path": f"/api/v1/{path}", "query_string": b"", "scheme": "http",
            "server": ("127.0.0.1", 8000), "root_path": "",
            "headers": [
                (b"content-type", b"application/json"), (b"content-length", str(len(raw)).encode()),
                (b"authorization", f"Bearer {self.tokens[who]}".encode()),
            ],
        }  # fmt: skip
        response = _handler()._respond(scope, io.BytesIO(raw))
        if response.status_code // 100 != 2:
            raise RuntimeError(f"{method} {path}: {response.status_code} {response.content[:300]!r}")
        answer: dict[str, Any] = json.loads(response.content)
        return answer


@cache
def _handler() -> Any:
    from community.http.handler import PageHandler

    return PageHandler()


if __name__ == "__main__":
    main()
