"""What every test shares: its own data folder, the database asked for, and servers that end with the run."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest

from tests import services
from tests.services import free_port, postgres, redis
from tests.tables import alters, made_of

if TYPE_CHECKING:
    from tests.cast import Cast

pytest_plugins = ["tests.live", "tests.browsing"]

SETTINGS = (
    "DATABASE_URL", "REDIS_URL", "GUILDHALL_TEST_REDIS", "SECRET_KEY", "SIGNING_KEY", "NETWORK_NAME", "SITE_URL",
    "ALLOWED_HOSTS", "SECURE",
)  # fmt: skip
BOTH, POSTGRESQL_ONLY = "both_databases", "postgresql_only"


def pytest_addoption(parser: pytest.Parser) -> None:
    """What `bin/test` chooses: which database to run on, and whether a missing service fails the run."""
    group = parser.getgroup("guildhall")
    group.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="run on SQLite, or the tests marked both_databases on PostgreSQL with Redis",
    )
    group.addoption("--all", action="store_true", help="fail when PostgreSQL, Redis or Chromium is missing")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Settles the environment before pytest-django reads the settings; the xdist workers inherit it."""
    if not hasattr(config, "workerinput"):
        _start_run(config)
    folder = Path(os.environ["GUILDHALL_TEST_DIR"]) / os.environ.get("PYTEST_XDIST_WORKER", "alone")
    folder.mkdir(exist_ok=True)
    os.environ["DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    if "GUILDHALL_TEST_REDIS" in os.environ:
        number = "".join(filter(str.isdigit, os.environ.get("PYTEST_XDIST_WORKER", ""))) or "0"
        os.environ["REDIS_URL"] = f"{os.environ['GUILDHALL_TEST_REDIS']}/{number}"
    django.setup()
    if getattr(config.option, "numprocesses", None):
        # A worker that inherited it would have read the settings before it came here: with this process's places.
        del os.environ["DJANGO_SETTINGS_MODULE"]


def _start_run(config: pytest.Config) -> None:
    """Once for the whole run: the folder of everything it writes, and the servers it needs."""
    if config.option.all and (lines := services.missing()):
        raise pytest.UsageError("--all: " + "; ".join(lines))
    for name in SETTINGS:
        os.environ.pop(name, None)
    # One key for the tests and the servers that they start on the same database, whatever folder each has.
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)
    os.environ["SEMANTIC"] = "off"  # but where a test says otherwise: all must hold without it
    stack = ExitStack()
    config.add_cleanup(stack.close)
    folder = tempfile.TemporaryDirectory(prefix="guildhall-test-", ignore_cleanup_errors=True)
    os.environ["GUILDHALL_TEST_DIR"] = stack.enter_context(folder)
    if config.option.database == "postgresql" and not config.option.collectonly:
        os.environ["GUILDHALL_TEST_REDIS"] = stack.enter_context(redis.running(free_port()))
        os.environ["DATABASE_URL"] = stack.enter_context(postgres.running(free_port()))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what is marked for it; on SQLite all the rest."""
    if config.option.database == "postgresql":
        chosen = [item for item in items if item.get_closest_marker(BOTH) or item.get_closest_marker(POSTGRESQL_ONLY)]
    else:
        chosen = [item for item in items if not item.get_closest_marker(POSTGRESQL_ONLY)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
    items[:] = chosen


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says in one line each what this machine could not run."""
    for line in services.missing():
        terminalreporter.write_line(line)


@pytest.fixture(autouse=True)
def _empty_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test sees what another one cached, or had a duty put off: the same numbers are given again."""
    from django.core.cache import cache

    from community.actions import duties
    from threads.actions import index_work

    monkeypatch.setattr(index_work, "KNOWN_SECONDS", 3600.0)
    yield
    cache.clear()
    duties._put_off.clear()
    index_work.is_wanted.look_again()


@pytest.fixture(autouse=True)
def _same_tables(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that is not rolled back leaves the tables, indexes and triggers that it found."""
    if not alters(request.node):
        yield
        return
    request.getfixturevalue("django_db_setup")
    unblocked = request.getfixturevalue("django_db_blocker").unblock
    with unblocked():
        before = made_of()
    yield
    with unblocked():
        assert made_of() == before


@pytest.fixture
def cast(db: None) -> "Cast":
    """The cast, in this test's database."""
    from tests.cast import make_cast

    return make_cast()
