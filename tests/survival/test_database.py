"""PostgreSQL restarts under the site: 503 and a message meanwhile, nobody's text is lost, and no lasting damage."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.live import LiveSite, run_python
from tests.processes import until
from tests.services import free_port, postgres

pytestmark = pytest.mark.postgresql_only

Serve = Callable[[], AbstractContextManager[None]]
PATIENTLY: Any = {"timeout": 60, "trust_env": False}


@pytest.fixture(scope="module")
def port() -> int:
    """Where this module's PostgreSQL listens when it runs."""
    return free_port()


@pytest.fixture(scope="module")
def cluster(port: int) -> Iterator[Serve]:
    """A PostgreSQL of this module's own."""
    with postgres.cluster(port) as serve:
        yield serve


@pytest.fixture(scope="module")
def database(cluster: Serve) -> Iterator[ExitStack]:
    """That PostgreSQL, running; closing the stack stops it."""
    with ExitStack() as stack:
        stack.enter_context(cluster())
        yield stack


@pytest.fixture(scope="module")
def live_site(database: ExitStack, port: int, start_site: Callable[..., LiveSite]) -> LiveSite:
    """A site of two processes on it, with the browser tests' threads."""
    url = f"postgres://guildhall@127.0.0.1:{port}/postgres"
    site = start_site(
        seed="tests.operations.test_serve:nothing", processes=2, settings={"DATABASE_URL": url}, prepare=True
    )
    run_python(site.environment, "-m", "tests.live", "tests.browser.seeds:seed")
    return site


def is_live(page: Page) -> None:
    """Waits until the page says so."""
    expect(page.locator("#live-state")).to_have_attribute("data-state", "live")


def test_text_outlives_a_restart_and_is_posted_once(
    database: ExitStack, cluster: Serve, live_site: LiveSite, person: Callable[..., Page]
) -> None:
    ada, ben, zoe = person("ada"), person("ben"), person("zoe")
    for page in (ada, ben):
        page.goto("/threads/1/")
        is_live(page)
    zoe.goto("/spaces/lobby/ask/")
    zoe.locator("input[name=title]").fill("The fax answers in Latin")
    zoe.locator("textarea[name=body]").fill("Since Monday, to everybody.")
    database.close()

    ada.locator("#reply").fill("Written while the database was away")
    ada.locator("#composer button.primary").click()
    expect(ada.locator("#waiting")).to_contain_text("Written while the database was away")
    zoe.locator("[data-post-button]").click()
    expect(zoe.locator("h1")).to_have_text("Back in a moment")
    refused = httpx.get(f"{live_site.url}/api/v1/me", headers={"Authorization": "Bearer x"}, **PATIENTLY)
    assert refused.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "Try again in a moment" in refused.json()["detail"]

    database.enter_context(cluster())
    for page in (ada, ben):
        expect(page.locator("#posts article", has_text="Written while the database was away")).to_have_count(1)
        expect(page.locator("#waiting article")).to_have_count(0)
    zoe.go_back()
    expect(zoe.locator("input[name=title]")).to_have_value("The fax answers in Latin")
    expect(zoe.locator("textarea[name=body]")).to_have_value("Since Monday, to everybody.")
    zoe.locator("[data-post-button]").click()
    expect(zoe.locator("h1")).to_contain_text("The fax answers in Latin")
    ben.locator("#reply").fill("And it goes on as before")
    ben.locator("#composer button.primary").click()
    expect(ada.locator("#posts article", has_text="And it goes on as before")).to_have_count(1)
    until(lambda: httpx.get(f"{live_site.url}/accounts/login/", **PATIENTLY).status_code == HTTPStatus.OK)
    ada.reload()
    expect(ada.locator("#posts article")).to_have_count(3)
