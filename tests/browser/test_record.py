"""A record that several write at once: names, cursors, cuts, reloads, and the end of the right to write."""

import re
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.recording import (
    HUMMING,
    JOINED,
    KEPT,
    PASTE,
    PHONE,
    STORED,
    WATCHED,
    act,
    between,
    enter,
    field,
    is_open,
    let_in,
    opened,
    reads,
    stands,
    text,
    write,
)
from tests.browsing import accessibility_problems
from tests.live import LiveSite

pytestmark = pytest.mark.site(seed="tests.browser.seeds:records")


def test_two_type_in_one_field_at_once_and_a_third_lets_an_expert_in_who_joins_them(
    person: Callable[..., Page],
) -> None:
    ada, ben = opened(person, "ada", JOINED), opened(person, "ben", JOINED)
    stands(ada, "saved")
    write(ada, "problem", "The gate drops.")
    reads(ben, "problem", "The gate drops.")
    field(ben, "problem").focus()
    ben.keyboard.press("Control+Home")
    for first, second in zip(" Every hour, at nine", "Since Sunday, always:", strict=False):
        ada.keyboard.type(first)
        ben.keyboard.type(second)
    expected = "Since Sunday, alwaysThe gate drops. Every hour, at nine"
    reads(ada, "problem", expected)
    reads(ben, "problem", expected)
    expect(ada.locator("[data-field=problem] [data-here]")).to_contain_text("Ben Okafor")
    caret = ada.locator("[data-field=problem] .who")
    expect(caret).to_have_attribute("data-name", "Ben Okafor")
    expect(caret).to_have_class(re.compile(r"\bwho-2\b"))

    olga = person("olga")
    olga.goto(f"/threads/{JOINED}/guests/")
    olga.locator("[name=member]").fill("finn")
    olga.locator("main form button.primary").click()
    expect(olga.locator("main")).to_contain_text("Finn Byrne of Corax will see")
    olga.locator("main form button.primary").click()
    olga.wait_for_url(f"**/threads/{JOINED}/")
    finn = opened(person, "finn", JOINED)
    expect(finn.locator("[data-record-people]")).to_contain_text("Ada Lindqvist")
    expect(ada.locator("[data-record-people]")).to_contain_text("Finn Byrne")
    expect(ada.locator("[data-record-said]")).to_contain_text("Finn Byrne")
    write(finn, "cause", "The clock is slow.")
    for page in (ada, ben):
        reads(page, "cause", "The clock is slow.")
        expect(page.locator("[data-field=cause] [data-here]")).to_contain_text("Finn Byrne")
    stands(finn, "saved")

    finn.locator("[data-record-done]").click()
    expect(finn.locator("#record-page")).to_contain_text("The clock is slow.")
    expect(ada.locator("[data-record-people]")).not_to_contain_text("Finn Byrne")


def test_without_network_both_write_on_and_it_merges(person: Callable[..., Page]) -> None:
    ada, ben = opened(person, "ada", 2), opened(person, "ben", 2)
    write(ada, "cause", "Known:")
    reads(ben, "cause", "Known:")
    ada.context.set_offline(True)
    write(ada, "cause", " dust,")
    write(ada, "resolution", "Clean it.")
    stands(ada, "not-saved")
    expect(ada.locator("[data-record-people]")).to_be_empty()
    write(ben, "cause", " rain")
    stands(ben, "saved")
    ada.locator("[data-record-done]").click()
    expect(ada.locator("[data-record-notice]")).to_contain_text("Not everything is saved yet")
    ada.context.set_offline(False)
    reads(ben, "resolution", "Clean it.")
    stands(ada, "saved")
    expect(field(ada, "cause")).to_contain_text("rain")
    reads(ben, "cause", text(ada, "cause"))
    assert text(ada, "cause") in ("Known: dust, rain", "Known: rain dust,")
    assert ada.evaluate(KEPT) == 0


def test_saved_is_not_said_before_the_server_said_so(person: Callable[..., Page]) -> None:
    ada = person("ada")
    between(ada, lambda said: not said.startswith(STORED))
    ada.goto("/threads/4/")
    enter(ada)
    stands(ada, "saved")
    write(ada, "problem", "On its way")
    stands(ada, "slow")
    expect(ada.locator("[data-record-state]")).to_have_attribute("data-saved", "saving")


def test_a_server_that_is_killed_loses_nothing(person: Callable[..., Page], live_site: LiveSite) -> None:
    ada, ben = opened(person, "ada", 4), opened(person, "ben", 4)
    write(ada, "environment", "Gate 7")
    stands(ada, "saved")
    live_site.stop(signal.SIGKILL)
    write(ada, "environment", ", firmware 4.2")
    stands(ada, "not-saved")
    live_site.start()
    reads(ben, "environment", "Gate 7, firmware 4.2")
    stands(ada, "saved")
    ben.reload()
    is_open(ben)
    reads(ben, "environment", "Gate 7, firmware 4.2")


def test_whoever_may_not_write_sees_it_live_and_cannot_type(person: Callable[..., Page], live_site: LiveSite) -> None:
    ada = opened(person, "ada", WATCHED)
    let_in(live_site, WATCHED, "finn", reads_only=True)
    finn = person("finn")
    finn.goto(f"/threads/{WATCHED}/")
    expect(finn.locator("[data-record-open]")).to_contain_text("Watch")
    enter(finn)
    stands(finn, "watching")
    write(ada, "problem", "Live")
    reads(finn, "problem", "Live")
    expect(field(finn, "problem")).to_have_attribute("aria-readonly", "true")
    expect(finn.locator("[data-field=problem] .who")).to_have_attribute("data-name", "Ada Lindqvist")
    write(finn, "problem", "No")
    field(finn, "problem").evaluate(PASTE, "No")
    expect(ada.locator("[data-record-people]")).to_be_empty()
    write(ada, "problem", "er")
    reads(finn, "problem", "Liveer")
    reads(ada, "problem", "Liveer")
    act(live_site, WATCHED, "change_thread(by=people['mo'], thread=thread, edits={'status': 'closed'})")
    expect(finn.locator(".record-room")).to_have_count(0)
    expect(finn.locator("#record-page")).to_contain_text("Liveer")
    expect(ada.locator(".record-room")).to_have_count(0)


def test_a_helper_who_is_removed_may_go_on_reading(person: Callable[..., Page], live_site: LiveSite) -> None:
    act(live_site, 5, "take(by=people['ada'], thread=thread)", "join(by=people['zoe'], thread=thread)")
    ada, zoe = opened(person, "ada", 5), opened(person, "zoe", 5)
    write(zoe, "cause", "Sand")
    stands(zoe, "saved")
    act(live_site, 5, "remove_helper(by=people['ada'], thread=thread, member=people['zoe'])")
    expect(zoe.locator(".record-room")).to_have_count(0)
    expect(zoe.locator("[data-record-notice]")).to_contain_text("not written by you")
    expect(zoe.locator("#record-page")).to_contain_text("Sand")
    expect(zoe.locator("[data-record-open]")).to_contain_text("Watch")
    enter(zoe)
    write(ada, "cause", " and salt")
    reads(zoe, "cause", "Sand and salt")
    expect(field(zoe, "cause")).to_have_attribute("aria-readonly", "true")


def test_a_thread_that_is_closed_closes_its_editors(person: Callable[..., Page], live_site: LiveSite) -> None:
    ada = opened(person, "ada", 6)
    write(ada, "problem", "Until now")
    stands(ada, "saved")
    assert (ada.evaluate(KEPT), ada.locator("[data-unsaved]").count()) == (0, 0)
    act(live_site, 6, "change_thread(by=people['mo'], thread=thread, edits={'status': 'closed'})")
    expect(ada.locator(".record-room")).to_have_count(0)
    expect(ada.locator("[data-record-notice]")).to_contain_text("not written by you")
    expect(ada.locator("#record-page")).to_contain_text("Until now")
    expect(ada.locator("[data-record-open]")).to_have_count(0)


def test_a_form_that_is_saved_meanwhile_leaves_whoever_writes_where_they_are(person: Callable[..., Page]) -> None:
    ada, ben = opened(person, "ada", 7), person("ben")
    write(ada, "problem", "First line\nsecond")
    stands(ada, "saved")
    ben.goto("/threads/7/record/")
    ben.locator("textarea[name=problem]").fill("The first line\nsecond")
    ben.locator("main form .form-foot button").click()
    expect(field(ada, "problem")).to_contain_text("The first line")
    ada.keyboard.type(" line")
    reads(ada, "problem", "The first linesecond line")
    stands(ada, "saved")
    ben.goto("/threads/7/record/")
    enter(ben)
    reads(ben, "problem", "The first linesecond line")
    ben.locator("[data-record-done]").click()
    ben.wait_for_url("**/threads/7/")


def test_with_the_keyboard_alone_on_a_phone_in_the_dark(person: Callable[..., Page]) -> None:
    ada = opened(person, "ada", 8, viewport=ViewportSize(width=1440, height=900))
    ben = person("ben", viewport=PHONE, color_scheme="dark")
    ben.goto("/threads/8/")
    ben.locator("[data-sheet]").press("Enter")
    expect(ben.locator("[data-record-open]")).to_be_visible()
    ben.locator("[data-record-open]").press("Enter")
    is_open(ben)
    ben.keyboard.type("Problem by keyboard")
    for _field in ("environment", "cause"):
        ben.keyboard.press("Tab")
    ben.keyboard.type("Cause by keyboard")
    reads(ada, "cause", "Cause by keyboard")
    ada.locator("[data-field=cause] .cm-content").focus()
    ada.keyboard.press("Control+a")
    expect(ben.locator("[data-field=cause] .who-marked")).to_be_visible()
    for page in (ada, ben):
        assert accessibility_problems(page) == []
    ben.keyboard.press("Control+z")
    reads(ada, "problem", "Problem by keyboard")
    expect(field(ada, "cause").locator(".cm-placeholder")).to_be_visible()
    assert ben.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    for _stop in ("resolution", "done"):
        ben.keyboard.press("Tab")
    ben.keyboard.press("Enter")
    expect(ben.locator("#record-page")).to_contain_text("Problem by keyboard")
    expect(ben.locator("[data-record-open]")).to_be_focused()


def test_what_is_pasted_loses_what_nobody_sees_and_a_full_field_says_so(person: Callable[..., Page]) -> None:
    ada, ben = opened(person, "ada", 8), opened(person, "ben", 8)
    field(ada, "environment").evaluate(PASTE, "one\r\ntwo\x1b[31m\x00end")
    reads(ben, "environment", "onetwo[31mend")
    field(ada, "resolution").evaluate(PASTE, "x" * 20_001)
    expect(ada.locator("[data-record-notice]")).to_contain_text("full")
    expect(field(ada, "resolution").locator(".cm-placeholder")).to_be_visible()


def test_who_could_help_is_found_out_again_while_the_record_is_written(person: Callable[..., Page]) -> None:
    ada = opened(person, "ada", HUMMING)
    with ada.expect_response(lambda answer: "/matches/" in answer.url):
        ada.get_by_role("tab", name="Swarm").click()
    ada.get_by_role("tab", name="Record").click()
    with ada.expect_response(lambda answer: "/matches/" in answer.url) as again:
        write(ada, "problem", " It began with the new certificate.")
    assert again.value.ok
