"""Coming back to a thread, and saying in the menu of any page whether one can be asked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.site(seed="tests.browser.seeds:seed")

QUIET, LONG = "/threads/1/", "/threads/2/"
READ_TO = """async ([thread, number]) => {
    const answer = await fetch(`/api/v1${thread}since`);
    return (await answer.json()).number === number;
}"""


def has_read(page: Page, thread: str, number: int) -> None:
    """Waits until the server knows that the page's member has read up to this post."""
    page.wait_for_function(READ_TO, arg=[thread, number])


def test_who_comes_back_finds_the_first_unread_and_what_changed(person: Callable[..., Page]) -> None:
    cleo, ben = person("cleo"), person("ben")
    cleo.goto(QUIET)
    expect(cleo.locator("#since")).to_have_count(0)
    cleo.locator("#post-2").scroll_into_view_if_needed()
    expect(cleo.locator("#post-2")).to_be_in_viewport()
    cleo.goto("/help/")
    has_read(cleo, QUIET, 2)

    ben.goto(QUIET)
    expect(ben.locator("#live-state")).to_have_attribute("data-state", "live")
    ben.locator("#reply").fill("And one thing more")
    ben.locator("#reply").press("Control+Enter")
    expect(ben.locator("#post-3")).to_be_visible()

    cleo.goto(QUIET)
    cleo.get_by_text("Since you were here", exact=True).first.click()
    expect(cleo.locator("#since .event")).to_contain_text("1 new post by Ben Okafor")
    cleo.get_by_role("link", name="First unread: #3").click()
    expect(cleo.locator("#post-3[data-first-unread]")).to_be_in_viewport()
    cleo.goto("/help/")
    has_read(cleo, QUIET, 3)
    cleo.goto(QUIET)
    expect(cleo.locator("#post-3")).to_be_visible()
    expect(cleo.locator("#since")).to_have_count(0)


def test_what_was_not_scrolled_to_is_not_read(person: Callable[..., Page]) -> None:
    cleo = person("cleo", viewport={"width": 1000, "height": 500})
    cleo.goto(LONG)
    cleo.locator("#post-9").scroll_into_view_if_needed()
    expect(cleo.locator("#post-9")).to_be_in_viewport()
    cleo.goto("/help/")
    cleo.wait_for_function("async () => (await (await fetch('/api/v1/threads/2/since')).json()).number >= 9")
    read = cleo.evaluate("async () => (await (await fetch('/api/v1/threads/2/since')).json()).number")
    assert read < 25


def test_without_javascript_a_button_says_how_far_one_has_read(person: Callable[..., Page]) -> None:
    mo = person("mo", java_script_enabled=False)
    mo.goto(QUIET)
    mo.get_by_role("button", name="Read up to here").click()
    mo.goto(f"{QUIET}since/")
    expect(mo.locator("main")).to_contain_text("Nothing that somebody else posted or changed.")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_of_any_page_says_whether_one_can_be_asked(person: Callable[..., Page], scripts: bool) -> None:
    page = person("zoe", java_script_enabled=scripts)
    page.goto(LONG)
    page.locator("#member-menu > summary").click()
    page.get_by_role("button", name="Busy", exact=True).click()
    expect(page.locator("#member-menu > summary")).to_have_attribute("data-state", "busy")
    expect(page.locator("#messages")).to_contain_text("You are: Busy until")
    page.locator("#member-menu > summary").click()
    expect(page.locator("#member-menu .states")).to_contain_text("Busy until")
    page.get_by_role("button", name="As my hours say").click()
    expect(page.locator("#member-menu > summary")).to_have_attribute("data-state", "hours")
