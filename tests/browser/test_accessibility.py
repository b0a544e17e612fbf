"""Every page, with content: WCAG 2.2 AA in light and dark, wide and on a phone; at 320 px no scrolling; no errors."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, ViewportSize

from community.urls import page_urls, public_urls
from tests.browsing import accessibility_problems
from tests.live import SIGN_IN, LiveSite

pytestmark = pytest.mark.site(seed="tests.browser.seeds:demo")

WIDE = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
NARROW = ViewportSize(width=320, height=640)
WITHOUT_A_PAGE = {
    "theme", "inbox-read", "people-suggest", "thread-posts", "thread-following", "thread-owner", "thread-related",
    "thread-reopening", "thread-record-restoration", "post-permalink", "post-deletion", "post-restoration", "post-vote",
    "attachments", "attachment", "preview", "draft", "deflections", "record-room",
    "profile-certificates", "profile-record-withdrawal", "profile-own", "certificate",
    "thread-seen", "meeting-deletion",
    "practice-start", "suggestion-acceptance", "suggestion-rejection", "suggestion-withdrawal",
    "practice-reports", "thanks-taking-back",
    "practice-claim", "practice-publication", "practice-review", "practice-owner", "practice-same", "desk-pair",
    "term-ending", "practices-suggest", "bulletin-receipt", "bulletin-end", "playbook-retirement",
    "playbook-restoration", "playbook-keeper", "run-ending",
    "review-comments", "review-decision", "review-comment-settlement",
    "thread-helpers", "hand-over-answer", "request-answer", "request-information", "request-withdrawal",
    "evaluation-withdrawal", "note-review-look", "pattern-look",
    "thread-tags", "thread-duplicate", "mentoring-offer", "mentoring-answer", "mentoring-ending", "mentoring-helped",
    "public-feed", "public-product-feed", "public-sitemap", "public-sitemap-part", "robots", "network-keys",
}  # fmt: skip
# What is answered otherwise than by 200, and the forms that are sent as they are to see what is said of them.
STATUS = {
    "not found": 404, "refused": 403, "public-practice, gone": 410, "public-practice, missing": 404,
    "public-product, missing": 404, "public-vote, refused": 400, "public-experience, incomplete": 422,
    "invitation, unknown": 404, "practice-restoration, details": 422, "practice-merge, details": 422,
    "verify, nothing given": 422,
}  # fmt: skip
SENT = {
    "public-vote, refused": "form[action$='/vote/']", "public-experience, incomplete": "form.report",
    "verify, nothing given": "form.report",
}  # fmt: skip
# Buttons that are pressed once it is said why, to see what is said of what the text tells; and what has to say it.
PRESSED = {
    "practice-restoration, details": "form[action$='/restoration/'] button",
    "practice-merge, details": ".form-foot .button.primary",
}
TELLING = {"details": "#details-title", "masked": "#masked-title"}
# What is folded on a phone, opened for a second look.
FOLDED = {"thread": "[data-sheet]", "home": "#member-menu > summary", "archive": ".facets-fold > summary"}
# Bars that stay in view cover now this, now that, as the page happens to be scrolled: to axe, targets too small.
UNPIN = """() => {
    for (const bar of document.querySelectorAll(".topbar, .bottombar, .composer")) bar.style.position = "static";
}"""
TOO_WIDE = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const sticksOut = (node) => node.getBoundingClientRect().right > width + 1;
    const first = [...document.querySelectorAll("body *")].filter(sticksOut).slice(0, 3);
    return ["sticks out at 320 px: " + first.map((node) => node.outerHTML.slice(0, 90)).join(" | ")];
}"""


@pytest.fixture(scope="module")
def pages(live_site: LiveSite) -> dict[str, dict[str, str]]:
    """A path for each page, by who looks at it."""
    found: dict[str, dict[str, str]] = json.loads((live_site.data_dir / "pages.json").read_text())
    return found


def test_every_page_is_looked_at(pages: dict[str, dict[str, str]]) -> None:
    """Pages for members and for strangers; "name, what of it" is one more look at the page of that name."""
    looked_at = {name.partition(",")[0] for paths in pages.values() for name in paths}
    known = {str(pattern.name) for pattern in [*page_urls, *public_urls]}
    assert known - WITHOUT_A_PAGE - looked_at == set()
    assert WITHOUT_A_PAGE - known == set()
    assert WITHOUT_A_PAGE & looked_at == set()


@pytest.mark.parametrize("viewer", ["ada", "nia", ""])
def test_pages_are_accessible_and_fit(
    viewer: str, pages: dict[str, dict[str, str]], browser_context: Callable[..., BrowserContext]
) -> None:
    page = browser_context(viewport=WIDE).new_page()
    if viewer:
        sign_in_to_the_demo(page, viewer)
    problems: dict[str, Any] = {}
    page.on("console", lambda message: heard(message, page, problems))
    for name, path in pages[viewer].items():
        status = opened(page, path, SENT.get(name), PRESSED.get(name))
        found = [] if status == STATUS.get(name, 200) else [f"status {status}"]
        if (telling := TELLING.get(name.partition(", ")[2])) and not page.locator(telling).is_visible():
            found.append(f"nothing is said in {telling}")
        found += looked_over(page, FOLDED.get(name))
        if found:
            problems[f"{name} {path}"] = found
    assert not problems, json.dumps(problems, indent=1)


def opened(page: Page, path: str, form: str | None, button: str | None) -> int:
    """Opens the page, or what its form is answered, sent as it is or by a button; gives the status."""
    answer = page.goto(path)
    if form or button:
        with page.expect_navigation() as sending:
            if form:
                page.locator(form).evaluate("(form) => form.submit()")
            else:
                pressed(page, button or "")
        answer = sending.value
    assert answer, path
    return answer.status


def pressed(page: Page, button: str) -> None:
    """Sends a form by its button, with a reason, and with the resolution of the practice that goes, if two are one."""
    page.locator("[name=reason]").fill("It is the better one.")
    for goes in page.locator("[name=take_resolution][value=goes]").all():
        goes.check()
    page.locator(button).click()


def sign_in_to_the_demo(page: Page, handle: str) -> None:
    """Signs somebody of the demo in, through the form."""
    from threads.importers.demo.loader import PASSWORD, network_data
    from threads.importers.demo.network import address_of

    person = next(row for row in network_data()["members"] if row["handle"] == handle)
    page.goto(SIGN_IN)
    page.locator("input[name=login]").fill(address_of(person))
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda url: SIGN_IN not in url)


def heard(message: ConsoleMessage, page: Page, problems: dict[str, Any]) -> None:
    """Keeps an error of the console, besides the one with which Chromium greets any page that is a refusal."""
    if message.type == "error" and "responded with a status of 4" not in message.text:
        problems[f"console {page.url} {message.text}"] = message.location


def looked_over(page: Page, folded: str | None) -> list[str]:
    """What is wrong with the page: wide in the light, small in the dark; with something folded, in all four looks."""
    page.evaluate(UNPIN)
    found = accessibility_problems(page)
    if folded:
        page.set_viewport_size(PHONE)
        found += accessibility_problems(page)
        page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="dark")
    if folded:
        found += accessibility_problems(page)
    page.set_viewport_size(PHONE)
    if folded:
        page.locator(folded).click()
    found += [f"in the dark, on a phone: {problem}" for problem in accessibility_problems(page)]
    page.set_viewport_size(NARROW)
    found += page.evaluate(TOO_WIDE)
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    return found
