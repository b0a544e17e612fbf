"""A record that several write at once: names, cursors, cuts, reloads, and the end of the right to write."""

import re
import signal
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, ViewportSize, WebSocketRoute, expect

from tests.browsing import accessibility_problems
from tests.live import LiveSite, run_python

pytestmark = pytest.mark.site(seed="tests.browser.seeds:records")

PHONE = ViewportSize(width=390, height=844)
WORKSHOP, JOINED, WATCHED = 9, 10, 11
KEPT = """() => Object.keys(localStorage).filter((key) => key.startsWith("record:")).length"""
PASTE = """(content, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    content.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
SCRIPT = """
import django; django.setup()
from community.actions.spaces import revoke_role
from community.models import Grant, Member
from threads.actions.changes import change_thread
from threads.actions.guests import end_guest, let_in
from threads.actions.helpers import join, remove_helper
from threads.actions.ownership import take
from threads.models import Thread
from threads.queries.guests import preview_for
people = {{member.handle: member for member in Member.objects.all()}}
thread = Thread.objects.get(pk={number})
"""
STORED = b"\x66"


def opened(person: Callable[..., Page], handle: str, number: int, **options: Any) -> Page:
    """The thread with its record open to be written in."""
    page = person(handle, **options)
    page.goto(f"/threads/{number}/")
    enter(page)
    return page


def enter(page: Page) -> None:
    """Opens the record that is on the page."""
    page.locator("[data-record-open]").click()
    is_open(page)


def is_open(page: Page) -> None:
    """Waits until the fields are there."""
    expect(page.locator(".record-room:not(.is-opening)")).to_be_visible()


def field(page: Page, name: str) -> Locator:
    """Where one writes."""
    return page.locator(f"[data-field={name}] .cm-content")


def reads(page: Page, name: str, expected: str) -> None:
    """Waits until exactly this stands in the field; the ends of lines do not count."""
    expect(field(page, name)).to_have_text(expected)


def text(page: Page, name: str) -> str:
    """What stands there now."""
    return field(page, name).text_content() or ""


def write(page: Page, name: str, words: str) -> None:
    """Types at the end of a field."""
    field(page, name).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def stands(page: Page, standing: str) -> None:
    """Waits until the line above the fields says so."""
    expect(page.locator("[data-record-state]")).to_have_attribute("data-standing", standing)


def between(page: Page, passes: Callable[[bytes], bool]) -> None:
    """From the next connection on, the page gets only what `passes` of what the server says of records."""

    def connect(client: WebSocketRoute) -> None:
        server = client.connect_to_server()
        server.on_message(lambda said: client.send(said) if passes(bytes_of(said)) else None)

    page.route_web_socket("**/ws/records/**", connect)


def bytes_of(said: str | bytes) -> bytes:
    """A message as the wire has it."""
    return said if isinstance(said, bytes) else said.encode()


def act(site: LiveSite, number: int, *calls: str) -> None:
    """Calls actions about a thread, as another process of the site."""
    run_python(site.environment, "-c", "\n".join([SCRIPT.format(number=number), *calls]))


def let_in(site: LiveSite, number: int, handle: str, **options: bool) -> None:
    """Ada lets somebody into the thread whom its audience does not reach."""
    guest = f"thread=thread, member=people['{handle}']"
    shown = f"preview=preview_for(thread, people['{handle}']).digest"
    act(site, number, f"let_in(by=people['ada'], {guest}, {shown}, **{options})")


def show_out(site: LiveSite, number: int, handle: str) -> None:
    """Ada shows a guest out."""
    act(site, number, f"end_guest(by=people['ada'], thread=thread, member=people['{handle}'])")


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
    write(ada, "cause", "Known: ")
    reads(ben, "cause", "Known: ")
    ada.context.set_offline(True)
    write(ada, "cause", "dust, ")
    write(ada, "resolution", "Clean it.")
    stands(ada, "not-saved")
    expect(ada.locator("[data-record-people]")).to_be_empty()
    write(ben, "cause", "rain")
    stands(ben, "saved")
    ada.locator("[data-record-done]").click()
    expect(ada.locator("[data-record-notice]")).to_contain_text("Not everything is saved yet")
    ada.context.set_offline(False)
    reads(ben, "resolution", "Clean it.")
    stands(ada, "saved")
    expect(field(ada, "cause")).to_contain_text("rain")
    reads(ben, "cause", text(ada, "cause"))
    assert text(ada, "cause") in ("Known: dust, rain", "Known: raindust, ")
    assert ada.evaluate(KEPT) == 0


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
