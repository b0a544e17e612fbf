"""The story of a practice: what stands on its site, and what people do there, each through the pages."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browsing import accessibility_problems
from tests.cast import PASSWORD, make_cast

SCANNER, PRINTER, MENU = "/threads/2/", "/threads/3/", "/threads/4/"
ALIKE = "Scanner sends no mail since the gateway changed its certificate"
ASKED = "Scanner sends no mail since the certificate changed"
TITLE = "Scanners are refused with 550 5.7.57 after a change of certificate"
ADDRESS = "hotline@brightline-turin.it"
FIX = "Choose STARTTLS on port 587 and import the new root certificate."
REVISED = "Since firmware 5, import the root certificate in the web console; the panel has no menu for it any more."
OUTDATED = {
    "kind": "Outdated", "environment": "Scanner firmware 5.0", "note": "The menu is gone since firmware 5.",
}  # fmt: skip
PLAYBOOK = "A device is refused by the gateway"


def story() -> None:
    """The cast among six organizations, so that three have to say that a practice works; Emil of Eastgate curates too.

    A practice is there already; threads 2 to 4: one that Ben answered, one of Dita's like it, one to write in.
    """
    from community.models import Grant, Member, Organization
    from tests.threads.practicing import recorded
    from threads.actions.posts import post_reply
    from threads.actions.threads import open_thread

    cast = make_cast()
    for name, handle, person in (("Deltaworks", "dita", "Dita Maas"), ("Eastgate", "emil", "Emil Sand")):
        organization = Organization.objects.create(slug=name.lower(), name=name)
        cast.people[handle] = Member.objects.create_user(
            f"{handle}@example.org", PASSWORD, handle=handle, name=person, organization=organization
        )
    lobby, product = cast.spaces["lobby"], cast.products["mail-gateway"]
    Grant.objects.create(member=cast.emil, role=Grant.Role.CURATOR, space=lobby)
    like = {
        "problem": "The gateway answers that the client was not authenticated.",
        "resolution": "Restart the scanner.",
    }
    recorded(cast, title=ALIKE, **like)
    body = "The gateway answers `550 5.7.57 client was not authenticated` to the scanner."
    asked = open_thread(by=cast.ada, space=lobby, title=ASKED, body=body, product=product, tags=["smtp"])
    post_reply(by=cast.ben, thread=asked, body=f"{FIX} If the root is missing, write to {ADDRESS}.")
    again = "Every label mail is refused with 550 5.7.57."
    open_thread(by=cast.dita, space=lobby, title="Label printer sends no mail", body=again, product=product)
    open_thread(by=cast.emil, space=lobby, title="Fax server sends no mail", body="Since Monday.", product=product)


def main(page: Page) -> Locator:
    return page.get_by_role("main")


def follow(page: Page, name: str) -> None:
    """Follows a link of the page's own part."""
    main(page).get_by_role("link", name=name).first.click()


def press(page: Page, name: str) -> None:
    """Presses a button of the page's own part."""
    main(page).get_by_role("button", name=name).first.click()


def heading(page: Page, words: str) -> None:
    """Waits until the page is about this."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def live(page: Page, path: str) -> None:
    """Opens the page and waits until it hears what happens."""
    page.goto(path)
    expect(page.locator("#live-state")).to_have_attribute("data-state", "live")


def confidence(page: Page, words: str) -> None:
    """Waits until the practice's page says so of it."""
    expect(page.locator(".page-head .confidence")).to_have_text(words)


def resolves(page: Page) -> None:
    """The asker says what fixed it."""
    live(page, SCANNER)
    page.locator("#post-2 [data-tool=resolve]").click()
    expect(page.get_by_role("checkbox", name="Ben Okafor")).to_be_checked()
    page.get_by_label("Cause").fill("The gateway asks for authentication since its certificate changed.")
    page.get_by_label("Environment").fill("Two scanners, firmware 4.1.")
    press(page, "Resolve the thread")
    heading(page, ASKED)


def records(page: Page) -> str:
    """The resolved thread becomes a practice of its own, like ones looked at; what tells of somebody is masked."""
    follow(page, "Record in the archive")
    like = page.get_by_role("region", name="Much like this, in the archive already")
    expect(like.get_by_role("link", name=ALIKE, exact=True)).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text(ADDRESS)
    assert accessibility_problems(page) == []
    page.get_by_label("Title").fill(TITLE)
    press(page, "Record the practice")
    expect(page.get_by_role("alert")).to_contain_text("This tells of somebody")
    assert accessibility_problems(page) == []
    press(page, "Mask all and save")
    heading(page, TITLE)
    expect(page.get_by_role("region", name="Resolution")).to_contain_text("write to [email-1]")
    expect(main(page)).not_to_contain_text(ADDRESS)
    confidence(page, "Not validated")
    return page.url


def finds(page: Page, words: str) -> None:
    """Searches for it from the top of any page, and opens it."""
    page.get_by_role("searchbox", name="Search threads").fill(words)
    page.keyboard.press("Enter")
    page.locator(".results").get_by_role("link", name=TITLE).first.click()
    heading(page, TITLE)


def says_it_worked(page: Page, before: str, after: str) -> None:
    """Says so on the practice's page, which says at once what comes of it."""
    confidence(page, before)
    press(page, "Worked for us")
    expect(page.get_by_role("status").filter(has_text="It counts for your organization")).to_be_visible()
    confidence(page, after)


def says_that_it_is_outdated(page: Page) -> None:
    """Says so on a page of its own."""
    page.locator("#verdicts").get_by_role("link", name=OUTDATED["kind"]).click()
    expect(page.get_by_label(OUTDATED["kind"])).to_be_checked()
    page.get_by_label("Where you tried it").fill(OUTDATED["environment"])
    page.get_by_label("What was different").fill(OUTDATED["note"])
    press(page, "Say it")
    heading(page, TITLE)


def points_to_it(page: Page, words: str) -> None:
    """Chooses the practice from the menu, with the keyboard alone, says that it was used, and posts the link."""
    page.locator("#reply").focus()
    page.keyboard.type(words)
    option = page.get_by_role("option", name=TITLE)
    expect(option).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#reply")).to_have_value(re.compile(rf"\[{re.escape(TITLE)}\]\(/practices/\d+/\) $"))
    page.get_by_role("button", name="It was used here").click()
    expect(page.locator(".slash-note")).to_have_text("Noted: it was used here.")
    expect(page.locator("#reply")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#posts article", has_text=TITLE)).to_be_visible()


def says_that_it_solved_it(page: Page) -> None:
    """The asker finds it among what was used in the thread, and resolves the thread with it."""
    page.get_by_role("tab", name="Related").click()
    page.get_by_role("link", name="Practices used here").click()
    used = page.get_by_role("region", name="Used here")
    expect(used.get_by_role("link", name=TITLE, exact=True)).to_be_visible()
    used.locator("summary", has_text="It solved it").click()
    used.get_by_role("button", name="Resolve the thread with it").click()
    expect(page.get_by_role("status").filter(has_text="That counts for the practice")).to_be_visible()


def finds_on_the_desk(page: Page) -> Locator:
    """The practice among those that are challenged, as a curator comes to see it."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Curators’ desk").click()
    page.get_by_role("navigation", name="Queues").get_by_role("link", name="Challenged").click()
    return page.locator(".desk-rows > li", has_text=TITLE)


def revises(page: Page) -> None:
    """A curator claims the practice, reads what is said against it, edits it, and leaves the decision to another."""
    row = finds_on_the_desk(page)
    row.get_by_role("button", name="Claim").click()
    expect(row).to_contain_text("Cleo Marchetti works on it")
    row.get_by_role("link", name="Review").click()
    heading(page, "Review: ")
    expect(page.get_by_role("region", name="What is said against it")).to_contain_text(OUTDATED["note"])
    review = page.url
    follow(page, "Read it as others do")
    follow(page, "Edit")
    page.get_by_label("Resolution").fill(REVISED)
    page.get_by_label("Why this change").fill("The menu went away.")
    press(page, "Save the practice")
    heading(page, TITLE)
    follow(page, "Open review")
    page.wait_for_url(review)
    expect(main(page)).to_contain_text("Somebody else has to decide")
    press(page, "Give it back for somebody else to decide")
    expect(page.get_by_role("status").filter(has_text="Others can work on it now")).to_be_visible()
    page.wait_for_url(review)


def decides(page: Page) -> None:
    """Another curator sees the new text and says that it deals with what was said."""
    finds_on_the_desk(page).get_by_role("link", name="Review").click()
    expect(page.get_by_role("region", name="What changed from version 1 to version 2")).to_contain_text(REVISED)
    decision = page.locator("#decide")
    decision.get_by_label("It was revised").check()
    decision.get_by_label("Why").fill("Written anew for firmware 5.")
    decision.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("status").filter(has_text="Those who spoke against it are told")).to_be_visible()


def writes_a_playbook(page: Page, practice: str) -> None:
    """Two steps with the practice at the first, and a question between them."""
    page.goto("/playbooks/new/?space=lobby")
    page.get_by_label("Title").fill(PLAYBOOK)
    page.get_by_label("When to use it").fill("When the gateway answers 550.")
    for number, title in enumerate(("Read the answer", "Is it 5.7.57?", "Import the root certificate"), 1):
        step = page.get_by_role("group", name=f"Step {number}")
        if not step.count():
            press(page, "Add a step")
        step.get_by_label("What is done or asked").fill(title)
    first, question, last = (page.get_by_role("group", name=f"Step {number}") for number in (1, 2, 3))
    first.get_by_label("How").fill("Look for the last line of the log.")
    question.get_by_label("Kind").select_option(label="A question that decides the way")
    question.get_by_label("Answer 1").fill("Yes")
    question.get_by_label("Answer 2").fill("No")
    question.get_by_label("goes on with").nth(1).select_option(label="the end")
    last.get_by_label("Number of a practice").fill(practice)
    press(page, "Keep it")
    heading(page, PLAYBOOK)
