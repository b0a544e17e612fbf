"""A record of contributions, from the choice to the check by a stranger; by keyboard, and without a script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browsing import accessibility_problems, sign_in

pytestmark = pytest.mark.site(seed="tests.browser.seeds:seed")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_record_is_taken_and_checked(
    browser_context: Callable[..., BrowserContext], tmp_path: Path, scripts: bool
) -> None:
    ada: Page = browser_context(java_script_enabled=scripts).new_page()
    sign_in(ada, "ada")
    ada.goto("/people/ada/")
    ada.get_by_role("link", name="Take a signed record along").click()
    ada.get_by_role("button", name="Show what would be signed").press("Enter")
    expect(ada.get_by_role("heading", name="What would be signed")).to_be_visible()
    with ada.expect_download() as loading:
        ada.get_by_role("button", name="Sign and download").press("Enter")
    file = tmp_path / loading.value.suggested_filename
    loading.value.save_as(file)

    stranger: Page = browser_context(java_script_enabled=scripts).new_page()
    stranger.goto("/verify/")
    stranger.get_by_label("The file").set_input_files(file)
    stranger.get_by_role("button", name="Check").press("Enter")
    expect(stranger.get_by_role("heading", name="This record is genuine and unchanged.")).to_be_visible()
    if scripts:
        assert accessibility_problems(stranger) == []
        stranger.emulate_media(color_scheme="dark")
        stranger.set_viewport_size({"width": 390, "height": 844})
        assert accessibility_problems(stranger) == []

    ada.reload()
    ada.get_by_text("Withdraw", exact=False).first.click()
    ada.get_by_role("button", name="Withdraw it for good").first.click()
    stranger.goto("/verify/")
    stranger.get_by_label("Or its whole text").fill(file.read_text())
    stranger.get_by_role("button", name="Check").press("Enter")
    expect(stranger.get_by_role("heading", name="its member withdrew it")).to_be_visible()
