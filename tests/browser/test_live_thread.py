"""A thread is a live room: what one person does, the other sees, in place and without a jump."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.processes import until

pytestmark = pytest.mark.site(seed="tests.browser.seeds:seed")

QUIET, LONG = "/threads/1/", "/threads/2/"
# The page as a reader finds it: posts, lines and marks in order, without what only this tab knows.
SHOWN = """() => {
    const clean = (node) => {
        const copy = node.cloneNode(true);
        for (const time of copy.querySelectorAll("time")) time.remove();
        return copy.textContent.replace(/\\s+/g, " ").trim();
    };
    const rows = [...document.querySelectorAll("#problem > *, #posts > *")].map((node) => [
        node.id, node.className.replace(/ is-(new|here)/g, ""), node.dataset.version ?? "", clean(node)]);
    return [rows, ...["thread-head", "solution", "panel-record"].map((id) => {
        const copy = document.getElementById(id).cloneNode(true);
        copy.querySelector("#present")?.remove();
        return clean(copy);
    })];
}"""


def room(person: Callable[..., Page], handle: str, path: str) -> Page:
    """The thread, open and live."""
    page = person(handle)
    page.goto(path)
    expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
    return page


def reply(page: Page, text: str) -> None:
    """Writes a reply and sends it from the keyboard."""
    page.locator("#reply").fill(text)
    page.locator("#reply").press("Control+Enter")


def shown(page: Page) -> Any:
    """What a reader finds."""
    return page.evaluate(SHOWN)


def test_a_page_that_comes_late_takes_back_nothing(person: Callable[..., Page]) -> None:
    ada, ben = room(person, "ada", QUIET), room(person, "ben", QUIET)
    late = list[Route]()
    ben.route(f"**{QUIET}", lambda route: route.continue_() if late else late.append(route))
    ada.get_by_role("button", name="Take this thread").click()
    until(lambda: ben.evaluate("true") and late)
    read_before = late[0].fetch()
    ada.locator("#post-2 [data-tool=vote]").click()
    votes = ben.locator("#post-2 .post-votes")
    expect(votes).to_have_attribute("data-votes", "1")
    ada.locator("#post-1 [data-tool=edit]").click()
    ada.locator("textarea[name=body]").fill("It answers 554 to *everybody*.")
    ada.locator("main form button.primary").click()
    expect(ben.locator("#post-1 em")).to_have_text("everybody")

    late[0].fulfill(response=read_before)

    expect(ben.locator("#thread-head")).not_to_contain_text("nobody yet")
    assert votes.get_attribute("data-votes") == "1"
    assert ben.locator("#post-1 em").all_inner_texts() == ["everybody"]


def test_what_one_does_the_other_sees_and_it_equals_a_fresh_page(person: Callable[..., Page]) -> None:
    ada, ben = room(person, "ada", QUIET), room(person, "ben", QUIET)
    expect(ada.locator("#present .avatar")).to_have_count(2)

    ben.locator("#reply").press_sequentially("It was the relay list.")
    expect(ada.locator("#typing")).to_contain_text("Ben Okafor")
    ben.locator("#composer button.primary").click()
    posted = ada.locator("#posts article", has_text="It was the relay list.")
    expect(posted).to_have_count(1)
    expect(ben.locator("#posts article", has_text="It was the relay list.")).to_have_count(1)
    expect(ben.locator("#waiting article")).to_have_count(0)
    expect(ada.locator("#typing")).to_be_empty()

    posted.locator("[data-tool=vote]").click()
    expect(ben.locator("#post-3 .post-votes")).to_have_attribute("data-votes", "1")
    expect(ada.locator("#post-3 [data-tool=vote]")).to_have_attribute("aria-pressed", "true")

    ben.locator("#post-2 [data-tool=note]").click()
    reply(ben, "Ask the provider, too.")
    expect(ada.locator("#post-2 + article.note")).to_contain_text("Ask the provider")

    ben.locator("#post-2 [data-tool=edit]").click()
    ben.locator("textarea[name=body]").fill("Which version do you run *now*?")
    ben.locator("main form button.primary").click()
    expect(ada.locator("#post-2 em")).to_have_text("now")
    expect(ada.locator("#post-2 [data-tool=vote]")).to_be_visible()

    ben.locator("#post-4 [data-tool=delete]").click()
    expect(ada.locator("#post-4")).to_have_class("post note is-deleted")
    ben.locator("#toasts .link-button").click()
    expect(ada.locator("#post-4")).to_contain_text("Ask the provider")

    ada.locator("#post-3 [data-tool=resolve]").click()
    ada.locator("main form button.primary").click()
    expect(ben.locator("#post-3")).to_have_class("post is-solution")
    expect(ben.locator("#thread-head [data-status]")).to_have_attribute("data-status", "resolved")
    expect(ben.locator("#solution")).to_contain_text("It was the relay list.")
    expect(ben.locator("#posts .event").last).to_contain_text("resolved")

    fresh = ben.context.new_page()
    fresh.goto(QUIET)
    expect(fresh.locator("#live-state")).to_have_attribute("data-state", "live")
    assert shown(ben) == shown(fresh)


def test_replies_below_the_fold_become_a_button_and_nothing_jumps(person: Callable[..., Page]) -> None:
    ada, ben = room(person, "ada", f"{LONG}?from=last"), room(person, "ben", f"{LONG}?from=last")
    ada.evaluate("scrollTo(0, 0)")
    before = ada.locator("#posts article").first.bounding_box()
    for number in range(3):
        reply(ben, f"News {number}")
        expect(ben.locator("#posts article").last).to_contain_text(f"News {number}")
    expect(ada.locator("#new-posts")).to_have_text("3 new replies")
    expect(ada.locator("[role=status]", has_text="3 new replies")).to_have_count(1)
    assert ada.locator("#posts article").first.bounding_box() == before
    expect(ada.locator("#pager-below .where")).to_have_text("Posts 32 to 64 of 64")
    ada.locator("#new-posts").click()
    expect(ada.locator("#posts article", has_text="News 0")).to_be_focused()
    expect(ada.locator("#new-posts")).to_be_hidden()


def test_from_the_middle_of_a_thread_news_are_counted_and_lead_to_the_end(person: Callable[..., Page]) -> None:
    ada, ben = room(person, "ada", LONG), room(person, "ben", f"{LONG}?from=last")
    shown_before = ada.locator("#posts article").count()
    reply(ben, "At the very end")
    expect(ada.locator("#new-posts")).to_have_text("1 new reply")
    assert ada.locator("#posts article").count() == shown_before
    reply(ada, "From the beginning")
    expect(ada.locator("#toasts")).to_contain_text("Your reply is posted")
    expect(ada.locator("#waiting article")).to_have_count(0)
    ada.locator("#new-posts").click()
    expect(ada.locator("#posts article", has_text="At the very end")).to_be_visible()
    expect(ada.locator("#posts article", has_text="From the beginning")).to_be_visible()
