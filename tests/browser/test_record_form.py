"""The working record without JavaScript: two people save it at once and lose nothing; its history, and back again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import accessibility_problems

pytestmark = pytest.mark.site(seed="tests.browser.seeds:seed")

Person = Callable[..., Page]


def asked(page: Page) -> str:
    """A problem of theirs, as the path of its thread."""
    page.goto("/spaces/lobby/ask/")
    page.get_by_label("Title").fill("Mail is slow")
    page.locator("textarea[name=body]").fill("Since Sunday.")
    page.locator("main form.form button.primary").click()
    page.wait_for_url("**/threads/*/")
    return page.url.partition("?")[0].split("/", 3)[3]


def test_two_who_save_the_form_at_once_lose_nothing(person: Person) -> None:
    ada, zoe = (person(name, java_script_enabled=False) for name in ("ada", "zoe"))
    path = f"/{asked(ada)}record/"
    for page in (ada, zoe):
        page.goto(path)
    ada.get_by_label("Problem").fill("Mail takes an hour")
    ada.get_by_label("Cause").fill("The relay waits for DNS")
    ada.get_by_role("button", name="Save the record").click()
    expect(ada.get_by_text("The record is saved")).to_be_visible()

    zoe.get_by_label("Cause").fill("The relay waits for the scanner")
    zoe.get_by_label("Resolution").fill("Turn it off and on")
    zoe.get_by_role("button", name="Save the record").click()
    expect(zoe.get_by_role("alert")).to_contain_text("Ada Lindqvist saved this record meanwhile")
    expect(zoe.get_by_role("alert")).to_contain_text("The relay waits for DNS")
    expect(zoe.get_by_label("Cause")).to_have_value("The relay waits for the scanner")
    expect(zoe.get_by_label("Resolution")).to_have_value("Turn it off and on")
    zoe.get_by_label("Problem").fill("Mail takes an hour")
    zoe.get_by_label("Cause").fill("The relay waits for DNS, or the scanner")
    zoe.get_by_role("button", name="Save the record").click()
    expect(zoe.get_by_text("The record is saved")).to_be_visible()

    ada.goto(f"{path}history/?version=1")
    expect(ada.get_by_text("Mail takes an hour").first).to_be_visible()
    ada.get_by_role("button", name="Make the record say version 1 again").click()
    expect(ada.get_by_text("The record says again what version 1 says")).to_be_visible()
    expect(ada.get_by_text("Version 1 again")).to_be_visible()
    zoe.goto(path)
    expect(zoe.get_by_label("Cause")).to_have_value("The relay waits for DNS")


def test_the_history_and_both_texts_are_accessible(person: Person) -> None:
    ada, zoe = person("ada"), person("zoe", color_scheme="dark")
    path = f"/{asked(ada)}record/"
    for page, cause in ((ada, "The relay waits for DNS"), (zoe, "The scanner")):
        page.goto(path)
        page.get_by_label("Cause").fill(cause)
    ada.get_by_role("button", name="Save the record").click()
    ada.wait_for_url(lambda url: "record" not in url)
    zoe.get_by_role("button", name="Save the record").click()
    expect(zoe.get_by_role("alert")).to_be_visible()
    ada.goto(f"{path}history/")
    assert [accessibility_problems(page) for page in (ada, zoe)] == [[], []]
