"""Fixtures of the live room's tests: servers on the tests' database, and the cast at their sockets."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.realtime import servers
from tests.realtime.clients import Client
from tests.realtime.servers import Server
from tests.realtime.writers import Writer
from tests.services import free_port, redis

if TYPE_CHECKING:
    from community.models import Member
    from tests.cast import Cast
    from threads.models import Thread


@pytest.fixture(scope="module")
def start_server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Starts servers that live as long as the module: `start_server(REDIS_URL=...)`."""
    with ExitStack() as stack:
        yield lambda **environment: stack.enter_context(
            servers.running(tmp_path_factory.mktemp("server"), **environment)
        )


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server]) -> Server:
    """One server for the module, with Redis when the run has one."""
    return start_server(**({"REDIS_URL": os.environ["REDIS_URL"]} if "REDIS_URL" in os.environ else {}))


@pytest.fixture
def cast(transactional_db: None) -> "Cast":
    """The cast, committed, so that the servers see it."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture
def thread(cast: "Cast") -> "Thread":
    """Ada's problem, for Acme and Brightline; its stream stands at 2."""
    return open_thread(cast)


@pytest.fixture
def token_of(cast: "Cast") -> Callable[[str], str]:
    """The token of a member of the cast; each call makes a new one."""
    from community.actions.tokens import create_token

    def make(handle: str) -> str:
        member = cast.people[handle]
        return create_token(by=member, member=member, name="tests")

    return make


@pytest.fixture
def join(server: Server, token_of: Callable[[str], str]) -> Iterator[Callable[..., Client]]:
    """Connects members by token: `join("ada")`, `join("ben", other_server)`."""
    with ExitStack() as stack:

        def enter(handle: str, at: Server = server) -> Client:
            return stack.enter_context(Client(at.host, authorization=f"Bearer {token_of(handle)}"))

        yield enter


@pytest.fixture
def sit(server: Server, token_of: Callable[[str], str], thread: "Thread") -> Iterator[Callable[..., Writer]]:
    """Puts members at the record: `sit("ada")`; `sit("ada", greet=False)` says nothing yet."""
    with ExitStack() as stack:

        def enter(handle: str, *, at: Server = server, greet: bool = True, **options: object) -> Writer:
            writer = stack.enter_context(Writer(at.host, thread.pk, token_of(handle), **options))  # type: ignore[arg-type]
            return writer.join() if greet else writer

        yield enter


@pytest.fixture
def browser(server: Server, cast: "Cast") -> Iterator[Callable[..., Client]]:
    """Connects members as a browser would, by session cookie: `browser("ada", cookie)`."""
    with ExitStack() as stack:

        def enter(cookie: str, *, origin: str | None = f"http://{server.host}") -> Client:
            return stack.enter_context(Client(server.host, origin=origin, cookie=cookie))

        yield enter


@pytest.fixture
def sign_in(cast: "Cast") -> Callable[[str], tuple[str, Callable[[], None]]]:
    """The session cookie of a member, and what signs them out again."""
    from django.conf import settings
    from django.test import Client as Pages

    def enter(handle: str) -> tuple[str, Callable[[], None]]:
        pages = Pages()
        pages.force_login(cast.people[handle], backend="allauth.account.auth_backends.AuthenticationBackend")
        name = settings.SESSION_COOKIE_NAME
        return f"{name}={pages.cookies[name].value}", pages.logout

    return enter


def open_thread(cast: "Cast", *, by: str = "ada", space: str = "alliance", audience: str = "space") -> "Thread":
    """A problem with two events in its stream."""
    from threads.actions.threads import open_thread

    return open_thread(
        by=cast.people[by],
        space=cast.spaces[space],
        title="Mail stays in the queue",
        body="Nothing leaves.",
        audience=audience,
    )


def reply(thread: "Thread", by: "Member", body: str = "Try this.") -> None:
    """Writes a reply in the tests' own process: to the servers, another one."""
    from threads.actions.posts import post_reply

    post_reply(by=by, thread=thread, body=body)


@pytest.fixture(scope="module")
def redis_port() -> int:
    """Where this module's Redis listens when it runs."""
    if redis.find() is None:
        pytest.skip("Redis not found")
    return free_port()


@pytest.fixture(scope="module")
def redis_server(redis_port: int) -> Iterator[ExitStack]:
    """A Redis of this module's own; closing the stack stops it."""
    with ExitStack() as stack:
        stack.enter_context(redis.running(redis_port))
        yield stack


@pytest.fixture(scope="module")
def apart(start_server: Callable[..., Server]) -> tuple[Server, Server]:
    """Two processes without Redis."""
    return start_server(), start_server()


@pytest.fixture(scope="module")
def joined(redis_server: ExitStack, redis_port: int, start_server: Callable[..., Server]) -> tuple[Server, Server]:
    """Two processes with Redis."""
    url = f"redis://127.0.0.1:{redis_port}/0"
    return start_server(REDIS_URL=url), start_server(REDIS_URL=url)
