"""A practice's life, each person in a browser of their own: recorded, trusted, used again, challenged and revised."""

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.browser.archiving import (
    ALIKE,
    ASKED,
    FIX,
    MENU,
    PLAYBOOK,
    PRINTER,
    REVISED,
    TITLE,
    confidence,
    decides,
    finds,
    follow,
    heading,
    live,
    main,
    points_to_it,
    press,
    records,
    resolves,
    revises,
    says_it_worked,
    says_that_it_is_outdated,
    says_that_it_solved_it,
    writes_a_playbook,
)

pytestmark = pytest.mark.site(seed="tests.browser.archiving:story")

Person = Callable[..., Page]


class People(NamedTuple):
    """Those who take part, each of another organization but for Zoe, who is of Cleo's."""

    ada: Page
    cleo: Page
    zoe: Page
    finn: Page
    dita: Page
    emil: Page


def test_a_practice_from_the_thread_that_made_it_to_its_second_version(person: Person) -> None:
    people = People(*(person(name) for name in People._fields))
    practice = comes_to_be_trusted(people)
    goes_through_a_playbook(people, practice)
    is_used_again(people, practice)
    is_challenged_and_revised(people, practice)


def comes_to_be_trusted(people: People) -> str:
    """Three organizations say that it works; gives its address."""
    resolves(people.ada)
    practice = records(people.ada)
    says_it_worked(people.ada, "Not validated", "Not validated")
    finds(people.zoe, "scanners 5.7.57 certificate")
    says_it_worked(people.zoe, "Not validated", "Not validated")
    finds(people.finn, "scanners refused")
    says_it_worked(people.finn, "Not validated", "Validated")
    people.ada.reload()
    confidence(people.ada, "Validated")
    expect(people.ada.locator(".confidence-line")).to_contain_text("Worked for 3 organizations")
    return practice


def goes_through_a_playbook(people: People, practice: str) -> None:
    """A curator writes one; two go through it at once in the second thread, where it goes on."""
    writes_a_playbook(people.cleo, practice.rstrip("/").rpartition("/")[2])
    playbook = people.cleo.url
    dita, zoe = people.dita, people.zoe
    live(zoe, PRINTER)
    live(dita, PRINTER)
    dita.get_by_role("tab", name="Related").click()
    dita.get_by_role("link", name="Go through a playbook").click()
    fits = main(dita).get_by_role("listitem").filter(has_text=PLAYBOOK)
    fits.get_by_role("button", name="Start").click()
    heading(dita, PLAYBOOK)
    zoe.get_by_role("tab", name="Related").click()
    zoe.locator("#panel-related").get_by_role("link", name=PLAYBOOK).click()
    heading(zoe, PLAYBOOK)
    for page in (dita, zoe):
        expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
    marks_seen_at_once(dita, zoe)
    people.cleo.goto(playbook)
    came_of_it = people.cleo.get_by_role("complementary", name="About this playbook")
    expect(came_of_it.locator("dt", has_text="It solved the problem").locator("+ dd")).to_have_text("1")


def marks_seen_at_once(dita: Page, zoe: Page) -> None:
    """Each marks a step and sees the other's mark appear; one says what came of it."""
    dita.get_by_role("form", name="Read the answer").get_by_label("Note").fill("It says 5.7.57")
    dita.get_by_role("form", name="Read the answer").get_by_role("button", name="Done").click()
    expect(zoe.get_by_role("listitem").filter(has_text="Read the answer")).to_contain_text("It says 5.7.57")
    zoe.get_by_role("form", name="Is it 5.7.57?").get_by_role("button", name="Yes").click()
    last = dita.get_by_role("listitem").filter(has_text="Import the root certificate")
    expect(dita.get_by_role("listitem").filter(has_text="Is it 5.7.57?")).to_contain_text("Zoe Nakamura")
    expect(last.get_by_role("link", name=TITLE)).to_be_visible()
    last.get_by_role("button", name="Done").click()
    expect(zoe.locator("#run-progress")).to_contain_text("3 of 3 steps")
    zoe.get_by_label("What came of it").select_option(label="It solved the problem")
    press(zoe, "It is done")
    expect(dita.locator("#run-progress")).to_contain_text("It solved the problem")


def is_used_again(people: People, practice: str) -> None:
    """Zoe points to it in Dita's thread, which it solves; its page says so, and whoever made it is told."""
    zoe, dita = people.zoe, people.dita
    live(zoe, PRINTER)
    live(dita, PRINTER)
    points_to_it(zoe, "This is /550 5.7.57")
    answer = dita.locator("#posts article", has_text=TITLE)
    expect(answer.get_by_role("link", name=TITLE)).to_have_attribute("href", re.compile(r"/practices/\d+/$"))
    says_that_it_solved_it(dita)
    expect(zoe.locator("#thread-head [data-status]")).to_have_attribute("data-status", "resolved")
    expect(zoe.locator("#solution")).to_contain_text(FIX)
    follow(dita, TITLE)
    used = dita.get_by_role("region", name="Where it was used")
    expect(used.get_by_role("link", name="Label printer sends no mail")).to_be_visible()
    expect(dita.locator(".confidence-line")).to_contain_text("Worked for 4 organizations")
    assert dita.url == practice
    people.ada.goto("/inbox/")
    expect(main(people.ada)).to_contain_text("used a practice you made")


def is_challenged_and_revised(people: People, practice: str) -> None:
    """Finn says that it is outdated; Cleo finds that on the desk and mends it; Emil decides; Ada reads it anew."""
    people.finn.goto(practice)
    says_that_it_is_outdated(people.finn)
    expect(people.finn.locator("#verdicts")).to_contain_text("You said: Outdated")
    revises(people.cleo)
    decides(people.emil)
    people.ada.goto(practice)
    expect(people.ada.get_by_role("region", name="Resolution")).to_have_text(re.compile(re.escape(REVISED)))
    confidence(people.ada, "Not validated")
    people.ada.get_by_role("link", name="Version 2").click()
    expect(main(people.ada)).to_contain_text("The menu went away.")
    people.finn.goto(practice)
    expect(people.finn.locator("#verdicts")).to_contain_text("dealt with")
    people.cleo.goto("/desk/?queue=challenged")
    expect(main(people.cleo).get_by_role("link", name=TITLE)).to_have_count(0)
    people.ada.goto(practice)
    follow(people.ada, ASKED)
    expect(people.ada.locator("#solution").get_by_role("link", name=TITLE)).to_be_visible()


def test_the_menu_of_practices_with_the_keyboard_alone(person: Person) -> None:
    ada = person("ada")
    live(ada, MENU)
    ada.keyboard.press("r")
    reply, menu = ada.locator("#reply"), ada.get_by_role("listbox", name="Practices")
    with ada.expect_response("**/practices/suggestions/**"):
        ada.keyboard.type("Half of it is /restart")
    option = menu.get_by_role("option", name=ALIKE)
    expect(option).to_have_attribute("aria-selected", "false")
    ada.keyboard.press("ArrowUp")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(reply).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    ada.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    ada.keyboard.type(" mail")
    expect(reply).to_have_value("Half of it is /restart mail")
    expect(menu).to_be_hidden()

    ada.keyboard.press("Control+a")
    ada.keyboard.type("/restart")
    expect(option).to_be_visible()
    ada.keyboard.press("Enter")
    expect(reply).to_have_value("/restart\n")
    expect(menu).to_be_hidden()

    ada.keyboard.press("Control+a")
    ada.keyboard.type("/restart")
    expect(option).to_be_visible()
    ada.keyboard.press("ArrowDown")
    ada.keyboard.press("Enter")
    expect(reply).to_have_value(re.compile(rf"^\[{re.escape(ALIKE)}\]\(/practices/\d+/\) $"))
    ada.keyboard.press("Tab")
    expect(ada.get_by_role("button", name="It was used here")).to_be_focused()
    ada.keyboard.press("Enter")
    expect(ada.locator(".slash-note")).to_have_text("Noted: it was used here.")
    expect(reply).to_be_focused()
    ada.keyboard.press("Control+Enter")
    expect(ada.locator("#posts article").get_by_role("link", name=ALIKE)).to_be_visible()
    expect(ada.locator(".slash-note")).to_be_hidden()


def test_the_keys_of_practices_and_of_the_desk(person: Person) -> None:
    zoe, ben, cleo = person("zoe"), person("ben"), person("cleo")
    for page, leads_to in ((zoe, "**/practices/1/suggest/"), (ben, "**/practices/1/edit/")):
        live(page, "/practices/1/")
        page.keyboard.press("v")
        expect(page.locator("#verdicts")).to_be_focused()
        page.keyboard.press("e")
        page.wait_for_url(leads_to)
        expect(page.get_by_label("Title")).to_have_value(ALIKE)
    live(cleo, "/desk/?queue=new")
    row = cleo.locator("[data-row]", has_text=ALIKE)
    cleo.keyboard.press("j")
    expect(row).to_be_focused()
    cleo.keyboard.press("c")
    expect(row).to_contain_text("Cleo Marchetti works on it")


def test_a_post_of_ones_own_is_edited_with_a_key(person: Person) -> None:
    dita = person("dita")
    live(dita, PRINTER)
    dita.keyboard.press("j")
    expect(dita.locator("#post-1")).to_be_focused()
    dita.keyboard.press("e")
    dita.wait_for_url("**/posts/*/edit/")
