"""A stranger with a public practice: reads, answers without a script, prints."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

pytestmark = pytest.mark.site(seed="tests.browser.seeds:demo")


def test_a_stranger_reads_answers_and_prints(browser_context: Callable[..., BrowserContext]) -> None:
    page = browser_context(java_script_enabled=False).new_page()
    page.goto("/public/")
    page.get_by_role("link", name="Postern 7.3: mail to").first.click()
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Your answer is counted")).to_be_visible()
    page.get_by_role("link", name="My experience differed").click()
    page.get_by_label("It is outdated").check()
    page.get_by_label("What was different").fill("Since 7.4 none of this is needed.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Those who look after this practice read it")).to_be_visible()
    assert not page.context.cookies()
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Resolution")).to_be_visible()
    for hidden in (page.get_by_role("search"), page.get_by_role("button"), page.get_by_text("Sign in")):
        expect(hidden.locator("visible=true")).to_have_count(0)
    expect(page.locator("footer .printed")).to_have_text(page.url.partition("#")[0])
    assert page.pdf().startswith(b"%PDF")
