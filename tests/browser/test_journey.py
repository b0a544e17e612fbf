"""From a posted problem to an archived practice: two people, each in a browser of their own, through every page."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

TITLE = "Scanner sends no mail since the certificate changed"
ERROR = "550 5.7.57 client was not authenticated"
FIX = "Choose STARTTLS on port 587 and import the new root certificate."


def open_live(page: Page, path: str) -> None:
    """Opens the page and waits until it hears what happens."""
    page.goto(path)
    expect(page.locator("#live-state")).to_have_attribute("data-state", "live", timeout=20_000)


def unread(page: Page, count: str) -> None:
    """Waits until the count at the inbox is this."""
    expect(page.locator(".topbar [data-inbox-count]")).to_have_text(count)


def write_the_problem(page: Page) -> None:
    """Fills the form, with the toolbar and a look at the preview."""
    page.get_by_label("Title").fill(TITLE)
    body = page.get_by_label("What happens")
    body.fill(ERROR)
    body.select_text()
    page.get_by_role("button", name="Code", exact=True).click()
    expect(body).to_have_value(f"`{ERROR}`")
    page.get_by_role("tab", name="Preview").click()
    expect(page.locator("[data-md-preview] code")).to_have_text(ERROR)
    page.get_by_role("tab", name="Write").click()
    page.get_by_label("Product").select_option(label="Mail Gateway")
    page.get_by_label("Tags").fill("smtp, scanner")
    page.get_by_label("Environment").fill("Two scanners, firmware 4.1.")


def choose_the_audience(page: Page) -> None:
    """The button says whom the choice means."""
    button = page.locator("[data-post-button]")
    page.get_by_label("Acme only").check()
    expect(button).to_have_text("Post to: Acme only")
    page.get_by_label("Everyone in Lobby").check()
    expect(button).to_have_text("Post to: Everyone in Lobby")
    button.click()


def quote_and_mention(page: Page) -> None:
    """Answers with a quotation of the problem, and names its asker from the list of people."""
    page.locator("#post-1 [data-tool=quote]").click()
    field = page.locator("#reply")
    expect(field).to_have_value(re.compile(rf"> {re.escape(ERROR)}"))
    field.press("Control+End")
    field.press_sequentially(f"{FIX} Please try it, @ad")
    page.get_by_role("option", name="Ada Lindqvist").click()
    expect(field).to_have_value(re.compile("@ada $"))
    page.get_by_role("button", name="Post reply").click()


def resolve_with(page: Page, answer: str) -> None:
    """Marks the post as the solution; the record is filled in from the thread and completed."""
    page.locator(f"{answer} [data-tool=resolve]").click()
    expect(page.get_by_role("checkbox", name="Ben Okafor")).to_be_checked()
    expect(page.get_by_label("Problem")).to_have_value(re.compile(re.escape(ERROR)))
    expect(page.get_by_label("Environment")).to_have_value("Two scanners, firmware 4.1.")
    expect(page.get_by_label("Resolution")).to_have_value(re.compile(re.escape(FIX)))
    page.get_by_label("Resolution").fill(FIX)
    page.get_by_label("Cause").fill("The gateway asks for authentication since its certificate changed.")
    page.get_by_role("button", name="Resolve the thread").click()


def record_in_the_archive(page: Page) -> None:
    """The thread's record becomes a practice."""
    page.get_by_role("link", name="Record in the archive").click()
    expect(page.get_by_label("Title")).to_have_value(TITLE)
    page.get_by_label("Title").fill("Scanners: mail refused with 550 5.7.57 after a change of certificate")
    page.get_by_role("button", name="Record the practice").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mail refused with 550 5.7.57")


def test_a_problem_goes_all_the_way_to_the_archive(person: Callable[..., Page]) -> None:
    ada, ben = person("ada"), person("ben")
    open_live(ben, "/spaces/lobby/")

    ada.goto("/spaces/lobby/")
    ada.get_by_role("link", name="Post a problem").click()
    write_the_problem(ada)
    choose_the_audience(ada)
    expect(ada.get_by_role("heading", level=1)).to_have_text(TITLE)
    open_live(ada, ada.url)
    ada.evaluate("window.loadedOnce = true")

    ben.get_by_role("link", name=TITLE).click()
    quote_and_mention(ben)

    answer = ada.locator("#posts article", has_text=FIX)
    expect(answer.locator("blockquote")).to_have_text(ERROR)
    expect(answer.locator(".mention.is-me").last).to_have_text("@ada")
    unread(ada, "1")
    answer.locator("[data-tool=vote]").click()
    expect(ben.locator("#post-2 .post-votes")).to_have_attribute("data-votes", "1")
    unread(ben, "1")
    assert ada.evaluate("window.loadedOnce")

    resolve_with(ada, "#post-2")
    expect(ben.locator("#solution")).to_contain_text(FIX)
    expect(ben.locator("#thread-head [data-status]")).to_have_attribute("data-status", "resolved")
    unread(ben, "2")
    record_in_the_archive(ada)

    ben.get_by_role("searchbox", name="Search threads").fill("scanner 5.7.57")
    ben.keyboard.press("Enter")
    practice = ben.locator(".results > li", has_text="Practice").filter(has_text="Scanners: mail refused")
    expect(practice.locator("mark").first).to_be_visible()
    ben.get_by_role("navigation", name="Main").get_by_role("link", name="Archive").click()
    ben.get_by_role("link", name=re.compile("^smtp")).click()
    ben.get_by_role("link", name=re.compile("^Scanners: mail refused")).click()
    expect(ben.get_by_role("region", name="Cause")).to_contain_text("asks for authentication")
    ben.get_by_role("complementary", name="About this practice").get_by_role("link", name=TITLE).click()
    expect(ben.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(ben.locator("#solution").get_by_role("link", name="Scanners: mail refused")).to_be_visible()


def focused_by_tab(page: Page, selector: str, *, most: int = 60) -> None:
    """Presses Tab until the element has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is out of reach of the Tab key")


def type_into(page: Page, selector: str, text: str) -> None:
    """Goes to a field by Tab and types."""
    focused_by_tab(page, selector)
    page.keyboard.type(text)


def test_posting_and_replying_with_the_keyboard_alone(person: Callable[..., Page]) -> None:
    ada = person("ada")
    open_live(ada, "/")
    ada.keyboard.press("g")
    ada.keyboard.press("s")
    ada.wait_for_url("**/spaces/")
    focused_by_tab(ada, "main a[href='/spaces/lobby/']")
    ada.keyboard.press("Enter")
    ada.wait_for_url("**/spaces/lobby/")
    expect(ada.locator("#live-state")).to_have_attribute("data-state", "live")
    ada.keyboard.press("c")
    ada.wait_for_url("**/ask/")
    expect(ada.locator("[data-audience-organizations]")).to_be_hidden()

    type_into(ada, "#id_title", "Label printer prints twice")
    type_into(ada, "#id_body", "Every label comes out **twice**.")
    focused_by_tab(ada, "#id_severity")
    ada.keyboard.press("ArrowUp")
    focused_by_tab(ada, "input[name=audience]")
    focused_by_tab(ada, "[data-post-button]", most=3)
    ada.keyboard.press("Enter")

    ada.wait_for_url(re.compile(r"/threads/\d+/$"))
    expect(ada.locator("#live-state")).to_have_attribute("data-state", "live")
    expect(ada.locator("#post-1 strong")).to_have_text("twice")
    expect(ada.locator("#thread-head")).to_contain_text("High")
    ada.keyboard.press("r")
    expect(ada.locator("#reply")).to_be_focused()
    ada.keyboard.type("It was the driver: spooling was on in two places.")
    ada.keyboard.press("Control+Enter")
    expect(ada.locator("#post-2")).to_contain_text("spooling was on")

    ada.locator("#reply").blur()
    ada.keyboard.press("j")
    ada.keyboard.press("j")
    expect(ada.locator("#post-2")).to_be_focused()
    ada.keyboard.press("q")
    expect(ada.locator("#reply")).to_have_value(re.compile("> It was the driver"))
    ada.keyboard.press("Control+Enter")
    expect(ada.locator("#post-3 blockquote")).to_contain_text("It was the driver")
