"""The contribution profile, by keyboard alone: one shows parts of it, somebody of another organization sees these."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.site(seed="tests.browser.seeds:contributions")

MEMBER = "/people/ben/"
PROFILE, EVIDENCE = f"{MEMBER}profile/", f"{MEMBER}profile/evidence/"
MOST_STEPS = 80
EVERYBODY, COLLEAGUES = "network", "organization"


def step_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus, and see that it can be seen to have it."""
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if target.evaluate("(node) => node === document.activeElement"):
            assert target.evaluate("(node) => node.matches(':focus-visible')")
            return
    pytest.fail(f"{target} cannot be reached")


def choose(page: Page, part: str, circle: str) -> None:
    """Go into the part's group and to the choice, by the arrows."""
    step_to(page, page.locator(f"[name={part}]:checked"))
    wanted = page.locator(f"[name={part}][value={circle}]")
    for _choice in range(3):
        if wanted.is_checked():
            break
        page.keyboard.press("ArrowDown")
    expect(wanted).to_be_checked()


def save(page: Page) -> None:
    step_to(page, page.get_by_role("button", name="Save"))
    page.keyboard.press("Enter")
    expect(page.locator(".messages, [role=status]").filter(has_text="Saved.").first).to_be_visible()


def status_of(page: Page, path: str) -> int:
    answer = page.goto(path)
    assert answer
    return answer.status


def show(page: Page, **circles: str) -> list[str]:
    """Choose who sees what; what the page says of it then."""
    page.goto(PROFILE)
    step_to(page, page.get_by_role("link", name="Who sees it"))
    page.keyboard.press("Enter")
    for part, circle in circles.items():
        choose(page, part, circle)
    save(page)
    return page.locator("#shown strong").all_inner_texts()[:3]


def sees_sums_and_nothing_else(page: Page) -> None:
    """From the member's page on to the profile."""
    page.goto(MEMBER)
    step_to(page, page.get_by_role("link", name="Contribution profile", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Contribution profile")
    main = page.locator("main")
    kinds = main.locator("section[aria-labelledby=kinds] tbody tr")
    expect(kinds).to_have_count(5)
    expect(kinds.first).to_contain_text("30")
    expect(main.get_by_role("link", name="#lobby")).to_have_count(1)
    expect(main).not_to_contain_text("#workshop")
    expect(main).not_to_contain_text("How peers rate")
    expect(main.locator("#shown, [href*='/evidence/']")).to_have_count(0)
    assert status_of(page, EVIDENCE) == 404


def sees_the_evidence(page: Page) -> None:
    """One step from the number, with the title of what they see themselves."""
    page.goto(PROFILE)
    step_to(page, page.get_by_role("link", name="30 Solve"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Evidence: Solve")
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(3)
    expect(page.locator("main tfoot")).to_contain_text("30")
    expect(rows.filter(has_text="Gate drops its lease")).to_have_count(2)
    expect(page.locator("main")).not_to_contain_text("Press stops at night")
    step_to(page, rows.get_by_role("link", name="Gate drops its lease").first)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Gate drops its lease")


def sees_nothing(page: Page) -> None:
    assert status_of(page, PROFILE) == status_of(page, EVIDENCE) == 404
    page.goto(MEMBER)
    expect(page.get_by_role("link", name="Contribution profile", exact=True)).to_have_count(0)
    expect(page.locator("#standing-rows")).to_have_text("What it is made of is for Ben Okafor to show.")


def test_one_shows_parts_and_somebody_elsewhere_sees_exactly_these(person: Callable[..., Page]) -> None:
    ben, zoe = person("ben"), person("zoe")
    sees_nothing(zoe)
    assert show(ben, contributions=EVERYBODY, ledger=COLLEAGUES) == [
        "Now: everybody in the network sees it.",
        "Now: you and everybody in Acme see it.",
        "Now: only you see it.",
    ]
    sees_sums_and_nothing_else(zoe)
    show(ben, ledger=EVERYBODY)
    sees_the_evidence(zoe)
    show(ben, contributions="me", ledger="me")
    sees_nothing(zoe)
