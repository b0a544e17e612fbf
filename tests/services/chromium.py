"""The machine's own Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find() -> Path | None:
    """The browser's binary: the one that CHROMIUM names, or the first on the PATH."""
    names = (os.environ.get("CHROMIUM"), *NAMES)
    return next((Path(found) for name in names if name and (found := shutil.which(name))), None)


@contextmanager
def running() -> Iterator[Browser]:
    """A headless browser while the block runs."""
    binary = find()
    if binary is None:
        raise RuntimeError("Chromium is not installed")
    arguments = ["--disable-dev-shm-usage"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=binary, args=arguments)
        yield browser
        browser.close()
