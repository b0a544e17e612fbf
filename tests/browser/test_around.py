"""Lists that change while one looks at them, the inbox, and getting around by keyboard alone."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browsing import accessibility_problems

pytestmark = pytest.mark.site(seed="tests.browser.seeds:seed")

SPACE, QUIET = "/spaces/lobby/", "/threads/1/"


def at(person: Callable[..., Page], handle: str, path: str) -> Page:
    """The page, live."""
    page = person(handle)
    page.goto(path)
    expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
    return page


def ask(page: Page, title: str) -> None:
    """Posts a problem through the form."""
    page.goto("/spaces/lobby/ask/")
    page.locator("[name=title]").fill(title)
    page.locator("[name=body]").fill("What happens.")
    page.locator("[data-post-button]").click()
    expect(page.locator("h1")).to_have_text(title)


def test_a_space_shows_what_is_new_or_offers_it_to_who_is_reading(person: Callable[..., Page]) -> None:
    ada, ben = at(person, "ada", SPACE), at(person, "ben", "/")
    ask(ben, "Fax line is dead")
    expect(ada.locator("#threads .trow-title").first).to_have_text("Fax line is dead")
    expect(ada.locator("#threads .trow-title")).to_have_count(4)

    ada.locator("#threads .trow-title").nth(2).focus()
    ask(ben, "Door badge does not open")
    expect(ada.locator("#space-changed")).to_have_text("1 update: show it")
    expect(ada.locator("#threads .trow-title")).to_have_count(4)
    ada.locator("#space-changed").click()
    expect(ada.locator("#threads .trow-title").first).to_have_text("Door badge does not open")
    expect(ada.locator("#space-changed")).to_be_hidden()


def test_the_inbox_counts_and_fills_while_one_looks(person: Callable[..., Page]) -> None:
    cleo, ben = at(person, "cleo", "/inbox/"), at(person, "ben", QUIET)
    expect(cleo.locator("#inbox [data-row]")).to_have_count(0)
    ben.locator("#reply").fill("@cleo may know this.")
    ben.locator("#reply").press("Control+Enter")
    row = cleo.locator("#inbox [data-row]")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Ben Okafor")
    expect(cleo.locator(".topbar [data-inbox-count]")).to_have_text("1")
    cleo.keyboard.press("j")
    expect(row).to_be_focused()
    cleo.keyboard.press("e")
    expect(cleo.locator(".topbar [data-inbox-count]")).to_be_empty()


def test_a_thread_by_keyboard_alone(person: Callable[..., Page]) -> None:
    ada, ben = at(person, "ada", SPACE), at(person, "ben", QUIET)
    for _ in range(3):
        ada.keyboard.press("j")
    ada.keyboard.press("k")
    chosen = ada.locator("[data-row].is-here")
    expect(chosen).to_be_focused()
    ada.goto(QUIET)
    expect(ada.locator("#post-2 [data-tool=vote]")).to_be_visible()
    ada.keyboard.press("j")
    expect(ada.locator("#post-1")).to_be_focused()
    ada.keyboard.press("j")
    expect(ada.locator("#post-2")).to_be_focused()
    ada.keyboard.press("v")
    expect(ben.locator("#post-2 .post-votes")).to_have_attribute("data-votes", "1")
    ada.keyboard.press("r")
    expect(ada.locator("#reply")).to_be_focused()
    expect(ada.locator("#reply")).to_have_value("@ben ")
    ada.keyboard.type("jkv? all typed")
    ada.keyboard.press("Control+Enter")
    expect(ben.locator("#posts article").last).to_contain_text("jkv? all typed")

    ada.locator("h1").click()
    ada.keyboard.press("?")
    expect(ada.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    ada.keyboard.press("Escape")
    ada.keyboard.press("/")
    expect(ada.locator("#search")).to_be_focused()
    ada.keyboard.press("Escape")
    ada.keyboard.press("g")
    ada.keyboard.press("i")
    ada.wait_for_url("**/inbox/")
    expect(ada.locator("#live-state")).to_have_attribute("data-state", "live")
    ada.keyboard.press("g")
    ada.keyboard.press("h")
    ada.wait_for_url(lambda url: urlsplit(url).path == "/")
    expect(ada.locator("#live-state")).to_have_attribute("data-state", "live")


def test_the_list_opens_the_chosen_row(person: Callable[..., Page]) -> None:
    ada = at(person, "ada", SPACE)
    ada.keyboard.press("j")
    title = ada.locator("[data-row].is-here .trow-title").inner_text()
    ada.keyboard.press("Enter")
    expect(ada.locator("h1")).to_have_text(title)


def test_what_is_typed_before_the_quick_jump_is_there_is_not_lost(person: Callable[..., Page]) -> None:
    ada = at(person, "ada", QUIET)
    held, first = list[Route](), re.compile(r"/jump/\?dialog=1&q=$")
    ada.route(first, lambda route: held.append(route))  # noqa: PLW0108  (Playwright asks how many arguments it takes)
    with ada.expect_request(first):
        ada.keyboard.press("Control+k")
    ada.keyboard.type("printer que")
    held[0].continue_()
    field = ada.get_by_role("combobox")
    expect(field).to_be_focused()
    expect(field).to_have_value("printer que")
    expect(ada.locator("dialog.jump [aria-selected=true]")).to_contain_text("Printer queue stuck after paper jam")
    expect(ada.locator("#search")).to_have_value("")


def test_without_the_quick_jump_what_was_typed_stands_in_the_search_field(person: Callable[..., Page]) -> None:
    ada = at(person, "ada", QUIET)
    held, first = list[Route](), re.compile(r"/jump/\?dialog=1&q=$")
    ada.route(first, lambda route: held.append(route))  # noqa: PLW0108  (Playwright asks how many arguments it takes)
    with ada.expect_request(first):
        ada.keyboard.press("Control+k")
    ada.keyboard.type("printer")
    with ada.expect_event("requestfailed"):
        held[0].abort()
    ada.keyboard.type(" queue")
    expect(ada.locator("#search")).to_have_value("printer queue")


def test_quick_jump_by_keyboard_alone(person: Callable[..., Page]) -> None:
    ada = at(person, "ada", QUIET)
    ada.keyboard.press("j")
    expect(ada.locator("#post-1")).to_be_focused()
    ada.keyboard.press("Control+k")
    field, chosen = ada.get_by_role("combobox"), ada.locator("dialog.jump [aria-selected=true]")
    expect(field).to_be_focused()
    expect(ada.locator("dialog.jump")).to_contain_text("Go to")
    assert accessibility_problems(ada) == []
    ada.keyboard.press("Escape")
    expect(ada.locator("dialog.jump")).to_have_count(0)
    expect(ada.locator("#post-1")).to_be_focused()

    ada.keyboard.press("Control+k")
    expect(field).to_be_focused()
    ada.keyboard.type("printer que")
    expect(chosen).to_contain_text("Printer queue stuck after paper jam")
    expect(field).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "none")
    ada.keyboard.press("ArrowUp")
    expect(chosen).to_contain_text("Search everything for “printer que”")
    assert accessibility_problems(ada) == []
    with ada.context.expect_page() as tab:
        ada.keyboard.press("Control+Enter")
    expect(tab.value).to_have_url(re.compile(r"/search/\?q=printer%20que"))
    ada.keyboard.press("ArrowDown")
    ada.keyboard.press("Enter")
    ada.wait_for_url("**/threads/3/")

    ada.context.set_offline(True)
    ada.keyboard.press("Control+k")
    expect(ada.locator("#search")).to_be_focused()


def test_thanks_arrive_on_ones_own_page_and_in_the_inbox(person: Callable[..., Page]) -> None:
    ada, finn = at(person, "ada", "/people/finn/"), at(person, "finn", "/people/finn/")
    ada.get_by_role("link", name="Say thanks").click()
    ada.locator("[name=reason]").fill("For staying until the queue was empty.")
    ada.get_by_role("button", name="Say thanks").click()
    expect(ada.locator("#thanks q")).to_have_text("For staying until the queue was empty.")
    expect(finn.locator("#thanks q")).to_have_text("For staying until the queue was empty.")
    expect(finn.locator(".topbar [data-inbox-count]")).to_have_text("1")
    ada.get_by_role("button", name="Take back").click()
    expect(ada.locator("#thanks q")).to_have_count(0)
    expect(finn.locator("#thanks q")).to_have_count(0)
    expect(finn.locator(".topbar [data-inbox-count]")).to_be_empty()
