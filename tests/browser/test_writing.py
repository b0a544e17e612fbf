"""Writing: nothing typed is lost, and the editor helps without getting in the way."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.live import LiveSite, run_python

pytestmark = pytest.mark.site(seed="tests.browser.seeds:seed")

QUIET, LONG, ANSWERED, ASK = "/threads/1/", "/threads/2/", "/threads/3/", "/spaces/lobby/ask/"
DEFLECTIONS = """
import django; django.setup()
from threads.models import Deflection
print([row.chosen for row in Deflection.objects.all()])
"""


def at(person: Callable[..., Page], handle: str, path: str) -> Page:
    """The page, live."""
    page = person(handle)
    page.goto(path)
    expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
    return page


def test_a_draft_survives_a_closed_tab_and_comes_to_other_devices(person: Callable[..., Page]) -> None:
    ada = at(person, "ada", QUIET)
    with ada.expect_response(lambda response: response.request.method == "PUT"):
        ada.locator("#reply").fill("A thought, half")
    ada.close()

    elsewhere = at(person, "ada", QUIET)
    elsewhere.locator("#reply").focus()
    expect(elsewhere.locator("#reply")).to_have_value("A thought, half")
    expect(elsewhere.locator("#composer [data-md-state]")).to_contain_text("Draft restored")
    elsewhere.locator("#reply").fill("A thought, whole")
    elsewhere.reload()
    expect(elsewhere.locator("#live-state")).to_have_attribute("data-state", "live")
    expect(elsewhere.locator("#reply")).to_have_value("A thought, whole")
    with elsewhere.expect_response(lambda response: response.request.method == "DELETE"):
        elsewhere.locator("#reply").press("Control+Enter")
    expect(elsewhere.locator("#posts article", has_text="A thought, whole")).to_have_count(1)
    elsewhere.reload()
    elsewhere.locator("#reply").focus()
    expect(elsewhere.locator("#reply")).to_be_empty()


def test_a_restored_draft_can_be_discarded(person: Callable[..., Page]) -> None:
    ada = at(person, "ada", LONG)
    ada.locator("#reply").fill("Never mind")
    ada.reload()
    expect(ada.locator("#reply")).to_have_value("Never mind")
    ada.get_by_role("button", name="Discard").click()
    expect(ada.locator("#reply")).to_be_empty()
    ada.reload()
    ada.locator("#reply").focus()
    expect(ada.locator("#reply")).to_be_empty()


def test_what_the_server_refuses_says_why_and_comes_back_to_the_field(person: Callable[..., Page]) -> None:
    ada, mo = at(person, "ada", LONG), at(person, "mo", "/threads/2/edit/")
    ada.locator("#reply").fill("Too late")
    mo.locator("select[name=status]").select_option("closed")
    mo.locator("main form button.primary").click()
    expect(ada.locator("#thread-head [data-status]")).to_have_attribute("data-status", "closed")
    ada.locator("#composer button.primary").click()
    expect(ada.locator("#waiting article.is-failed")).to_contain_text("no more replies")
    ada.get_by_role("button", name="Back to the reply field").click()
    expect(ada.locator("#reply")).to_have_value("Too late")
    expect(ada.locator("#waiting article")).to_have_count(0)


def test_toolbar_preview_quote_mention_and_files(person: Callable[..., Page]) -> None:
    ada, ben = at(person, "ada", ANSWERED), at(person, "ben", ANSWERED)
    area = ada.locator("#reply")
    area.fill("strong")
    area.press("Control+a")
    area.press("Control+b")
    expect(area).to_have_value("**strong**")
    ada.locator("[data-md=quote]").click()
    expect(area).to_have_value("> **strong**")
    ada.get_by_role("tab", name="Preview").click()
    expect(ada.locator("[data-md-preview] blockquote strong")).to_have_text("strong")
    ada.get_by_role("tab", name="Write").click()
    area.fill("")

    ada.locator("#post-2 .prose p").select_text()
    ada.locator("#post-2 [data-tool=quote]").click()
    assert "> Restart the print spooler service" in area.input_value()
    assert area.input_value().startswith("@ben [#2]")

    area.press_sequentially("Thanks @cle")
    expect(ada.locator("[role=option]")).to_contain_text("Cleo Marchetti")
    area.press("Enter")
    assert area.input_value().endswith("Thanks @cleo ")

    ada.locator("[data-md-file]").set_input_files(
        {"name": "run.log", "mimeType": "text/plain", "buffer": b"one line\n"}
    )
    expect(area).to_have_value(re.compile(r"\[run\.log\]\(/attachments/"))
    ada.locator("[data-md-file]").set_input_files(
        {"name": "run.exe", "mimeType": "text/plain", "buffer": b"MZ\x90\x00" * 64}
    )
    expect(ada.locator("#toasts .error")).to_contain_text("run.exe")
    area.press("Control+Enter")

    link = ben.locator("#posts article", has_text="Thanks").get_by_role("link", name="run.log")
    expect(link).to_be_visible()
    with ben.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes() == b"one line\n"


def test_likely_answers_appear_while_typing_and_choosing_one_is_remembered(
    person: Callable[..., Page], live_site: LiveSite
) -> None:
    ada = at(person, "ada", ASK)
    ada.locator("[name=title]").press_sequentially("printer queue is stuck")
    answer = ada.locator("#deflections").get_by_role("link", name="Printer queue stuck after paper jam")
    expect(answer).to_be_visible()
    expect(ada.locator("#deflections mark").first).to_be_visible()
    expect(ada.locator("#deflections-said")).to_contain_text("likely answer")
    ada.get_by_role("button", name="This answers it").first.click()
    ada.wait_for_url("**/threads/3/")
    assert "thread:3" in run_python(live_site.environment, "-c", DEFLECTIONS)


def test_a_problem_half_described_is_there_again_with_its_audience_and_gone_once_posted(
    person: Callable[..., Page],
) -> None:
    ada = at(person, "ada", ASK)
    if ada.locator("[name=title]").input_value():
        ada.get_by_role("button", name="Discard").click()
    expect(ada.locator("[data-button-label]")).to_have_text("Post to: Everyone in Lobby")
    ada.get_by_role("radio", name="Acme only").check()
    expect(ada.locator("[data-button-label]")).to_have_text("Post to: Acme only")
    ada.locator("[name=title]").fill("Scanner forgets its settings")
    with ada.expect_response(lambda response: response.request.method == "PUT"):
        ada.locator("[name=body]").fill("Every morning.")
    ada.close()

    again = at(person, "ada", ASK)
    expect(again.locator("[name=title]")).to_have_value("Scanner forgets its settings")
    expect(again.locator("[name=body]")).to_have_value("Every morning.")
    expect(again.get_by_role("radio", name="Acme only")).to_be_checked()
    expect(again.locator("[data-button-label]")).to_have_text("Post to: Acme only")
    again.locator("[data-post-button]").click()
    expect(again.locator("h1")).to_have_text("Scanner forgets its settings")
    again.goto(ASK)
    expect(again.locator("#live-state")).to_have_attribute("data-state", "live")
    expect(again.locator("[name=title]")).to_be_empty()
