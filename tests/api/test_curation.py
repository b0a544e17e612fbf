"""The curators' desk over the API."""

import pytest

from tests.api.asking import Api
from tests.cast import Cast
from tests.threads.curating import fresh, recorded, revised
from threads.actions.duplicates import propose_pair
from threads.actions.verdicts import say_verdict
from threads.models import Practice, Review

pytestmark = pytest.mark.both_databases

AGAINST = "The rule does not exist from version 9 on."


def test_a_queue_and_the_counts(api: Api, cast: Cast) -> None:
    first, second = recorded(cast, "Mail loops, one"), recorded(cast, "Mail loops, two")
    propose_pair(by=cast.zoe, practice=first, other=second)
    page = api.cleo("GET", "desk?queue=new&limit=1").body
    assert (page["counts"]["new"], page["counts"]["duplicates"], page["counts"]["due"]) == (2, 1, 0)
    (row,) = page["items"]
    assert (row["id"], row["claim"], row["review"], row["version"]) == (first.pk, None, None, 1)
    (row,) = api.cleo("GET", f"desk?queue=new&after={page['next']}").body["items"]
    assert row["id"] == second.pk
    (row,) = api.cleo("GET", "desk?queue=duplicates").body["items"]
    assert (row["id"], row["same_as"]) == (first.pk, second.pk)
    assert api.cleo("GET", "desk?queue=new&after=x").status == 422
    assert api.cleo("GET", "desk?queue=nonsense").status == 422
    nothing = api.ada("GET", "desk?queue=new").body
    assert (nothing["items"], sum(nothing["counts"].values())) == ([], 0)


def test_from_a_claim_to_a_decision(api: Api, cast: Cast) -> None:
    practice = recorded(cast)
    claimed = api.cleo("PUT", f"practices/{practice.pk}/claim").body
    assert claimed["by"]["handle"] == "cleo"
    assert api.nia("PUT", f"practices/{practice.pk}/claim").body["code"] == "claimed_already"
    assert api.cleo("DELETE", f"practices/{practice.pk}/claim").status == 204
    opened = api.cleo("POST", f"practices/{practice.pk}/review")
    assert opened.status == 201
    path = opened.headers["Location"].removeprefix("/api/v1/")
    assert opened.body["can"] == ["approved", "changes_asked", "retired"]
    said = api.cleo(
        "POST", f"{path}/comments", {"body": "Which version?", "field": "resolution", "line": 1, "quote": "D"}
    )
    assert (said.status, said.body["line"], said.body["done"]) == (201, 1, False)
    seen = api.ben("GET", path).body
    assert ([row["body"] for row in seen["comments"]], seen["can"]) == (["Which version?"], [])
    unsaid = api.cleo("POST", f"{path}/decision", {"outcome": "changes_asked", "version": 1})
    assert (unsaid.status, list(unsaid.body["errors"])) == (422, ["reason"])
    assert api.ben("POST", f"{path}/decision", {"outcome": "approved", "version": 1}).status == 403
    revised(practice, cast.ben, environment="Version 8")
    assert (
        api.cleo("POST", f"{path}/decision", {"outcome": "approved", "version": 1}).body["code"] == "revised_meanwhile"
    )
    decided = api.cleo("POST", f"{path}/decision", {"outcome": "approved", "version": 2}).body
    assert (decided["state"], decided["outcome"], decided["decided_by"]["handle"]) == ("closed", "approved", "cleo")
    assert api.zoe("GET", path).status == 404


def test_what_is_said_against_it_is_answered(api: Api, cast: Cast) -> None:
    practice = recorded(cast)
    said = say_verdict(by=cast.zoe, practice=practice, kind="failed", note=AGAINST)
    review = Review.objects.get(practice=practice)
    decision = {"outcome": "kept", "version": 1, "reason": "It is for version 8 only.", "answers": [said.pk]}
    assert api.cleo("POST", f"reviews/{review.pk}/decision", decision).body["outcome"] == "kept"
    said.refresh_from_db()
    assert said.answered_by == review


def test_retired_and_back(api: Api, cast: Cast) -> None:
    practice = recorded(cast)
    assert api.ada("POST", f"practices/{practice.pk}/retire", {"reason": "Out of date."}).status == 403
    assert api.cleo("POST", f"practices/{practice.pk}/retire", {"reason": " "}).status == 422
    gone = api.cleo("POST", f"practices/{practice.pk}/retire", {"reason": "Out of date."}).body
    assert gone["confidence"] == "archived"
    back = api.cleo("POST", f"practices/{practice.pk}/unretire", {"reason": "Still in use."}).body
    assert back["confidence"] == "not_validated"


def test_merged_and_taken_back(api: Api, cast: Cast) -> None:
    source, target = recorded(cast, "Mail goes round in circles", resolution="Switch R7 off."), recorded(cast)
    secret = recorded(cast, "Relay of Northwind", audience="organization")
    merging = {"into": target.pk, "version": 1, "reason": "The same.", "fields": {"resolution": "Switch R7 off."}}
    assert api.cleo("POST", f"practices/{source.pk}/merge", merging | {"into": secret.pk}).status == 404
    assert api.ada("POST", f"practices/{source.pk}/merge", merging).status == 403
    stays = api.cleo("POST", f"practices/{source.pk}/merge", merging).body
    assert (stays["id"], stays["resolution"], stays["version"]) == (target.pk, "Switch R7 off.", 2)
    assert fresh(source).merged_into == target
    assert [row["id"] for row in api.zoe("GET", "practices").body["items"]] == [target.pk]
    api.cleo("POST", f"practices/{source.pk}/unretire", {"reason": "They differ."})
    assert fresh(source).merged_into is None


def test_who_looks_after_it(api: Api, cast: Cast) -> None:
    practice = recorded(cast)
    Practice.objects.filter(pk=practice.pk).update(owner=None)
    assert api.zoe("PUT", f"practices/{practice.pk}/owner", {}).body["handle"] == "zoe"
    assert api.finn("PUT", f"practices/{practice.pk}/owner", {}).status == 403
    assert api.cleo("PUT", f"practices/{practice.pk}/owner", {"member": "nobody"}).status == 422
    assert api.cleo("PUT", f"practices/{practice.pk}/owner", {"member": "ben"}).body["handle"] == "ben"
    assert api.ben("DELETE", f"practices/{practice.pk}/owner").status == 204
    assert fresh(practice).owner is None


@pytest.mark.parametrize("who", ["cleo", "zoe", "finn"])
def test_what_is_not_seen_is_not_there(api: Api, cast: Cast, who: str) -> None:
    secret = recorded(cast, audience="organization")
    review = Review.objects.create(practice=secret, kind="new", version=1)
    calls = [
        ("PUT", f"practices/{secret.pk}/claim", None), ("DELETE", f"practices/{secret.pk}/claim", None),
        ("POST", f"practices/{secret.pk}/review", None), ("GET", f"reviews/{review.pk}", None),
        ("POST", f"reviews/{review.pk}/comments", {"body": "x"}),
        ("POST", f"reviews/{review.pk}/decision", {"outcome": "approved", "version": 1}),
        ("POST", f"practices/{secret.pk}/retire", {"reason": "x"}),
        ("POST", f"practices/{secret.pk}/unretire", {"reason": "x"}),
        ("POST", f"practices/{secret.pk}/merge", {"into": secret.pk, "version": 1, "reason": "x"}),
        ("PUT", f"practices/{secret.pk}/owner", {}), ("DELETE", f"practices/{secret.pk}/owner", None),
    ]  # fmt: skip
    for method, path, data in calls:
        assert getattr(api, who)(method, path, data).status == 404, path
