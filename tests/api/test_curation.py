"""The curators' desk over the API."""

import pytest

from community.models import Grant
from tests.api.asking import Api
from tests.cast import Cast
from tests.threads.curating import fresh, recorded, revised
from threads.actions.duplicates import propose_pair
from threads.actions.reviews import comment_on_review
from threads.actions.verdicts import say_verdict
from threads.models import Practice, PracticeVersion, PublicReport, Review

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


def test_merging_what_tells_of_somebody(api: Api, cast: Cast) -> None:
    source, target = recorded(cast, "Mail goes round in circles"), recorded(cast)
    merging = {"into": target.pk, "version": 1, "reason": "The same.", "fields": {"cause": "jan@firma.cz did it."}}
    refused = api.cleo("POST", f"practices/{source.pk}/merge", merging)
    assert (refused.status, refused.body["details"][0]["text"]) == (422, "jan@firma.cz")
    stays = api.cleo("POST", f"practices/{source.pk}/merge", merging | {"mask": True}).body
    assert stays["cause"] == "[email-1] did it."


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
    comment = comment_on_review(by=cast.nia, review=review, body="Why?")
    seen = recorded(cast)
    pair = propose_pair(by=cast.ada, practice=secret, other=seen)
    calls = [
        ("PUT", f"practices/{secret.pk}/claim", None), ("DELETE", f"practices/{secret.pk}/claim", None),
        ("POST", f"practices/{secret.pk}/review", None), ("GET", f"reviews/{review.pk}", None),
        ("POST", f"reviews/{review.pk}/comments", {"body": "x"}),
        ("POST", f"reviews/{review.pk}/decision", {"outcome": "approved", "version": 1}),
        ("POST", f"practices/{secret.pk}/retire", {"reason": "x"}),
        ("POST", f"practices/{secret.pk}/unretire", {"reason": "x"}),
        ("POST", f"practices/{secret.pk}/merge", {"into": secret.pk, "version": 1, "reason": "x"}),
        ("PUT", f"practices/{secret.pk}/owner", {}), ("DELETE", f"practices/{secret.pk}/owner", None),
        ("PUT", f"comments/{comment.pk}", {"done": True}),
        ("POST", f"practices/{secret.pk}/pairs", {"other": seen.pk}),
        ("POST", f"practices/{seen.pk}/pairs", {"other": secret.pk}),
        ("POST", f"pairs/{pair.pk}/dismiss", None), ("PUT", f"pairs/{pair.pk}/claim", None),
        ("DELETE", f"pairs/{pair.pk}/claim", None), ("GET", f"practices/{secret.pk}/details", None),
        ("POST", f"practices/{secret.pk}/scrub", {"digests": ["x"], "version": 1}),
        ("GET", f"practices/{secret.pk}/reports", None),
        ("POST", f"practices/{secret.pk}/reports/handled", {"upto": 9}),
    ]  # fmt: skip
    for method, path, data in calls:
        assert getattr(api, who)(method, path, data).status == 404, path
    assert getattr(api, who)("GET", "pairs").body["items"] == []


def test_a_comment_is_settled(api: Api, cast: Cast) -> None:
    practice = recorded(cast)
    review = api.cleo("POST", f"practices/{practice.pk}/review").body["id"]
    said = api.cleo("POST", f"reviews/{review}/comments", {"body": "Which version?"}).body
    assert said["done"] is False
    assert api.zoe("PUT", f"comments/{said['id']}", {"done": True}).status == 404
    assert api.ben("PUT", f"comments/{said['id']}", {"done": True}).body["done"] is True
    assert api.ben("GET", f"reviews/{review}").body["comments"][0]["done"] is True
    assert api.cleo("PUT", f"comments/{said['id']}", {"done": False}).body["done"] is False
    assert api.cleo("PUT", "comments/999999", {}).status == 404


def test_pairs_are_proposed_claimed_and_told_apart(api: Api, cast: Cast) -> None:
    Grant.objects.create(member=cast.zoe, role=Grant.Role.CURATOR, space=cast.spaces["lobby"])
    first, second, third = (recorded(cast, f"Mail loops, {name}") for name in ("one", "two", "three"))
    made = api.finn("POST", f"practices/{second.pk}/pairs", {"other": first.pk})
    assert (made.status, [each["id"] for each in made.body["practices"]]) == (201, [first.pk, second.pk])
    assert api.finn("POST", f"practices/{first.pk}/pairs", {"other": first.pk}).status == 409
    api.finn("POST", f"practices/{third.pk}/pairs", {"other": first.pk})
    page = api.cleo("GET", "pairs?limit=1").body
    (row,) = page["items"]
    assert (row["id"], row["proposed_by"]["handle"], row["claim"]) == (made.body["id"], "finn", None)
    assert [each["id"] for each in api.cleo("GET", f"pairs?after={page['next']}").body["items"]] == [row["id"] + 1]
    assert api.cleo("GET", "pairs?after=x").status == 422
    assert api.finn("GET", "pairs").body["items"] == []
    pair = f"pairs/{row['id']}"
    assert api.finn("PUT", f"{pair}/claim").status == 404
    assert api.cleo("PUT", f"{pair}/claim").body["by"]["handle"] == "cleo"
    assert api.zoe("GET", "pairs").body["items"][0]["claim"]["by"]["handle"] == "cleo"
    assert api.zoe("GET", "desk?queue=duplicates").body["items"][0]["claim"]["by"]["handle"] == "cleo"
    assert api.zoe("POST", f"{pair}/dismiss").body["code"] == "claimed_already"
    assert api.zoe("DELETE", f"{pair}/claim").status == 403
    assert api.cleo("DELETE", f"{pair}/claim").status == 204
    assert api.zoe("POST", f"{pair}/dismiss").status == 204
    assert api.zoe("POST", f"{pair}/dismiss").status == 404


def test_rules_are_read_by_all_and_set_by_who_may(api: Api, cast: Cast) -> None:
    recorded(cast)
    rule = {"product": "mail-gateway", "space": "lobby", "mode": "compliance", "keepers": ["Zoe"], "reason": "Audited."}
    assert api.ada("PUT", "governance", rule).status == 403
    set_ = api.cleo("PUT", "governance", rule).body
    assert (set_["product"], set_["tag"], set_["space"]["slug"]) == ("mail-gateway", None, "lobby")
    assert set_["can"] == ["set"]
    assert [each["handle"] for each in set_["keepers"]] == ["zoe"]
    (read,) = api.ada("GET", "governance").body
    assert read == set_ | {"can": []}
    for wrong, field in (
        ({"product": "nonsense"}, "product"), ({"tag": "smtp"}, "product"), ({"keepers": ["nobody-here"]}, "keepers"),
        ({"product": "", "tag": "nonsense"}, "tag"), ({"reason": " "}, "reason"),
    ):  # fmt: skip
        assert api.cleo("PUT", "governance", rule | wrong).body["errors"].keys() == {field}, wrong
    assert api.cleo("PUT", "governance", rule | {"space": None}).status == 403
    assert api.finn("PUT", "governance", rule | {"space": "workshop"}).status == 404
    tagged = {"tag": "SMTP", "mode": "experience", "reason": "Enough."}
    assert api.nia("PUT", "governance", tagged).body["space"] is None
    assert len(api.finn("GET", "governance").body) == 2


def test_details_are_taken_out_of_all_that_was_said(api: Api, cast: Cast) -> None:
    practice = recorded(cast)
    PracticeVersion.objects.filter(practice=practice).update(fields={**practice.fields, "cause": "Ask jan@firma.cz."})
    assert api.zoe("GET", f"practices/{practice.pk}/details").status == 404
    (told,) = api.cleo("GET", f"practices/{practice.pk}/details").body
    assert (told["kind"], told["text"], told["mask"], told["times"]) == ("email", "jan@firma.cz", "[email-1]", 1)
    path, chosen = f"practices/{practice.pk}/scrub", {"digests": [told["digest"]], "version": 1}
    assert api.zoe("POST", path, chosen).status == 403
    assert api.cleo("POST", path, chosen | {"version": 2}).body["code"] == "revised_meanwhile"
    assert api.cleo("POST", path, chosen | {"digests": ["x"]}).status == 422
    assert api.cleo("POST", path, chosen).body["id"] == practice.pk
    assert api.cleo("GET", f"practices/{practice.pk}/details").body == []


def test_reports_from_outside_are_read_and_dealt_with(api: Api, cast: Cast) -> None:
    practice = recorded(cast)
    for number in range(2):
        PublicReport.objects.create(practice=practice, source="x", outcome="failed", text=f"No, {number}.", version=1)
    path = f"practices/{practice.pk}/reports"
    assert api.zoe("GET", path).status == 404
    newest, oldest = api.ben("GET", path).body
    assert (newest["text"], newest["outcome"], newest["version"]) == ("No, 1.", "failed", 1)
    assert api.zoe("POST", f"{path}/handled", {"upto": oldest["id"]}).status == 403
    assert api.cleo("POST", f"{path}/handled", {"upto": oldest["id"]}).body == {"handled": 1}
    assert [each["id"] for each in api.cleo("GET", path).body] == [newest["id"]]
