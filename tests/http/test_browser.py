"""The release as a browser meets it: fetched at once, compressed, and then never again."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.live import LiveSite

pytestmark = pytest.mark.site(seed="tests.browser.seeds:seed", prepare=True, settings={"GUILDHALL_TEST_COLLECTED": "1"})
THREAD = "/threads/1/"
LINK = re.compile(r'<link rel="modulepreload"[^>]*>')
RESOURCES = """() => performance.getEntriesByType("resource")
    .filter((entry) => entry.name.includes("/static/"))
    .map(({ name, initiatorType, transferSize, encodedBodySize, decodedBodySize }) =>
        ({ name: new URL(name).pathname, initiatorType, transferSize, encodedBodySize, decodedBodySize }))"""


def settled(page: Page) -> list[dict[str, Any]]:
    """The static files of the page, once all its parts have come to life; a page put together here gets no socket."""
    expect(page.locator("#live-state")).not_to_have_attribute("data-state", "none")
    page.wait_for_load_state("networkidle")
    found: list[dict[str, Any]] = page.evaluate(RESOURCES)
    return found


def test_a_page_names_the_scripts_it_needs_and_no_others(person: Callable[..., Page]) -> None:
    """What it needs is what it fetches when it names none."""
    page = person("ada")

    def without_links(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=LINK.sub("", response.text()))

    page.goto(THREAD)
    settled(page)
    named = page.eval_on_selector_all(
        "link[rel=modulepreload], script[src]", "found => found.map((one) => new URL(one.href || one.src).pathname)"
    )
    page.route(f"**{THREAD}", without_links)
    page.goto(THREAD)
    needed = {one["name"] for one in settled(page) if one["name"].endswith(".js")}
    assert page.locator("link[rel=modulepreload]").count() == 0
    assert set(named) == needed


def test_what_was_fetched_once_is_not_fetched_again(person: Callable[..., Page]) -> None:
    page = person("ada")
    page.goto(THREAD)
    first = settled(page)
    assert len(first) > 20
    page.goto("/spaces/lobby/")
    page.goto(THREAD)
    again = settled(page)
    assert {one["name"] for one in again} == {one["name"] for one in first}
    assert [one["name"] for one in again if one["transferSize"] > 0] == []


def test_scripts_come_compressed_and_without_comments(
    live_site: LiveSite, browser_context: Callable[..., BrowserContext]
) -> None:
    page = browser_context().new_page()
    page.goto("/accounts/login/")
    page.wait_for_load_state("networkidle")
    scripts = [one for one in page.evaluate(RESOURCES) if one["name"].endswith("js/frame.js")]
    assert scripts
    assert all(one["encodedBodySize"] < one["decodedBodySize"] / 2 for one in scripts)
    body = page.request.get(f"{live_site.url}{scripts[0]['name']}").text()
    assert "import" in body
    assert not body.startswith("//")
