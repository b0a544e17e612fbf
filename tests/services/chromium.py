"""The machine's own Chromium, driven by Playwright."""

import os
import shutil
import signal
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
SECONDS_TO_CLOSE = 60.0


def find() -> Path | None:
    """The browser's binary: the one that CHROMIUM names, or the first on the PATH."""
    names = (os.environ.get("CHROMIUM"), *NAMES)
    return next((Path(found) for name in names if name and (found := shutil.which(name))), None)


class Chromium:
    """A headless browser that is started when it is asked for, and again when it is no more."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._browser: Browser | None = None
        self.process = 0

    def browser(self) -> Browser:
        """The browser, connected."""
        if self._browser is None or not self._browser.is_connected():
            self._browser = _launched(self._playwright)
            self.process = _process_of(self._browser)
        return self._browser

    @contextmanager
    def ended_after(self, seconds: float) -> Iterator[None]:
        """End the browser when the block takes longer: what waits for it in the block raises playwright's Error.

        Now and then Chromium never answers to a context being closed while a page goes elsewhere, nor to a key.
        """
        timer = threading.Timer(seconds, self._end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def close(self) -> None:
        """End it."""
        if self._browser is not None and self._browser.is_connected():
            with self.ended_after(SECONDS_TO_CLOSE), suppress(Error):
                self._browser.close()

    def _end(self) -> None:
        warnings.warn("Chromium did not answer any more and was ended", stacklevel=1)
        os.kill(self.process, signal.SIGKILL)


@contextmanager
def ready() -> Iterator[Chromium]:
    """A browser that may be started while the block runs."""
    with sync_playwright() as playwright:
        chromium = Chromium(playwright)
        try:
            yield chromium
        finally:
            chromium.close()


@contextmanager
def running() -> Iterator[Browser]:
    """A headless browser while the block runs."""
    with ready() as chromium:
        yield chromium.browser()


def _launched(playwright: Playwright) -> Browser:
    binary = find()
    if binary is None:
        raise RuntimeError("Chromium is not installed")
    arguments = ["--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return playwright.chromium.launch(executable_path=binary, args=arguments)


def _process_of(browser: Browser) -> int:
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return next(int(each["id"]) for each in found if each["type"] == "browser")
