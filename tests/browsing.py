"""Fixtures for browser tests: several people at once, each in a browser context of their own, on one live site."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, expect

from tests.live import SIGN_IN, LiveSite
from tests.services import chromium
from tests.services.chromium import Chromium

# Milliseconds. A bound on what never comes, not on what is slow on a busy machine.
PATIENCE = 30_000
SECONDS_A_TEST = 900.0
expect.set_options(timeout=PATIENCE)

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE_RUN = """async (only) => {
    const { violations } = await axe.run(document, { runOnly: only, resultTypes: ["violations"] });
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.target).join(", ")}`);
}"""


@pytest.fixture(scope="module")
def chromium_ready() -> Iterator[Chromium]:
    """Chromium, for one test module: its event loop must not stay on while another module's async tests run."""
    if chromium.find() is None:
        pytest.skip("Chromium not found")
    with chromium.ready() as found:
        yield found


@pytest.fixture
def browser_context(chromium_ready: Chromium, live_site: LiveSite) -> Iterator[Callable[..., BrowserContext]]:
    """Opens contexts: `browser_context(viewport=..., java_script_enabled=False)`.

    The test fails when any page of theirs threw an error or was stopped by the Content-Security-Policy.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    def open_context(**options: Any) -> BrowserContext:
        defaults = {"base_url": live_site.url, "locale": "en-US", "timezone_id": "UTC", "reduced_motion": "reduce"}
        context = chromium_ready.browser().new_context(**(defaults | options))
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: problems.append(str(error.error)))
        context.on("console", listen)
        contexts.append(context)
        return context

    with chromium_ready.ended_after(SECONDS_A_TEST):
        yield open_context
    with chromium_ready.ended_after(chromium.SECONDS_TO_CLOSE), suppress(Error):
        for context in contexts:
            context.close()
    assert problems == []


@pytest.fixture
def person(browser_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Signs a member of the cast in, in a browser of their own: `ada = person("ada")`."""

    def enter(handle: str, **options: Any) -> Page:
        page = browser_context(**options).new_page()
        sign_in(page, handle)
        return page

    return enter


def sign_in(page: Page, handle: str) -> None:
    """Signs the member of the cast in through the form, and leaves the page where that leads."""
    from tests.cast import PASSWORD

    page.goto(SIGN_IN)
    page.locator("input[name=login]").fill(f"{handle}@example.org")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: SIGN_IN not in url)


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA on the page as it is now."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    problems: list[str] = page.evaluate(AXE_RUN, AXE_TAGS)
    return problems
