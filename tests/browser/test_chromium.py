"""The browser of these tests is ended when it does not answer any more, and started again: no run waits for ever."""

import os
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page

from tests.services.chromium import Chromium


@pytest.mark.parametrize("asked", [lambda page: page.context.close(), lambda page: page.keyboard.press("a")])
def test_a_browser_that_does_not_answer_is_ended_and_started_again(
    chromium_ready: Chromium, asked: Callable[[Page], object]
) -> None:
    page = chromium_ready.browser().new_context().new_page()
    os.kill(chromium_ready.process, signal.SIGSTOP)
    with pytest.warns(UserWarning, match="did not answer"), pytest.raises(Error), chromium_ready.ended_after(2):
        asked(page)
    page = chromium_ready.browser().new_context().new_page()
    page.goto("data:text/html,<title>Here again</title>")
    assert page.title() == "Here again"
