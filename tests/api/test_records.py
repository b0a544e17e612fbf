"""The working record over the API: written with its version, its history read and brought back."""

from typing import Any

import pytest

from tests.api.asking import Api

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

Thread = dict[str, Any]


@pytest.fixture
def written(api: Api, thread: Thread) -> str:
    """The path of Ada's thread, whose record three wrote one after another."""
    path = f"threads/{thread['id']}"
    for who, cause in (("ada", "DNS"), ("ben", "TLS"), ("zoe", "TLS, or DNS")):
        assert api.ask(who, "PATCH", path, {"record": {"cause": cause}}).status == 200
    return path


def test_the_history_names_who_wrote_what_newest_first(api: Api, written: str) -> None:
    page = api.finn("GET", f"{written}/record/versions?limit=2").body
    assert [(row["number"], row["cause"], row["restores"]) for row in page["items"]] == [
        (3, "TLS, or DNS", None),
        (2, "TLS", None),
    ]
    assert page["items"][0]["authors"] == [{"by": "zoe", "inserted": 8, "deleted": 0}]
    rest = api.finn("GET", f"{written}/record/versions?limit=2&after={page['next']}").body
    assert ([row["number"] for row in rest["items"]], rest["next"]) == ([1], None)
    assert api.finn("GET", f"{written}/record/versions?after=soon").status == 422


def test_a_version_is_brought_back_unless_somebody_wrote_since(api: Api, written: str) -> None:
    path = f"{written}/record/restore"
    refused = api.ben("POST", path, {"number": 1, "record_version": 2})
    assert (refused.status, refused.body["code"]) == (409, "saved_meanwhile")
    assert api.ben("POST", path, {"number": 1, "record_version": 3}).body["record"]["cause"] == "DNS"
    newest = api.ben("GET", f"{written}/record/versions").body["items"][0]
    assert (newest["number"], newest["record_version"], newest["restores"]) == (4, 4, 1)
    assert api.ben("POST", path, {"number": 9}).status == 404


def test_resolving_with_a_record_that_others_changed_is_refused(api: Api, written: str) -> None:
    seen = {"record": {"cause": "DNS", "resolution": "Raise it."}, "record_version": 1}
    assert api.ada("POST", f"{written}/resolve", seen | {"record": {"cause": "DHCP"}}).status == 409
    resolved = api.ada("POST", f"{written}/resolve", seen)
    assert resolved.body["record"] | {"version": 4} == {
        "problem": "", "environment": "", "cause": "TLS, or DNS", "resolution": "Raise it.", "version": 4,
    }  # fmt: skip


def test_what_is_in_the_archive_is_changed_there(api: Api, written: str) -> None:
    api.ada("POST", f"{written}/resolve", {"record": {"problem": "Mail stays.", "resolution": "Raise it."}})
    assert "edit_record" in api.ben("GET", written).body["can"]
    assert api.ada("POST", f"{written}/practice").status == 201
    assert "edit_record" not in api.ben("GET", written).body["can"]
    for method, path, data in (
        ("PATCH", written, {"record": {"cause": "DHCP"}}),
        ("POST", f"{written}/record/restore", {"number": 1}),
    ):
        answer = api.nia(method, path, data)
        assert (answer.status, answer.body["code"]) == (403, "may_not_write_record")


def test_the_history_of_what_one_may_not_see_is_not_there(api: Api, hidden: Thread) -> None:
    for number in (hidden["id"], 987654):
        assert api.ben("GET", f"threads/{number}/record/versions").status == 404
        assert api.ben("POST", f"threads/{number}/record/restore", {"number": 1}).status == 404
