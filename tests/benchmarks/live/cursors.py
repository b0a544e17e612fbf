"""The thread page while many write in its record: for those who fetch it, and in the browser of one who has it open."""

import asyncio
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from playwright.sync_api import Browser, expect

from tests.benchmarks.live.broadcast import warm
from tests.benchmarks.live.editors import Editor, typing
from tests.benchmarks.live.figures import Figure, none_of, percentile, shown
from tests.benchmarks.live.options import Options
from tests.benchmarks.live.posting import reading
from tests.benchmarks.live.site import Site
from tests.services import chromium

A_SECOND = 20.0
READERS = 5
SECONDS = 20.0
PATIENCE_SECONDS = 60.0
PARTS = {
    "TaskDuration": "in all",
    "ScriptDuration": "scripts",
    "LayoutDuration": "layout",
    "RecalcStyleDuration": "styles",
}


def measure(site: Site, options: Options) -> Iterator[Figure]:
    """Fetching the page, and what the open page costs its browser: with nobody there, and with so many cursors."""
    row = f"page, {options.editors} cursors on {len(site.web)}"
    warm(site)
    thread, readers = site.page(READERS)
    with reading(readers, thread, A_SECOND):
        time.sleep(2.0)
    with reading(readers, thread, A_SECOND) as alone:
        time.sleep(SECONDS)
    yield Figure(row, "fetched with nobody there, p50 / p99", shown(alone), f"{len(alone)} readings")
    with writing_together(site, options, thread) as closed, reading(readers, thread, A_SECOND) as meanwhile:
        time.sleep(SECONDS)
    yield Figure(row, "fetched meanwhile, p50 / p99", shown(meanwhile), f"{len(meanwhile)} readings")
    yield Figure(row, "p99 meanwhile beside before", f"{percentile(meanwhile, 99) / percentile(alone, 99):.3g} x")
    yield none_of(row, "connections lost", sum(closed))
    if chromium.find() is None:
        yield Figure(row, "in the browser", "Chromium not found")
        return
    with chromium.running() as browser:
        yield from in_the_browser(browser, site, options, thread, row)


@contextmanager
def writing_together(site: Site, options: Options, thread: int) -> Iterator[list[bool]]:
    """So many type in the record, with their cursors, as long as the block runs; then which connections were lost."""
    sitting, over = Event(), Event()
    closed: list[bool] = []

    async def write() -> None:
        editors = [await Editor.sit(site.address, thread, token) for token in site.tokens[: options.editors]]
        sitting.set()
        dice = random.Random(6)
        while not over.is_set():
            await asyncio.gather(
                *(typing(editor, options.keystrokes, 1.0, random.Random(dice.random())) for editor in editors)
            )
        closed.extend(editor.closed for editor in editors)
        for editor in editors:
            await editor.leave()

    writers = Thread(target=asyncio.run, args=[write()])
    writers.start()
    try:
        if not sitting.wait(PATIENCE_SECONDS):
            raise RuntimeError("not all could sit down at the record")
        yield closed
    finally:
        over.set()
        writers.join()


def in_the_browser(browser: Browser, site: Site, options: Options, thread: int, row: str) -> Iterator[Figure]:
    """How much of a core the page's main thread takes, in which the record is open."""
    address = f"http://{site.address[0]}:{site.address[1]}"
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": site.session(), "url": address}])
    page = context.new_page()
    page.goto(f"{address}/threads/{thread}/")
    page.locator("[data-record-open]").click()
    expect(page.locator(".record-room:not(.is-opening)")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    client = context.new_cdp_session(page)
    client.send("Performance.enable")

    def used() -> dict[str, float]:
        metrics = client.send("Performance.getMetrics")["metrics"]
        return {each["name"]: each["value"] for each in metrics}

    def share(seconds: float) -> str:
        before, began = used(), time.monotonic()
        page.wait_for_timeout(seconds * 1000)
        after, took = used(), time.monotonic() - began
        return ", ".join(f"{name} {(after[part] - before[part]) / took:.1%}" for part, name in PARTS.items())

    yield Figure(row, "of a core in the browser, nobody writes", share(SECONDS / 2))
    with writing_together(site, options, thread) as closed:
        expect(page.locator(".who").first).to_be_attached(timeout=PATIENCE_SECONDS * 1000)
        yield Figure(
            row, "of a core in the browser, all write", share(SECONDS), f"{page.locator('.who').count()} cursors"
        )
    yield none_of(row, "connections lost beside the browser", sum(closed))
    context.close()
