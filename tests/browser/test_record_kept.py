"""Words of a record that only one browser has: sent later, shown when they cannot be, forgotten when they must be."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.recording import (
    JOINED,
    KEPT,
    STORED,
    WORKSHOP,
    act,
    between,
    enter,
    is_open,
    let_in,
    opened,
    reads,
    show_out,
    stands,
    write,
)
from tests.browsing import accessibility_problems
from tests.live import LiveSite

pytestmark = pytest.mark.site(seed="tests.browser.seeds:records")


def test_what_is_not_saved_is_there_again_after_a_reload_and_goes_out(person: Callable[..., Page]) -> None:
    ada, ben = opened(person, "ada", 3), opened(person, "ben", 3)
    write(ada, "problem", "Saved. ")
    stands(ada, "saved")
    ada.context.set_offline(True)
    write(ada, "problem", "Typed without a network.")
    stands(ada, "not-saved")
    ada.close()
    again = ada.context.new_page()
    ada.context.set_offline(False)
    again.goto("/threads/3/")
    is_open(again)
    expect(again.locator("[data-record-notice]")).to_contain_text("put back")
    reads(again, "problem", "Saved. Typed without a network.")
    reads(ben, "problem", "Saved. Typed without a network.")
    stands(again, "saved")
    assert again.evaluate(KEPT) == 0


def test_whoever_is_removed_has_no_editor_any_more_and_is_shown_what_was_not_saved(
    person: Callable[..., Page], live_site: LiveSite
) -> None:
    ben = opened(person, "ben", WORKSHOP)
    mo = person("mo")
    between(mo, lambda said: not said.startswith(STORED))
    mo.goto(f"/threads/{WORKSHOP}/")
    enter(mo)
    write(mo, "resolution", "Oil the bearing")
    reads(ben, "resolution", "Oil the bearing")
    right = "Grant.objects.get(member=people['mo'], space__slug='workshop')"
    act(live_site, WORKSHOP, f"revoke_role(by=people['nia'], grant={right})")
    rescued = mo.locator("dialog.record-rescue")
    expect(rescued).to_contain_text("You do not see this thread any more")
    expect(rescued.locator("textarea")).to_have_value("Oil the bearing")
    expect(mo.locator(".record-room")).to_have_count(0)
    mo.keyboard.press("Escape")
    expect(rescued).to_be_visible()
    assert accessibility_problems(mo) == []
    rescued.locator("[data-discard]").click()
    expect(mo.locator("h1")).to_contain_text("not")
    expect(ben.locator("[data-record-people]")).to_be_empty()


def kept_of(person: Callable[..., Page], handle: str, number: int, words: str) -> Page:
    """A new tab of who wrote without a network, closed the page, and has the words in this browser only."""
    page = opened(person, handle, number)
    page.context.set_offline(True)
    write(page, "cause", words)
    stands(page, "not-saved")
    page.close()
    again: Page = page.context.new_page()
    again.context.set_offline(False)
    return again


def test_words_kept_for_a_record_that_is_not_to_be_seen_any_more_are_shown_once_and_forgotten(
    person: Callable[..., Page], live_site: LiveSite
) -> None:
    let_in(live_site, JOINED, "finn")
    finn = kept_of(person, "finn", JOINED, "Grit in the valve")

    def remove(route: Route) -> None:
        show_out(live_site, JOINED, "finn")
        route.continue_()

    finn.route("**/records/room/", remove)
    finn.goto(f"/threads/{JOINED}/")
    rescued = finn.locator("dialog.record-rescue")
    expect(rescued).to_contain_text("You do not see this thread any more")
    expect(rescued.locator("textarea")).to_have_value("Grit in the valve")
    rescued.locator("[data-discard]").click()
    expect(rescued).to_have_count(0)
    assert finn.evaluate(KEPT) == 0


def test_words_kept_for_a_thread_that_is_gone_are_forgotten_when_another_is_read(
    person: Callable[..., Page], live_site: LiveSite
) -> None:
    let_in(live_site, JOINED, "finn")
    finn = kept_of(person, "finn", JOINED, "Sand in the valve")
    finn.goto("/")
    assert finn.evaluate(KEPT) == 1
    show_out(live_site, JOINED, "finn")
    finn.goto("/threads/7/")
    finn.wait_for_function(f"() => ({KEPT})() === 0")


def test_who_signs_out_leaves_nothing_in_the_browser(person: Callable[..., Page]) -> None:
    cleo = kept_of(person, "cleo", 8, "Rust in the valve")
    cleo.goto("/accounts/logout/")
    assert cleo.evaluate(KEPT) == 1
    cleo.locator("main form button").click()
    cleo.wait_for_url("**/accounts/login/**")
    cleo.wait_for_function(f"() => ({KEPT})() === 0")
