"""The pages benchmark at a tiny size: both bare views answer, and every page is told beside both."""

from collections.abc import Callable
from pathlib import Path

import httpx

from tests.benchmarks.pages import bare
from tests.benchmarks.pages.measuring import BARE, BARE_BY_DJANGO, Row, pages
from tests.benchmarks.pages.reader import Result, reading
from tests.benchmarks.pages.site import SETTINGS, Content, Served
from tests.live import SIGN_IN, LiveSite
from tests.operations.scrapes import scrape

COUNTED = "guildhall_http_request_seconds_count"


def test_pages_beside_both_bare_views(start_site: Callable[..., LiveSite], tmp_path: Path) -> None:
    site = start_site(settings=SETTINGS)
    content = Content(pages={"sign in": SIGN_IN}, unread=[], sessions=["nobody=1"], long={})
    with reading() as reader:
        rows = {row.name: row for row in pages(Served(site, content), reader, 2, 1, 0.1)}
    assert list(rows) == [BARE, BARE_BY_DJANGO, "sign in"]
    assert [len(row.ratios) for row in rows.values()] == [0, 1, 2]
    before = scrape(site)[COUNTED]
    for address in (bare.PATH, bare.DJANGO_PATH):
        assert httpx.get(f"{site.url}{address}", trust_env=False).content == bare.BODY
    assert scrape(site)[COUNTED] == before + 1, "one of the two is ours"


def test_ratios_are_those_of_the_middle_round() -> None:
    row = Row("page", 1)
    for requests, others in ((10, [20, 5]), (10, [40, 10]), (10, [100, 1])):
        row.add(Result(took=[1_000_000] * requests, seconds=1.0), 0.01, others)
    assert row.ratios == [0.25, 2.0]
