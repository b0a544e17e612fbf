"""The tab's one connection: it lives behind proxies, says how it stands, and moves nothing under the reader's hands."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocket, WebSocketRoute, expect

from tests.browser.proxies import cutting_idle
from tests.browsing import accessibility_problems, sign_in
from tests.live import LiveSite, run_python

pytestmark = pytest.mark.site(seed="tests.browser.seeds:seed")

QUIET, LONG, ANSWERED = "/threads/1/", "/threads/2/", "/threads/3/"
# Long waits pass thirty times as fast: the heartbeat of 25 seconds comes after less than one.
HASTE = """{
    const real = window.setTimeout;
    window.setTimeout = (run, ms, ...more) => real(run, ms > 5_000 ? ms / 30 : ms, ...more);
}"""
MOVE = """
import django; django.setup()
from community.models import Space
from threads.models import Thread
Thread.objects.filter(pk=3).update(space=Space.objects.get(slug="{space}"))
"""
SELECT = """(node, text) => {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    let found;
    while ((found = walker.nextNode()) && !found.data.includes(text));
    const at = found.data.indexOf(text);
    getSelection().setBaseAndExtent(found, at, found, at + text.length);
}"""


def is_live(page: Page) -> None:
    """Waits until the page says so."""
    expect(page.locator("#live-state")).to_have_attribute("data-state", "live")


def room(person: Callable[..., Page], handle: str, path: str) -> Page:
    """The thread, open and live."""
    page = person(handle)
    page.goto(path)
    is_live(page)
    return page


def reply(page: Page, text: str) -> None:
    """Writes a reply and sends it."""
    page.locator("#reply").fill(text)
    page.locator("#composer button.primary").click()
    expect(page.locator("#posts article", has_text=text)).to_have_count(1)


def edit(page: Page, number: int, text: str) -> None:
    """Edits a post, and returns to the thread."""
    page.locator(f"#post-{number} [data-tool=edit]").click()
    page.locator("textarea[name=body]").fill(text)
    page.locator("main form button.primary").click()
    is_live(page)


def listening(page: Page) -> tuple[list[str], list[str]]:
    """The connections that the page opens from now on, and the frames that it sends."""
    opened: list[str] = []
    sent: list[str] = []

    def listen(socket: WebSocket) -> None:
        opened.append(socket.url)
        socket.on("framesent", lambda data: sent.append(str(data)))

    page.on("websocket", listen)
    return opened, sent


def closing(page: Page, code: int) -> None:
    """Has the page's next connections closed with that code as soon as they are there."""

    def close(socket: WebSocketRoute) -> None:
        socket.close(code=code, reason="")

    page.route_web_socket("**/ws/", close)


def test_one_connection_serves_all_streams_of_a_tab(person: Callable[..., Page]) -> None:
    ada = person("ada")
    is_live(ada)
    opened, sent = listening(ada)
    ada.goto(QUIET)
    is_live(ada)
    expect(ada.locator("#present .avatar")).to_have_count(1)
    assert len(opened) == 1
    assert {name for name in ("member:me", "thread:1", "space:") if any(name in text for text in sent)} == {
        "member:me",
        "thread:1",
        "space:",
    }


def test_proxies_that_cut_idle_connections_do_not_cut_this_one(
    browser_context: Callable[..., BrowserContext], live_site: LiveSite, person: Callable[..., Page]
) -> None:
    with cutting_idle(live_site.port, patience=2.5) as proxy:
        context = browser_context(base_url=f"http://127.0.0.1:{proxy.port}")
        context.add_init_script(HASTE)
        ada = context.new_page()
        sign_in(ada, "ada")
        ada.goto(ANSWERED)
        is_live(ada)
        ben = room(person, "ben", ANSWERED)
        expect(ada.locator("#present .avatar")).to_have_count(2)
        for _beat in range(8):
            assert proxy.passed.acquire(timeout=2.5)
        assert proxy.cut == 0
        reply(ben, "Through the proxy")
        expect(ada.locator("#posts article", has_text="Through the proxy")).to_have_count(1)


@pytest.mark.parametrize(
    ("code", "state", "words"),
    [
        (1009, "stopped", "Load it again"),
        (4400, "stopped", "Load it again"),
        (4403, "stopped", "tell your administrator"),
        (4404, "stopped", "Load it again"),
        (4409, "reconnecting", "Close some"),
    ],
)
def test_who_is_sent_away_is_told_what_to_do(person: Callable[..., Page], code: int, state: str, words: str) -> None:
    ada = person("ada")
    closing(ada, code)
    ada.goto(QUIET)
    expect(ada.locator("#toasts")).to_contain_text(words)
    expect(ada.locator("#live-state")).to_have_attribute("data-state", state)


def test_signed_in_again_in_another_tab_the_page_goes_on_by_itself(person: Callable[..., Page]) -> None:
    ada, ben = room(person, "ada", QUIET), room(person, "ben", QUIET)
    ada.locator("#reply").fill("Half a sentence")
    other = ada.context.new_page()
    other.goto("/accounts/logout/")
    other.locator("main form button").first.click()
    expect(ada.locator("#live-state")).to_have_attribute("data-state", "signed-out")
    expect(ada.locator("#toasts")).to_contain_text("Sign in again")
    ada.locator("#composer button.primary").click()
    expect(ada.locator("#waiting")).to_contain_text("Half a sentence")
    sign_in(other, "ada")
    ada.evaluate("dispatchEvent(new Event('online'))")
    is_live(ada)
    expect(ada.locator("#toasts")).not_to_contain_text("Sign in again")
    expect(ada.locator("#waiting article")).to_have_count(0)
    expect(ben.locator("#posts article", has_text="Half a sentence")).to_have_count(1)


def test_what_one_member_wrote_is_not_sent_as_somebody_else(person: Callable[..., Page]) -> None:
    ada, ben = room(person, "ada", ANSWERED), room(person, "ben", ANSWERED)
    other = ada.context.new_page()
    other.goto("/accounts/logout/")
    other.locator("main form button").first.click()
    expect(ada.locator("#live-state")).to_have_attribute("data-state", "signed-out")
    sign_in(other, "zoe")
    ada.locator("#reply").fill("In Ada's name only")
    ada.locator("#composer button.primary").click()
    expect(ada.locator("#waiting")).to_contain_text("In Ada's name only")
    other.goto(ANSWERED)
    is_live(other)
    reply(other, "Zoe's own words")
    expect(ben.locator("#posts article", has_text="Zoe's own words")).to_have_count(1)
    expect(ben.locator("#posts article", has_text="In Ada's name only")).to_have_count(0)
    expect(ada.locator("#waiting")).to_contain_text("In Ada's name only")


def test_edits_and_deletions_leave_selection_focus_and_what_is_written_alone(person: Callable[..., Page]) -> None:
    ada, ben = room(person, "ada", LONG + "?from=last"), room(person, "ben", LONG + "?from=last")
    ada.locator("#reply").fill("Half a sentence")
    ada.locator("#post-59 .prose").evaluate(SELECT, "another run")
    before = ada.locator("#post-58").bounding_box()
    edit(ben, 59, "Reply 59, corrected: another run, another two hours.")
    expect(ada.locator("#post-59")).to_contain_text("corrected")
    assert ada.evaluate("getSelection().toString()") == "another run"
    assert ada.locator("#post-58").bounding_box() == before
    ada.locator("#post-57 [data-tool=vote]").focus()
    edit(ben, 57, "Reply 57, corrected too.")
    expect(ada.locator("#post-57")).to_contain_text("corrected")
    expect(ada.locator("#post-57 [data-tool=vote]")).to_be_focused()
    ada.locator("#reply").focus()
    ada.locator("#reply").evaluate("area => area.setSelectionRange(2, 5)")
    ben.goto(LONG + "?from=last")
    is_live(ben)
    ben.locator("#post-59 [data-tool=delete]").click()
    expect(ada.locator("#post-59")).to_have_class("post is-deleted")
    expect(ada.locator("#reply")).to_be_focused()
    state = "area => [area.value, area.selectionStart, area.selectionEnd]"
    assert ada.locator("#reply").evaluate(state) == ["Half a sentence", 2, 5]


def test_who_chooses_so_is_counted_without_a_name(person: Callable[..., Page]) -> None:
    ada, ben = room(person, "ada", QUIET), room(person, "ben", QUIET)
    ada.get_by_role("tab", name="Swarm").click()
    expect(ada.locator("#present-list .member")).to_have_count(2)
    settings = ben.context.new_page()
    settings.goto("/people/me/edit/")
    settings.get_by_label("Count me without my name").check()
    settings.locator("main form button.primary").click()
    expect(ada.locator("#present-list")).to_contain_text("1 without a name")
    expect(ada.locator("#present-list")).not_to_contain_text("Ben")
    expect(ada.locator("#present")).to_contain_text("2 here now")
    assert accessibility_problems(ada) == []
    ben.locator("#reply").press_sequentially("Unseen")
    settings.goto("/people/me/edit/")
    expect(settings.get_by_label("Count me without my name")).to_be_checked()
    settings.get_by_label("Count me without my name").uncheck()
    settings.locator("main form button.primary").click()
    expect(ada.locator("#present-list")).to_contain_text("Ben")
    expect(ada.locator("#typing")).to_be_empty()


def test_a_space_in_the_rail_gets_its_dot_once_and_is_then_left_alone(person: Callable[..., Page]) -> None:
    ada, ben = person("ada"), room(person, "ben", QUIET)
    is_live(ada)
    _opened, sent = listening(ada)
    ada.goto("/")
    is_live(ada)
    dot = ada.locator(".rail [data-space=lobby] [data-unread]")
    expect(dot).to_be_hidden()
    reply(ben, "News in the lobby")
    expect(dot).to_be_visible()
    assert any("unsubscribe" in text and "space:lobby" in text for text in sent)


def test_who_may_see_a_thread_no_more_is_told_so(person: Callable[..., Page], live_site: LiveSite) -> None:
    ada, zoe = room(person, "ada", ANSWERED), room(person, "zoe", ANSWERED)
    run_python(live_site.environment, "-c", MOVE.format(space="workshop"))
    expect(zoe.locator("h1")).to_contain_text("nothing here that you may see")
    expect(ada.locator("#present")).to_contain_text("1 here now")
    expect(ada.locator("#posts article")).not_to_have_count(0)
    run_python(live_site.environment, "-c", MOVE.format(space="lobby"))
