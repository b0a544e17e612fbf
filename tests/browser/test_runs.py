"""A playbook gone through in two windows: what one marks appears with the other, whose words stay."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.site(seed="tests.browser.seeds:runs")

TOGETHER, TYPING, AWAY, PLAIN = range(1, 5)


def checklist(person: Callable[..., Page], handle: str, run: int) -> Page:
    """The checklist, live."""
    page = person(handle)
    page.goto(f"/runs/{run}/")
    expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
    return page


def step(page: Page, key: str) -> Locator:
    return page.locator(f"#step-{key}")


def press(page: Page, key: str, name: str) -> None:
    step(page, key).get_by_role("button", name=name, exact=True).click()


def test_two_go_through_it_and_see_each_other_at_once(person: Callable[..., Page]) -> None:
    ada, ben = checklist(person, "ada", TOGETHER), checklist(person, "ben", TOGETHER)
    press(ada, "s1", "Done")
    expect(step(ben, "s1")).to_contain_text("Ada Lindqvist")
    press(ben, "s2", "Yes")
    expect(step(ada, "s3").get_by_role("button", name="Done", exact=True)).to_be_visible()
    expect(ada.locator("#run-progress")).to_contain_text("2 of 4 steps")
    step(ada, "s3").get_by_label("Note").fill("No intake here")
    press(ada, "s3", "Skipped")
    expect(step(ben, "s3")).to_contain_text("No intake here")
    press(ben, "s4", "Done")
    expect(ada.locator("#run-progress")).to_contain_text("4 of 4 steps")
    ada.get_by_label("What came of it").select_option("solved")
    ada.get_by_role("button", name="It is done").click()
    expect(ben.locator("#run-progress")).to_contain_text("It solved the problem")
    expect(ben.locator("[name=mark]")).to_have_count(0)


def test_what_somebody_types_stays_when_another_marks_the_step(person: Callable[..., Page]) -> None:
    ada, ben = checklist(person, "ada", TYPING), checklist(person, "ben", TYPING)
    step(ada, "s1").get_by_label("Note").fill("It hangs on mine")
    press(ben, "s1", "Done")
    expect(ada.locator("#run-progress")).to_contain_text("1 of 2 steps")
    expect(step(ada, "s1").get_by_label("Note")).to_have_value("It hangs on mine")
    press(ada, "s1", "Failed")
    expect(ada.get_by_role("alert")).to_contain_text("Ben Okafor marked this step meanwhile")
    expect(step(ada, "s1").locator(".play-note")).to_have_text("It hangs on mine")
    expect(step(ada, "s1").get_by_role("button", name="Failed")).to_have_count(0)
    step(ben, "s1").get_by_role("button", name="Take it back").click()
    step(ada, "s1").get_by_label("Note").fill("It hangs on mine")
    press(ada, "s1", "Failed")
    expect(step(ben, "s1")).to_contain_text("It hangs on mine")


def test_who_was_cut_off_has_everything_when_they_are_back(person: Callable[..., Page]) -> None:
    ada, ben = checklist(person, "ada", AWAY), checklist(person, "ben", AWAY)
    ada.context.set_offline(True)
    expect(ada.locator("#live-state")).to_have_attribute("data-state", "offline")
    press(ben, "s1", "Done")
    press(ben, "s2", "No")
    expect(ben.locator("#run-progress")).to_contain_text("2 of 2 steps")
    ada.context.set_offline(False)
    expect(ada.locator("#run-progress")).to_contain_text("2 of 2 steps")


def test_without_scripts_every_step_is_a_form(person: Callable[..., Any]) -> None:
    page: Page = person("ben", java_script_enabled=False)
    page.goto(f"/runs/{PLAIN}/")
    press(page, "s1", "Done")
    expect(step(page, "s1")).to_contain_text("Ben Okafor")
    step(page, "s1").get_by_role("button", name="Take it back").click()
    expect(step(page, "s1").get_by_role("button", name="Done", exact=True)).to_be_visible()
