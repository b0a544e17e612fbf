"""Practices used in threads, and who works by them, over the API."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from community.models import WorkRole
from community.rules import clock
from tests.api.asking import Api
from tests.cast import Cast
from tests.threads.practicing import recorded
from threads.actions.bulletins import send_bulletin
from threads.actions.threads import open_thread
from threads.models import Practice, Thread

pytestmark = pytest.mark.both_databases


@pytest.fixture
def practice(cast: Cast) -> Practice:
    """Ben's, for everybody."""
    return recorded(cast)


@pytest.fixture
def open_one(cast: Cast) -> Thread:
    """A thread of Zoe's."""
    return open_thread(by=cast.zoe, space=cast.spaces["lobby"], title="Mail waits", body="Again.")


def test_a_practice_is_used_solves_and_was_not_used(api: Api, practice: Practice, open_one: Thread) -> None:
    path = f"threads/{open_one.pk}/practices"
    used: dict[str, Any] = api.zoe("PUT", f"{path}/{practice.pk}", {}).body
    assert (used["practice"], used["by"]["handle"], used["solved"]) == (practice.pk, "zoe", False)
    assert api.zoe("PUT", f"{path}/{practice.pk}", {"solved": True}).status == 409
    solved = api.zoe("PUT", f"{path}/{practice.pk}", {"solved": True, "resolve": True}).body
    assert solved["solved"] is True
    assert api.zoe("GET", f"threads/{open_one.pk}").body["status"] == "resolved"
    assert api.ada("GET", path).body == {"items": [solved]}
    found = api.ada("GET", f"practices/{practice.pk}/threads").body
    assert ([row["thread"] for row in found["items"]], found["next"]) == ([open_one.pk], None)
    assert api.ada("GET", f"practices/{practice.pk}/threads?after=x").status == 422
    assert api.zoe("DELETE", f"{path}/{practice.pk}").status == 204
    assert api.zoe("DELETE", f"{path}/{practice.pk}").status == 204
    assert api.ada("GET", path).body == {"items": []}
    assert api.zoe("PUT", f"{path}/{practice.pk + 1000}", {}).status == 404


def test_an_organization_works_by_it(api: Api, practice: Practice) -> None:
    path = f"practices/{practice.pk}/adoption"
    assert api.ada("PUT", path, {"state": "adopted"}).status == 403
    assert api.cleo("PUT", path, {"state": "adapted"}).status == 422
    made = api.cleo("PUT", path, {"state": "adapted", "variant": "Flush twice."}).body
    assert (made["organization"]["slug"], made["variant"], made["version"]) == ("brightline", "Flush twice.", 1)
    assert api.zoe("GET", f"{path}s").body == {"own": made, "others": []}
    assert api.ada("GET", f"{path}s").body == {"own": None, "others": [made | {"variant": ""}]}
    assert api.cleo("DELETE", path).status == 204
    assert api.ada("GET", f"{path}s").body == {"own": None, "others": []}


def test_a_bulletin_is_read(api: Api, cast: Cast) -> None:
    sent = [
        send_bulletin(by=cast.olga, space=cast.spaces["alliance"], audience="organization", title=title, text="*So.*")
        for title in ("Quuxes end", "Quuxes are gone")
    ]
    page = api.ada("GET", "bulletins?limit=1").body
    assert [(row["id"], row["title"], row["read"]) for row in page["items"]] == [(sent[1].pk, "Quuxes are gone", False)]
    rest = api.ada("GET", f"bulletins?limit=1&after={page['next']}").body
    assert ([row["id"] for row in rest["items"]], rest["next"]) == ([sent[0].pk], None)
    for _time in range(2):
        assert api.ada("PUT", f"bulletins/{sent[0].pk}/receipt").body["read"] is True
    assert api.ada("GET", f"bulletins/{sent[0].pk}").body["read"] is True
    for path in (f"bulletins/{sent[0].pk}", "bulletins/999", f"bulletins/{2**63}"):
        assert api.zoe("GET", path).status == 404
        assert api.zoe("PUT", f"{path}/receipt").status == 404
    assert api.zoe("GET", "bulletins").body == {"items": [], "next": None}
    for after in ("x", "0", "-1", str(2**63), "²"):
        assert api.ada("GET", f"bulletins?after={quote(after)}").status == 422


def test_one_says_of_what_one_hears(api: Api, cast: Cast) -> None:
    assert api.zoe("PUT", "subscriptions/product:mail-gateway", {}).body["name"] == cast.products["mail-gateway"].name
    assert api.zoe("PUT", "subscriptions/product:mail-gateway", {"wanted": False}).body["wanted"] is False
    assert [row["scope"] for row in api.zoe("GET", "subscriptions").body["items"]] == ["product:mail-gateway"]
    for scope in ("product:nothing", "tag:nothing", "mail-gateway", "x" * 300, "%F0%9F%98%80"):
        assert api.zoe("PUT", f"subscriptions/{scope}", {}).status == 422, scope
    for _time in range(2):
        assert api.zoe("DELETE", "subscriptions/product:mail-gateway").status == 204
    assert api.zoe("GET", "subscriptions").body == {"items": []}


def test_a_bulletin_is_sent_and_taken_back(api: Api, cast: Cast, practice: Practice) -> None:
    hidden = recorded(cast, space="alliance", audience="organization")
    until = (clock.now() + timedelta(days=2)).isoformat()
    given = {
        "title": "Quuxes end", "text": "*So.*", "space": "alliance", "audience": "space", "acknowledge_until": until,
        "practice": practice.pk,
    }  # fmt: skip
    assert api.ada("POST", "bulletins", given).status == 403
    assert api.finn("POST", "bulletins", given).status == 404
    sent = api.cleo("POST", "bulletins", given)
    assert (sent.status, sent.body["practice"], sent.body["playbook"]) == (201, practice.pk, None)
    path = f"bulletins/{sent.body['id']}"
    assert api.ada("GET", path).body["acknowledge_until"][:16] == until[:16]
    for wrong in (
        {"practice": hidden.pk}, {"practice": 0}, {"practice": 2**64}, {"playbook": 99}, {"role": "Nobody"},
        {"organizations": ["nowhere"]}, {"title": ""}, {"acknowledge_until": "tomorrow"}, {"audience": "network"},
    ):  # fmt: skip
        assert api.cleo("POST", "bulletins", given | wrong).status == 422, wrong
    assert api.ada("DELETE", path).status == 403
    assert api.finn("DELETE", path).status == 404
    for _time in range(2):
        assert api.cleo("DELETE", path).status == 204
    assert api.ada("GET", path).status == 404


def test_who_may_not_see_what_a_bulletin_is_about_is_not_told(api: Api, cast: Cast) -> None:
    hidden = recorded(cast, space="alliance", audience="organization")
    sent = send_bulletin(
        by=cast.nia, space=cast.spaces["alliance"], audience="space", title="Read", text="This.", practice=hidden
    )
    for who, shown in ((api.ada, hidden.pk), (api.zoe, None)):
        assert who("GET", f"bulletins/{sent.pk}").body["practice"] == shown
        assert who("GET", "bulletins").body["items"][0]["practice"] == shown
        assert who("PUT", f"bulletins/{sent.pk}/receipt").body["practice"] == shown


def test_roles_hear_of_things(api: Api, cast: Cast) -> None:
    WorkRole.objects.create(name="On call")
    path, scope = "organization/subscriptions", "product:mail-gateway"
    for who in (api.ada, api.zoe):
        assert who("PUT", f"{path}/{scope}", {"role": "On call"}).status == 403
        assert who("DELETE", f"{path}/{scope}?role=On+call").status == 403
    for _time in range(2):
        made = api.olga("PUT", f"{path}/{scope}", {"role": "On call"}).body
    assert made == {"role": "On call", "scope": scope, "name": cast.products["mail-gateway"].name}
    assert api.olga("GET", path).body == {"items": [made]}
    assert api.ada("GET", path).body == {"items": []}
    assert api.olga("PUT", f"{path}/{scope}", {"role": "Nobody"}).status == 422
    assert api.olga("PUT", f"{path}/tag:nothing", {"role": "On call"}).status == 422
    for _time in range(2):
        assert api.olga("DELETE", f"{path}/{scope}?role=On+call").status == 204
    assert api.olga("DELETE", f"{path}/{scope}?role=Nobody").status == 422
    assert api.olga("GET", path).body == {"items": []}
