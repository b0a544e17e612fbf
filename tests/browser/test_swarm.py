"""A swarm in several windows: asking, joining, being removed, handing over, and what the others see of it at once."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browsing import accessibility_problems
from tests.live import LiveSite, run_python

pytestmark = pytest.mark.site(seed="tests.browser.seeds:swarm")

SHARED, REMOVING, PASSED, OVER, PLAIN, KEYS, SHIFT, SIGHT = range(1, 9)
# The clock of whoever is asked runs out now; that the next one is asked is the worker's.
TIME_IS_UP = """
import django; django.setup()
from community.rules import clock
from threads.models import Asked
assert Asked.objects.filter(request__thread={number}, answer="").update(answer_by=clock.now()) == 1
"""
READ = """async (thread) => {
    const answer = await fetch(`/api/v1/threads/${thread}/since`);
    return (await answer.json()).number === 1;
}"""
SUMMARY = "The resolver is restarted and its cache is empty. Next: read the zone of **example.org**."


def room(person: Callable[..., Page], handle: str, number: int, **options: Any) -> Page:
    """The thread, open and live."""
    page = person(handle, **options)
    page.goto(f"/threads/{number}/")
    expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
    return page


def swarm(page: Page) -> Locator:
    """The panel of the swarm, in front."""
    page.get_by_role("tab", name="Swarm").click()
    return page.locator("#panel-swarm")


def write_together(page: Page) -> None:
    """Opens the record to write in it."""
    page.get_by_role("tab", name="Record").click()
    page.locator("[data-record-open]").click()
    expect(page.locator(".record-room:not(.is-opening)")).to_be_visible()


def field(page: Page, name: str) -> Locator:
    """Where one writes in the record."""
    return page.locator(f"[data-field={name}] .cm-content")


def ask(page: Page, number: int, what: str, *handles: str) -> None:
    """Asks for help with the form: these people, or whoever fits best."""
    page.goto(f"/threads/{number}/help/")
    page.get_by_label("What is needed").fill(what)
    if handles:
        page.get_by_label("These people").first.check()
        page.locator("[name=members]").fill(", ".join(handles))
    page.locator("main form button.primary").click()
    page.wait_for_url("**/requests/*/")


def waits_for(page: Page, number: int) -> Locator:
    """What the page's member finds on the home page of a thread that waits for them."""
    return page.locator("main").get_by_role("link", name=f"Resolver {number} loses names").first


@contextmanager
def one_more(*pages: Page) -> Iterator[None]:
    """What happens in the block is counted at each page's inbox, without loading the page again."""
    counts = [page.locator(".topbar [data-inbox-count]") for page in pages]
    before = [int(count.text_content() or 0) for count in counts]
    yield
    for count, number in zip(counts, before, strict=True):
        expect(count).to_have_text(str(number + 1))


def write_at_once(ada: Page, ben: Page) -> None:
    """Both type in the same field of the record, letter by letter in turn, and have the same in the end."""
    for page in (ada, ben):
        write_together(page)
    field(ada, "problem").focus()
    ada.keyboard.type("Names fail.")
    expect(field(ben, "problem")).to_have_text("Names fail.")
    field(ben, "problem").focus()
    ben.keyboard.press("Control+Home")
    for first, second in zip(" All of them.", "Since noon: ", strict=False):
        ada.keyboard.type(first)
        ben.keyboard.type(second)
    for page in (ada, ben):
        expect(field(page, "problem")).to_have_text("Since noon: Names fail. All of them")


def is_seen_helping(page: Page, name: str) -> None:
    """Among the helpers, and among those who are here."""
    expect(swarm(page).locator("h3:has-text('Helping') + ul")).to_contain_text(name)
    expect(page.locator(f"#present .avatar[title='{name}']")).to_be_visible()
    expect(page.locator("#present-list")).to_contain_text(name)


def is_seen_writing(page: Page, where: str, name: str) -> None:
    """Beside the field's name, and in it where they are, in a colour."""
    expect(page.locator(f"[data-field={where}] [data-here]")).to_contain_text(name)
    caret = page.locator(f"[data-field={where}] .who")
    expect(caret).to_have_attribute("data-name", name)
    expect(caret).to_have_class(re.compile(r"\bwho-[0-7]\b"))


def test_two_write_and_a_third_asks_an_expert_who_accepts_and_is_seen_and_writes(
    person: Callable[..., Page],
) -> None:
    zoe = person("zoe")
    zoe.goto("/inbox/")
    expect(zoe.locator("#live-state")).to_have_attribute("data-state", "live")
    ada, ben = room(person, "ada", SHARED), room(person, "ben", SHARED)
    write_at_once(ada, ben)

    olga = person("olga")
    with one_more(zoe):
        ask(olga, SHARED, "Read the zone with us, please.")
    expect(olga.locator("#messages")).to_contain_text("Zoe Nakamura is asked.")
    expect(swarm(ada)).to_contain_text("Read the zone with us, please.")
    expect(swarm(ada)).to_contain_text("Zoe Nakamura answer due")
    notice = zoe.locator("#inbox li li", has_text="Olga Petrova").get_by_role("link").last
    expect(notice).to_be_visible()
    notice.click()
    expect(zoe.locator("main")).to_contain_text("Read the zone with us, please.")
    expect(olga.locator("#live-state")).to_have_attribute("data-state", "live")
    with one_more(olga):
        zoe.get_by_role("button", name="I help", exact=True).click()
    zoe.wait_for_url(f"**/threads/{SHARED}/")

    for page in (ada, ben):
        is_seen_helping(page, "Zoe Nakamura")
    write_together(zoe)
    field(zoe, "cause").focus()
    zoe.keyboard.type("A stale zone.")
    for page in (ada, ben):
        page.get_by_role("tab", name="Record").click()
        expect(field(page, "cause")).to_have_text("A stale zone.")
        is_seen_writing(page, "cause", "Zoe Nakamura")
    assert accessibility_problems(ada) == []


def test_whoever_the_owner_removes_has_no_editor_any_more(person: Callable[..., Page]) -> None:
    olga, zoe = room(person, "olga", REMOVING), room(person, "zoe", REMOVING)
    olga.get_by_role("button", name="Take this thread").click()
    expect(zoe.locator("#thread-head")).to_contain_text("Olga Petrova")
    swarm(zoe).get_by_role("button", name="Help with it").click()
    expect(zoe.locator("#panel-swarm").get_by_role("button", name="Stop helping")).to_be_in_viewport()
    expect(swarm(olga)).to_contain_text("Zoe Nakamura")
    write_together(zoe)
    field(zoe, "cause").focus()
    zoe.keyboard.type("Sand")
    expect(zoe.locator("[data-record-state]")).to_have_attribute("data-standing", "saved")
    assert accessibility_problems(olga) == []
    swarm(olga).get_by_role("button", name="Remove Zoe Nakamura").click()
    expect(zoe.locator(".record-room")).to_have_count(0)
    expect(zoe.locator("[data-record-notice]")).to_contain_text("not written by you")
    expect(zoe.locator("#record-page")).to_contain_text("Sand")
    expect(swarm(zoe).get_by_role("button", name="Help with it")).to_have_count(0)


def test_who_does_not_answer_is_passed_over_by_the_worker_and_answers_are_told(
    person: Callable[..., Page], live_site: LiveSite
) -> None:
    ada, cleo, finn = person("ada"), person("cleo"), person("finn")
    for page in (cleo, finn):
        page.goto("/inbox/")
        expect(page.locator("#live-state")).to_have_attribute("data-state", "live")
    ask(ada, PASSED, "Which zone is it?", "zoe", "cleo", "finn")
    request = ada.url
    ada = room(person, "ada", PASSED)
    expect(swarm(ada)).to_contain_text("Zoe Nakamura answer due")
    with one_more(cleo):
        run_python(live_site.environment, "-c", TIME_IS_UP.format(number=PASSED))
        expect(swarm(ada)).to_contain_text("Cleo Marchetti answer due")
    expect(ada.locator("#posts")).to_contain_text("Zoe Nakamura did not answer in time; the next one is asked")

    cleo.goto(request)
    cleo.get_by_role("button", name="I need to know more").click()
    expect(cleo.locator("main [role=alert]")).to_contain_text("Write something here")
    cleo.get_by_label("A word with it").fill("Which servers answer for it?")
    cleo.get_by_role("button", name="I need to know more").click()
    expect(cleo.locator("#messages")).to_contain_text("Your answer is sent")
    expect(ada.locator("#posts")).to_contain_text("Cleo Marchetti needs to know more before helping")
    ada.goto(request)
    expect(ada.locator("main")).to_contain_text("Which servers answer for it?")
    ada.get_by_label("Answer what Cleo Marchetti asks").fill("ns1 and ns2.")
    expect(cleo.locator("#live-state")).to_have_attribute("data-state", "live")
    with one_more(cleo):
        ada.get_by_role("button", name="Send").click()
    cleo.goto(request)
    expect(cleo.locator("main")).to_contain_text("ns1 and ns2.")
    cleo.get_by_label("A word with it").fill("Not my servers.")
    with one_more(finn):
        cleo.get_by_role("button", name="I cannot").click()
    expect(cleo.locator("#messages")).to_contain_text("Your answer is sent")

    finn.goto(request)
    expect(finn.locator("main")).not_to_contain_text("Not my servers.")
    finn.get_by_role("button", name="I help", exact=True).click()
    finn.wait_for_url(f"**/threads/{PASSED}/")
    ada.goto(f"/threads/{PASSED}/timeline/?show=help")
    for told in ("did not answer in time", "needs to know more", "cannot help", "will help"):
        expect(ada.locator("main")).to_contain_text(told)


def test_a_thread_is_taken_handed_over_and_accepted_in_another_window(person: Callable[..., Page]) -> None:
    ben, olga = room(person, "ben", OVER), room(person, "olga", OVER)
    ben.get_by_role("button", name="Take this thread").click()
    expect(olga.locator("#thread-head")).to_contain_text("Ben Okafor")
    expect(olga.get_by_role("button", name="Take this thread")).to_have_count(0)
    swarm(ben).get_by_role("link", name="Hand over").click()
    ben.get_by_label("Where it stands").fill(SUMMARY)
    ben.get_by_label("To whom").fill("olga")
    with one_more(olga):
        ben.get_by_role("button", name="Offer the thread").click()
    expect(ben.locator("#messages")).to_contain_text("Olga Petrova is asked to take over")
    expect(swarm(olga).locator("#hand-over strong").last).to_have_text("example.org")
    expect(swarm(ben).get_by_role("button", name="I have it")).to_have_count(0)
    swarm(olga).get_by_role("button", name="I have it").click()
    expect(olga.locator("#thread-head")).to_contain_text("Olga Petrova")
    expect(ben.locator("#thread-head")).to_contain_text("Olga Petrova")
    expect(swarm(ben).locator("h3:has-text('Helping') + ul")).to_contain_text("Ben Okafor")
    swarm(ben).get_by_role("button", name="Stop helping").click()
    expect(swarm(olga).get_by_role("heading", name="Helping")).to_have_count(0)
    expect(olga.locator("#posts")).to_contain_text("Ben Okafor does not help with the thread any more")

    swarm(olga).get_by_role("link", name="Log a call").click()
    olga.get_by_label("Members who were there").fill("olga, ben")
    olga.get_by_label("Others who were there").fill("Rina of Kestrel")
    olga.get_by_label("What came of it").fill("The registrar lifts the hold tonight.")
    olga.get_by_role("button", name="Write it down").click()
    expect(ben.locator("#posts")).to_contain_text("Rina of Kestrel")
    ben.locator("#posts .events > summary").last.click()
    ben.locator("#posts").get_by_role("link", name="what came of it").click()
    expect(ben.locator(".meeting")).to_contain_text("The registrar lifts the hold tonight.")
    ben.goto("/search/?q=registrar+hold")
    expect(ben.locator(".results")).to_contain_text("registrar")


@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}])
def test_where_one_is_asked_to_take_over_is_in_sight(person: Callable[..., Page], viewport: ViewportSize) -> None:
    olga, zoe = person("olga"), person("zoe", viewport=viewport)
    olga.goto(f"/threads/{SIGHT}/")
    if olga.get_by_role("button", name="Take this thread").count():
        olga.get_by_role("button", name="Take this thread").click()
    olga.goto(f"/threads/{SIGHT}/hand-over/")
    olga.get_by_label("Where it stands").fill(SUMMARY)
    olga.get_by_label("To whom").fill("zoe")
    olga.get_by_role("button", name="Offer the thread").click()
    expect(olga.locator("#messages")).to_contain_text("Zoe Nakamura is asked to take over")
    zoe.goto("/")
    waits_for(zoe, SIGHT).click()
    expect(zoe.get_by_role("button", name="I have it")).to_be_in_viewport()
    assert accessibility_problems(zoe) == []
    zoe.get_by_role("button", name="I cannot").click()
    expect(zoe.locator("#hand-over")).to_have_count(0)


def test_the_note_of_a_shift_and_what_happened_while_one_was_away(person: Callable[..., Page]) -> None:
    zoe, olga = room(person, "zoe", SHIFT), room(person, "olga", SHIFT)
    zoe.goto("/help/")
    zoe.wait_for_function(READ, arg=SHIFT)
    olga.get_by_role("button", name="Take this thread").click()
    swarm(olga).get_by_role("link", name="Hand over").click()
    olga.get_by_label("Where it stands").fill(SUMMARY)
    olga.get_by_role("button", name="Offer the thread").click()
    expect(olga.locator("#messages")).to_contain_text("until somebody takes over")
    olga.locator("#reply").fill("Good night.")
    olga.locator("#reply").press("Control+Enter")
    expect(olga.locator("#posts")).to_contain_text("Good night.")

    zoe.goto(f"/threads/{SHIFT}/")
    zoe.get_by_text("Since you were here", exact=True).first.click()
    for told in ("1 new post by Olga Petrova", "Olga Petrova took", "left a note for whoever takes over"):
        expect(zoe.locator("#since")).to_contain_text(told)
    note = swarm(zoe).locator("#hand-over")
    expect(note).to_contain_text("From Olga Petrova, to whoever takes over")
    note.get_by_role("button", name="I have it").click()
    expect(zoe.locator("#thread-head")).to_contain_text("Zoe Nakamura")
    expect(olga.locator("#thread-head")).to_contain_text("Zoe Nakamura")
    expect(olga.locator("#hand-over")).to_have_count(0)


def test_all_of_it_by_forms_without_javascript(person: Callable[..., Page]) -> None:
    ada = person("ada", java_script_enabled=False)
    ask(ada, PLAIN, "Tell us which zone.", "ben", "zoe")
    request = ada.url
    ben = person("ben", java_script_enabled=False)
    ben.goto("/")
    waits_for(ben, PLAIN).click()
    assert ben.url == request
    ben.get_by_label("A word with it").fill("I am on a train.")
    ben.get_by_role("button", name="I cannot").click()
    expect(ben.locator("#messages")).to_contain_text("Your answer is sent")
    zoe = person("zoe", java_script_enabled=False)
    zoe.goto("/inbox/")
    about = zoe.locator("#inbox .igroup", has_text=f"Resolver {PLAIN} loses names")
    about.locator("li", has_text="Ada Lindqvist").get_by_role("link").last.click()
    zoe.get_by_role("button", name="I help", exact=True).click()
    expect(zoe.locator("#panel-swarm h3:has-text('Helping') + ul")).to_contain_text("Zoe Nakamura")

    zoe.get_by_role("button", name="Take this thread").click()
    zoe.get_by_role("link", name="Hand over").click()
    zoe.get_by_label("Where it stands").fill(SUMMARY)
    zoe.get_by_label("To whom").fill("cleo")
    zoe.get_by_role("button", name="Offer the thread").click()
    cleo = person("cleo", java_script_enabled=False)
    cleo.goto("/")
    waits_for(cleo, PLAIN).click()
    cleo.get_by_role("button", name="I have it").click()
    expect(cleo.locator("#thread-head")).to_contain_text("Cleo Marchetti")
    cleo.get_by_role("button", name="Remove Zoe Nakamura").click()
    expect(cleo.locator("#panel-swarm h3:has-text('Helping')")).to_have_count(0)
    cleo.get_by_role("link", name="Log a call").click()
    cleo.get_by_label("What came of it").fill("The delegation was wrong.")
    cleo.get_by_role("button", name="Write it down").click()
    cleo.get_by_role("link", name="See who and what could help").or_(
        cleo.get_by_role("link", name="Who and what could help")
    ).first.click()
    expect(cleo.locator("main")).to_contain_text("Could help")
    cleo.locator("main").get_by_role("button", name=re.compile("^Ask")).first.click()
    expect(cleo.locator("#messages")).to_contain_text("is asked")
    cleo.get_by_role("link", name="Timeline").click()
    for told in ("cannot help", "will help", "asked to take over", "removed from the swarm", "wrote down a call"):
        expect(cleo.locator("main")).to_contain_text(told)
    cleo.goto(f"/threads/{PLAIN}/")
    cleo.get_by_role("button", name="Hand it back").click()
    expect(cleo.locator("#thread-head")).to_contain_text("nobody yet")


def reach(page: Page, target: Locator, *, most: int = 90) -> None:
    """Presses Tab until the element has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is out of reach of the Tab key")


def enter(page: Page, target: Locator) -> None:
    """Goes there by Tab and presses Enter."""
    reach(page, target)
    page.keyboard.press("Enter")


def type_into(page: Page, target: Locator, text: str) -> None:
    """Goes to a field by Tab and types."""
    reach(page, target)
    page.keyboard.type(text)


def turn_to_the_swarm(page: Page) -> None:
    """By the arrow keys, as tabs are."""
    reach(page, page.get_by_role("tab", name="Record"))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Swarm")).to_be_focused()


def test_asking_answering_and_handing_over_with_the_keyboard_alone(person: Callable[..., Page]) -> None:
    ada, zoe = room(person, "ada", KEYS), person("zoe")
    turn_to_the_swarm(ada)
    enter(ada, ada.get_by_role("link", name="Ask for help"))
    ada.wait_for_url("**/help/")
    reach(ada, ada.locator("[name=target]:checked"))
    ada.keyboard.press("ArrowDown")
    type_into(ada, ada.locator("[name=members]"), "zoe")
    type_into(ada, ada.get_by_label("What is needed"), "Have a look.")
    enter(ada, ada.locator("main form button.primary"))
    ada.wait_for_url("**/requests/*/")
    expect(ada.locator("#messages")).to_contain_text("Zoe Nakamura is asked.")

    zoe.goto("/")
    enter(zoe, waits_for(zoe, KEYS))
    zoe.wait_for_url("**/requests/*/")
    enter(zoe, zoe.get_by_role("button", name="I help", exact=True))
    zoe.wait_for_url(f"**/threads/{KEYS}/")
    enter(zoe, zoe.get_by_role("button", name="Take this thread"))
    expect(zoe.locator("#thread-head")).to_contain_text("Zoe Nakamura")
    turn_to_the_swarm(zoe)
    enter(zoe, zoe.get_by_role("link", name="Hand over"))
    zoe.wait_for_url("**/hand-over/")
    type_into(zoe, zoe.get_by_label("Where it stands"), SUMMARY)
    type_into(zoe, zoe.get_by_label("To whom"), "ada")
    zoe.keyboard.press("Enter")
    zoe.wait_for_url(f"**/threads/{KEYS}/")

    ada.goto(f"/threads/{KEYS}/")
    turn_to_the_swarm(ada)
    enter(ada, ada.get_by_role("button", name="I have it"))
    expect(ada.locator("#thread-head .person", has_text="Ada Lindqvist")).to_have_count(2)
