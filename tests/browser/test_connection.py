"""The network goes and comes back: nothing is lost, nothing is there twice, and what waited is sent once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.live import LiveSite, run_python

pytestmark = pytest.mark.site(seed="tests.browser.seeds:seed")

QUIET, LONG, ANSWERED = "/threads/1/", "/threads/2/", "/threads/3/"
PRUNE = """
import django; django.setup()
from community.models import Stream
stream = Stream.objects.get(kind=Stream.Kind.THREAD, subject_id={thread})
stream.events.all().delete()
stream.pruned_to = stream.seq
stream.save()
"""
TEXTS = "nodes => nodes.map((node) => node.querySelector('.prose')?.textContent.trim())"


def room(person: Callable[..., Page], handle: str, path: str) -> Page:
    """The thread, open and live."""
    page = person(handle)
    page.goto(path)
    is_live(page)
    return page


def is_live(page: Page) -> None:
    """Waits until the page says so."""
    expect(page.locator("#live-state")).to_have_attribute("data-state", "live", timeout=20_000)


def reply(page: Page, text: str) -> None:
    """Writes a reply and sends it."""
    page.locator("#reply").fill(text)
    page.locator("#composer button.primary").click()


def texts(page: Page) -> list[str]:
    """What the replies on the page say, in order."""
    found: list[str] = page.locator("#posts article").evaluate_all(TEXTS)
    return found


def test_off_line_and_back_nothing_is_lost_and_nothing_is_there_twice(person: Callable[..., Page]) -> None:
    ada, ben = room(person, "ada", QUIET), room(person, "ben", QUIET)
    ada.context.set_offline(True)
    reply(ada, "Written without a network")
    reply(ada, "And a second one")
    expect(ada.locator("#waiting article")).to_have_count(2)
    expect(ada.locator("#waiting")).to_contain_text("Waits to be sent")
    expect(ada.locator("#live-state")).to_have_attribute("data-state", "offline")
    for number in range(3):
        reply(ben, f"Meanwhile {number}")
        expect(ben.locator("#posts article", has_text=f"Meanwhile {number}")).to_have_count(1)
    ada.context.set_offline(False)
    expect(ben.locator("#posts article", has_text="And a second one")).to_have_count(1)
    expect(ada.locator("#waiting article")).to_have_count(0)
    said = ["Meanwhile 0", "Meanwhile 1", "Meanwhile 2", "Written without a network", "And a second one"]
    expect(ada.locator("#posts article")).to_have_count(6)
    assert texts(ada)[1:] == texts(ben)[1:] == said
    ben.reload()
    assert texts(ben)[1:] == said


def test_what_waits_survives_closing_the_tab_and_is_sent_once(person: Callable[..., Page]) -> None:
    ada, ben = room(person, "ada", ANSWERED), room(person, "ben", ANSWERED)
    ada.route("**/api/v1/threads/*/posts", lambda route: route.abort())
    reply(ada, "Kept for the next visit")
    expect(ada.locator("#waiting")).to_contain_text("Waits to be sent")
    again = ada.context.new_page()
    ada.close()
    again.goto(ANSWERED)
    expect(again.locator("#posts article", has_text="Kept for the next visit")).to_have_count(1)
    expect(again.locator("#waiting article")).to_have_count(0)
    expect(ben.locator("#posts article", has_text="Kept for the next visit")).to_have_count(1)
    again.reload()
    expect(again.locator("#posts article", has_text="Kept for the next visit")).to_have_count(1)


def test_an_answer_that_gets_lost_does_not_post_twice(person: Callable[..., Page]) -> None:
    ada, ben = room(person, "ada", QUIET), room(person, "ben", QUIET)
    sent: list[str] = []

    def lose_first_answer(route: Route) -> None:
        sent.append("once more")
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    ada.route("**/api/v1/threads/*/posts", lose_first_answer)
    ada.route_web_socket("**/ws/", lambda socket: socket.close())
    ada.reload(wait_until="networkidle")
    reply(ada, "Said once")
    expect(ada.locator("#waiting article")).to_have_count(0, timeout=20_000)
    expect(ada.locator("#posts article", has_text="Said once")).to_have_count(1)
    expect(ben.locator("#posts article", has_text="Said once")).to_have_count(1)
    assert len(sent) == 2
    ben.reload()
    expect(ben.locator("#posts article", has_text="Said once")).to_have_count(1)


def test_a_server_that_restarts_is_found_again(person: Callable[..., Page], live_site: LiveSite) -> None:
    ada, ben = room(person, "ada", ANSWERED), room(person, "ben", ANSWERED)
    ada.locator("#reply").fill("half a sen")
    live_site.stop()
    expect(ada.locator("#live-state")).to_have_attribute("data-state", "reconnecting")
    reply(ben, "While it was down")
    expect(ben.locator("#waiting article")).to_have_count(1)
    live_site.start()
    expect(ada.locator("#posts article", has_text="While it was down")).to_have_count(1, timeout=30_000)
    expect(ben.locator("#posts article", has_text="While it was down")).to_have_count(1)
    expect(ben.locator("#waiting article")).to_have_count(0)
    expect(ada.locator("#reply")).to_have_value("half a sen")


def test_when_the_log_reaches_back_no_further_the_list_is_read_anew(
    person: Callable[..., Page], live_site: LiveSite
) -> None:
    ada, ben = room(person, "ada", f"{LONG}?from=last"), room(person, "ben", f"{LONG}?from=last")
    ada.locator("#reply").fill("half a sentence")
    ada.context.set_offline(True)
    expect(ada.locator("#live-state")).to_have_attribute("data-state", "offline")
    reply(ben, "Never seen as an event")
    expect(ben.locator("#posts article").last).to_contain_text("Never seen as an event")
    ben.locator("#posts article").nth(2).locator("[data-tool=vote]").click()
    expect(ben.locator("#posts article").nth(2).locator("[data-tool=vote]")).to_have_attribute("aria-pressed", "true")
    run_python(live_site.environment, "-c", PRUNE.format(thread=2))
    ada.context.set_offline(False)
    is_live(ada)
    expect(ada.locator("#posts article").last).to_contain_text("Never seen as an event")
    expect(ada.locator("#posts article").nth(2).locator(".post-votes")).to_have_attribute("data-votes", "1")
    expect(ada.locator("#reply")).to_have_value("half a sentence")
    reply(ben, "And this one live")
    expect(ada.locator("#posts article").last).to_contain_text("And this one live")


def test_signed_out_in_another_tab_the_page_says_so(person: Callable[..., Page]) -> None:
    ada = room(person, "ada", QUIET)
    other = ada.context.new_page()
    other.goto("/accounts/logout/")
    other.locator("main form button").first.click()
    expect(ada.locator("#toasts")).to_contain_text("Sign in again")
