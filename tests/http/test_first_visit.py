"""What a first visit of a thread costs on the line, and that whatever it fetched once is never fetched again."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import brotli
import pytest
from django.test import Client

from community.http import static
from community.http.modules import imports_of, later_imports_of, needed_by
from tests.cast import Cast
from tests.pages.publishing import public
from tests.pages.stories import signed_in
from threads.actions.posts import post_reply
from threads.actions.threads import open_thread

BUDGET = 60 * 1024
PUBLIC_BUDGET = 12 * 1024
YEAR = 365 * 24 * 60 * 60
REFERENCE = re.compile(r'(?:<link[^>]*?\bhref|<script[^>]*?\bsrc|<use href)="(/static/[^"#]+)')
IN_STYLE = re.compile(r"""url\(["']?([^"')]+)|@import\s+["']([^"']+)""")
REPLY = """The relay at **gate {number}** answers, but the controller drops its lease every few minutes:

    10:0{number} lease renewed
    10:1{number} lease lost, retrying in 30 s

Have you compared the firmware? [Release notes](https://example.com/{number}) say that 4.2 mends this. Otherwise:

1. stop the controller,
2. clear its table, then start it with `--fresh`,
3. wait for two renewals before you connect the next gate.
"""


@dataclass
class Fetched:
    """One response, as it came over the line."""

    content: bytes
    coding: str
    cached: str

    @property
    def text(self) -> str:
        """What it says."""
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}.get(self.coding, bytes)
        return bytes(unpack(self.content)).decode()


def fetch(client: Client, address: str, accept: str = "gzip, br") -> Fetched:
    """The answer to a GET, which must be a success."""
    response = client.get(address, headers={"Accept-Encoding": accept})
    assert response.status_code == 200, address
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    return Fetched(content, response.get("Content-Encoding", ""), response.get("Cache-Control", ""))


def visit(client: Client, page: str, accept: str = "gzip, br") -> dict[str, Fetched]:
    """The page and everything that a browser fetches for it: what it names, and what that imports."""
    fetched = {page: fetch(client, page, accept)}
    waiting = REFERENCE.findall(fetched[page].text)
    for address in waiting:
        if address not in fetched:
            fetched[address] = fetch(client, address, accept)
            waiting += [urljoin(address, other) for other in mentioned(address)]
            if address.endswith(".css"):
                others = [one or other for one, other in IN_STYLE.findall(fetched[address].text)]
                waiting += [urljoin(address, other) for other in others if not other.startswith("data:")]
    return fetched


def mentioned(address: str) -> list[str]:
    """The modules that a script imports at its start, as addresses."""
    name = address.removeprefix("/static/").removeprefix(static.release())
    return [f"/static/{static.release()}{other}" for other in imports_of(name)] if name.endswith(".js") else []


@pytest.fixture
def thread_page(cast: Cast) -> str:
    """A thread of 20 posts of the usual kind."""
    thread = open_thread(by=cast.ada, space=cast.spaces["lobby"], title="Gate drops its lease", body=REPLY)
    people = [cast.ada, cast.ben, cast.cleo]
    for number in range(19):
        post_reply(by=people[number % 3], thread=thread, body=REPLY.replace("{number}", str(number)))
    return f"/threads/{thread.pk}/"


@pytest.mark.parametrize("accept", ["gzip, deflate, br", "gzip"])
def test_a_first_visit_is_small(cast: Cast, collected: Path, thread_page: str, accept: str) -> None:
    fetched = visit(signed_in(cast.ben), thread_page, accept)
    sizes = {address: len(answer.content) for address, answer in fetched.items()}
    assert sum(sizes.values()) < BUDGET, sizes
    assert len(sizes) > 20, "scripts, styles and icons are among them"
    assert {answer.coding for address, answer in fetched.items()} <= {"br" if "br" in accept else "gzip", ""}


def test_what_was_fetched_once_is_kept_for_ever(cast: Cast, collected: Path, thread_page: str) -> None:
    fetched = visit(signed_in(cast.ben), thread_page)
    del fetched[thread_page]
    for address, answer in fetched.items():
        assert address.startswith(f"/static/{static.release()}"), address
        age = re.search(r"max-age=(\d+)", answer.cached)
        assert age is not None
        assert int(age[1]) >= YEAR
        assert "immutable" in answer.cached, address


def test_every_import_leads_somewhere() -> None:
    entries = ["js/main.js", "js/theme.js", "js/signed_out.js"]
    for name in entries:
        entries += [other for other in (*imports_of(name), *later_imports_of(name)) if other not in entries]
    scripts = {name for name in static.found_files() if name.startswith(("js/", "vendor/")) and name.endswith(".js")}
    assert set(entries) == scripts, "every script is used, and every one used is there"


def test_a_page_names_what_its_scripts_import() -> None:
    assert needed_by("js/main.js")[0] == "js/main.js"
    assert set(imports_of("js/main.js")) <= set(needed_by("js/main.js"))
    assert "js/live/thread.js" in later_imports_of("js/live/main.js")
    with pytest.raises(FileNotFoundError):
        needed_by("js/nowhere.js")


def test_a_public_page_costs_little(cast: Cast, collected: Path, client: Client) -> None:
    """For who comes from a search engine on a phone: the page, its style and its picture, and nothing else."""
    practice = public(cast)
    for accept in ("gzip, br", "gzip"):
        fetched = visit(client, f"/public/practices/{practice.slug}/", accept)
        sizes = {address: len(answer.content) for address, answer in fetched.items()}
        assert sum(sizes.values()) <= PUBLIC_BUDGET, sizes
        assert [address.rpartition("/")[2] for address in fetched if address.startswith("/static/")] == [
            "public.css", "favicon.svg",
        ]  # fmt: skip
        assert all(each.coding for address, each in fetched.items() if not address.endswith(".svg"))
