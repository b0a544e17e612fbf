"""Two processes keep pages of their own: what is written in one is seen at once in the other."""

import re
from collections.abc import Callable

import httpx
import pytest

from tests.cast import PASSWORD
from tests.live import SIGN_IN, LiveSite

# So many that each process answers some: every request comes on a connection of its own.
TIMES = 16


def signed_in(site: LiveSite, handle: str) -> dict[str, str]:
    """The cookies of somebody who came in through the form."""
    with httpx.Client(base_url=site.url, timeout=30) as client:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(SIGN_IN).text)
        assert token
        form = {"login": f"{handle}@example.org", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        answer = client.post(SIGN_IN, data=form, headers={"Referer": site.url + SIGN_IN})
        assert answer.status_code == 302, answer.text
        return dict(client.cookies)


@pytest.fixture(scope="module")
def site(start_site: Callable[..., LiveSite]) -> LiveSite:
    """A site of two processes with the cast."""
    return start_site(processes=2)


def test_no_process_shows_a_page_from_before_a_change(site: LiveSite) -> None:
    token = {"Authorization": f"Bearer {site.manage('create_token', 'ada').strip()}"}
    cookies = signed_in(site, "zoe")

    def write(method: str, path: str, **body: object) -> dict[str, object]:
        answer = httpx.request(method, f"{site.url}/api/v1/{path}", json=body, headers=token, timeout=30)
        assert answer.is_success, answer.text
        written: dict[str, object] = answer.json() if answer.content else {}
        return written

    def pages(path: str) -> list[httpx.Response]:
        return [httpx.get(site.url + path, cookies=cookies, timeout=30) for _time in range(TIMES)]

    thread = write("POST", "threads", space="lobby", title="Before", body="It loops.")
    address = f"/threads/{thread['id']}/"
    assert all("It loops." in page.text for page in pages(address))
    post = write("POST", f"threads/{thread['id']}/posts", body="The first reply.")
    assert all("The first reply." in page.text for page in pages(address))
    write("PATCH", f"posts/{post['id']}", body="The reply, edited.")
    write("PATCH", f"threads/{thread['id']}", title="Afterwards")
    for shown in (pages(address), pages("/spaces/lobby/")):
        assert all("Afterwards" in page.text and "Before" not in page.text for page in shown)
    assert all("The reply, edited." in page.text and "The first reply." not in page.text for page in pages(address))
    write("DELETE", f"posts/{post['id']}")
    assert all("The reply, edited." not in page.text for page in pages(address))


def test_who_signs_out_in_one_is_out_in_both(site: LiveSite) -> None:
    cookies = signed_in(site, "ben")
    assert {httpx.get(site.url, cookies=cookies, timeout=30).status_code for _time in range(TIMES)} == {200}
    with httpx.Client(base_url=site.url, cookies=cookies, timeout=30) as client:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/").text)
        assert token
        form = {"csrfmiddlewaretoken": token[1]}
        assert client.post("/accounts/logout/", data=form, headers={"Referer": site.url}).status_code == 302
    assert {httpx.get(site.url, cookies=cookies, timeout=30).status_code for _time in range(TIMES)} == {302}
