"""Practices used, adopted, subscribed to and bulletins: addresses and forms that nobody types are answered."""

import pytest

from tests.cast import Cast
from tests.pages.stories import SignIn, Story
from threads.actions.bulletins import send_bulletin

pytestmark = pytest.mark.both_databases

NUL, SQUARED, LONG = "\0", "²", "9" * 40
ODD = ("", NUL, SQUARED, LONG, "-1", "x", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "x" * 5_000)


@pytest.mark.parametrize("value", ["%00", "%C2%B2", "9" * 40, "-1", "x", "%F0%9F%98%80", "x" * 3_000, "%ED%A0%80"])
def test_a_broken_address(cast: Cast, story: Story, sign_in: SignIn, value: str) -> None:
    client = sign_in(cast.ada)
    for address in (
        f"/search/?q=loops&for={value}", f"/archive/?for={value}", f"/practices/{story.practice.pk}/?for={value}",
        f"/practices/suggestions/?q={value}", f"/practices/suggestions/?thread={value}",
        f"/threads/{story.thread.pk}/practices/?q={value}", f"/bulletins/?before={value}", f"/adoption/?before={value}",
    ):  # fmt: skip
        assert client.get(address).status_code in {200, 400, 404}, address
    for address in (f"/bulletins/{2**63}/", f"/practices/{2**63}/adoption/", f"/threads/{2**63}/practices/"):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("value", ODD)
def test_odd_forms(cast: Cast, story: Story, sign_in: SignIn, value: str) -> None:
    bulletin = send_bulletin(by=cast.cleo, space=cast.spaces["alliance"], audience="space", title="B", text="B")
    client = sign_in(cast.olga)
    answered = {200, 302, 403, 404, 422}
    forms = {
        f"/threads/{story.thread.pk}/practices/": ("act", "practice", "summary", "next"),
        f"/practices/{story.practice.pk}/adoption/": ("state", "variant", "reason", "shares", "act"),
        "/archive/subscriptions/": ("act", "scope", "tag", "role", "next"),
        "/bulletins/new/": ("title", "text", "space", "audience", "organizations", "role", "acknowledge_until"),
        f"/bulletins/{bulletin.pk}/end/": ("x",),
        f"/bulletins/{bulletin.pk}/receipt/": ("x",),
    }
    usual = {
        "act": "subscribe", "practice": str(story.practice.pk), "state": "adapted", "variant": "v", "shares": "state",
        "scope": "tag:smtp", "title": "T", "text": "T", "space": "alliance", "audience": "organization",
    }  # fmt: skip
    for address, names in forms.items():
        for name in names:
            given = {each: usual[each] for each in names if each in usual} | {name: value}
            answer = client.post(address, given)
            assert answer.status_code in answered, (address, name)
            if answer.status_code == 302:
                assert answer["Location"].startswith("/"), (address, name)
                assert not answer["Location"].startswith("//")
