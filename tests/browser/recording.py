"""Records in browsers: opening one, writing in it, and what else happens to its thread meanwhile."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, ViewportSize, WebSocketRoute, expect

from tests.live import LiveSite, run_python

PHONE = ViewportSize(width=390, height=844)
WORKSHOP, JOINED, WATCHED, HUMMING = 9, 10, 11, 12
KEPT = """() => Object.keys(localStorage).filter((key) => key.startsWith("record:")).length"""
PASTE = """(content, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    content.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""
SCRIPT = """
import django; django.setup()
from community.actions.spaces import revoke_role
from community.models import Grant, Member
from threads.actions.changes import change_thread
from threads.actions.guests import end_guest, let_in
from threads.actions.helpers import join, remove_helper
from threads.actions.ownership import take
from threads.models import Thread
from threads.queries.guests import preview_for
people = {{member.handle: member for member in Member.objects.all()}}
thread = Thread.objects.get(pk={number})
"""
STORED = b"\x66"


def opened(person: Callable[..., Page], handle: str, number: int, **options: Any) -> Page:
    """The thread with its record open to be written in."""
    page = person(handle, **options)
    page.goto(f"/threads/{number}/")
    enter(page)
    return page


def enter(page: Page) -> None:
    """Opens the record that is on the page."""
    page.locator("[data-record-open]").click()
    is_open(page)


def is_open(page: Page) -> None:
    """Waits until the fields are there."""
    expect(page.locator(".record-room:not(.is-opening)")).to_be_visible()


def field(page: Page, name: str) -> Locator:
    """Where one writes."""
    return page.locator(f"[data-field={name}] .cm-content")


def reads(page: Page, name: str, expected: str) -> None:
    """Waits until exactly this stands in the field; the ends of lines do not count."""
    expect(field(page, name)).to_have_text(expected)


def text(page: Page, name: str) -> str:
    """What stands there now."""
    return field(page, name).text_content() or ""


def write(page: Page, name: str, words: str) -> None:
    """Types at the end of a field."""
    field(page, name).focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def stands(page: Page, standing: str) -> None:
    """Waits until the line above the fields says so."""
    expect(page.locator("[data-record-state]")).to_have_attribute("data-standing", standing)


def between(page: Page, passes: Callable[[bytes], bool]) -> None:
    """From the next connection on, the page gets only what `passes` of what the server says of records."""

    def connect(client: WebSocketRoute) -> None:
        server = client.connect_to_server()
        server.on_message(lambda said: client.send(said) if passes(bytes_of(said)) else None)

    page.route_web_socket("**/ws/records/**", connect)


def bytes_of(said: str | bytes) -> bytes:
    """A message as the wire has it."""
    return said if isinstance(said, bytes) else said.encode()


def act(site: LiveSite, number: int, *calls: str) -> None:
    """Calls actions about a thread, as another process of the site."""
    run_python(site.environment, "-c", "\n".join([SCRIPT.format(number=number), *calls]))


def let_in(site: LiveSite, number: int, handle: str, **options: bool) -> None:
    """Ada lets somebody into the thread whom its audience does not reach."""
    guest = f"thread=thread, member=people['{handle}']"
    shown = f"preview=preview_for(thread, people['{handle}']).digest"
    act(site, number, f"let_in(by=people['ada'], {guest}, {shown}, **{options})")


def show_out(site: LiveSite, number: int, handle: str) -> None:
    """Ada shows a guest out."""
    act(site, number, f"end_guest(by=people['ada'], thread=thread, member=people['{handle}'])")
