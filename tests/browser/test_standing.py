"""Standing, badges and thanks on an open page, as they happen: one votes, the other sees it without loading again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_around import QUIET, at

pytestmark = pytest.mark.site(seed="tests.browser.seeds:seed")


def test_standing_and_one_notice_arrive_while_one_looks(person: Callable[..., Page]) -> None:
    ben, zoe, cleo = at(person, "ben", "/people/ben/"), at(person, "zoe", QUIET), at(person, "cleo", QUIET)
    before = int(ben.locator("#standing-sum").inner_text())
    unread = ben.locator(".topbar [data-inbox-count]")
    at_first = int(unread.inner_text() or 0)
    zoe.locator("#post-2 [data-tool=vote]").click()
    expect(ben.locator("#standing-sum")).to_have_text(str(before + 10))
    expect(ben.locator("#standing-said")).to_have_text("+10 since you opened this page")
    expect(ben.locator("#standing-rows tbody tr").first).to_contain_text("A post helped somebody")
    expect(unread).to_have_text(str(at_first + 1))
    cleo.locator("#post-2 [data-tool=vote]").click()
    expect(ben.locator("#standing-said")).to_have_text("+20 since you opened this page")
    expect(unread).to_have_text(str(at_first + 1))
    expect(ben.locator(".toast")).to_have_count(0)

    ben.goto("/inbox/")
    expect(ben.locator("#live-state")).to_have_attribute("data-state", "live")
    row = ben.locator("#inbox [data-subject^='standing:']")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("+20 standing: helped 2 times")
    cleo.locator("#post-2 [data-tool=vote]").click()
    expect(row).to_contain_text("+10 standing: helped 1 time")


def test_a_badge_appears_on_the_open_page_and_goes_again(person: Callable[..., Page]) -> None:
    ben, zoe = at(person, "ben", "/people/ben/"), person("zoe")
    expect(ben.locator("#badges")).to_contain_text("None yet.")
    zoe.goto("/spaces/lobby/ask/")
    zoe.locator("[name=title]").fill("The scanner hums")
    zoe.locator("[name=body]").fill("All day.")
    zoe.locator("[data-post-button]").click()
    expect(zoe.locator("h1")).to_have_text("The scanner hums")
    other = at(person, "ben", zoe.url)
    other.locator("#reply").fill("Oil it.")
    other.locator("#reply").press("Control+Enter")
    expect(zoe.locator("#posts article").last).to_contain_text("Oil it.")
    zoe.locator("#posts article [data-tool=resolve]").click()
    zoe.locator("main form button.primary").click()
    expect(ben.locator("#badges")).to_contain_text("Good neighbour")
    zoe.goto(other.url.partition("?")[0])
    zoe.locator("summary", has_text="Reopen").click()
    zoe.locator("#reopen-reason").fill("It hums again.")
    zoe.get_by_role("button", name="Reopen the thread").click()
    expect(ben.locator("#badges")).to_contain_text("None yet.")


def test_thanks_begin_at_the_post(person: Callable[..., Page]) -> None:
    ada = at(person, "ada", QUIET)
    ada.locator("#post-2 [data-tool=thank]").click()
    ada.wait_for_url("**/people/ben/thanks/?about=post:*")
    expect(ada.locator("#say")).to_contain_text("About:")
    ada.locator("[name=reason]").fill("For looking after it at night.")
    ada.locator("#say button.primary").click()
    expect(ada.locator("#thanks")).to_contain_text("For looking after it at night.")
