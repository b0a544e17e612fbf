"""Standing's rules, one's privileges, tags, duplicates and mentoring over the API."""

from typing import Any

import pytest

from reputation.models import Standing
from reputation.rules.points import THRESHOLDS
from tests.api.asking import Api
from tests.cast import Cast

pytestmark = pytest.mark.both_databases

WHAT = "How to read a queue, and what to do then."


def earned(cast: Cast, who: str, points: int, tag: str) -> None:
    Standing.objects.create(member=cast.people[who], scope=f"tag:{tag}", points=points, awards=1)


def made(api: Api, title: str, **more: Any) -> dict[str, Any]:
    data = {"space": "lobby", "title": title, "body": "Again.", "tags": ["smtp"], **more}
    body: dict[str, Any] = api.ada("POST", "threads", data).body
    return body


def test_rules_and_own_privileges(api: Api, cast: Cast) -> None:
    made(api, "Mail loops")
    rules = api.zoe("GET", "standing/rules").body
    assert {row["name"]: row["points"] for row in rules["privileges"]} == THRESHOLDS
    assert all(row["reason"] and row["label"] for part in ("earned", "caps", "privileges") for row in rules[part])
    earned(cast, "zoe", THRESHOLDS["retag"], "smtp")
    own = {row["name"]: row for row in api.zoe("GET", "me/privileges").body["privileges"]}
    assert own["retag"]["subjects"] == [{"kind": "tag", "slug": "smtp"}]
    assert (own["validate"]["subjects"], own["validate"]["have"]) == ([], THRESHOLDS["retag"])


def test_tags_and_duplicates(api: Api, cast: Cast) -> None:
    thread, other = made(api, "Mail loops"), made(api, "Mail loops, the first")
    api.ada("POST", f"threads/{other['id']}/resolve", {"summary": "Rule R7."})
    refused = api.zoe("PUT", f"threads/{thread['id']}/tags", {"tags": ["loops"]})
    assert (refused.status, refused.body["code"]) == (403, "needs_standing")
    assert "200 standing in #smtp" in refused.body["detail"]
    earned(cast, "zoe", THRESHOLDS["duplicates"], "smtp")
    assert api.zoe("PUT", f"threads/{thread['id']}/tags", {"tags": ["smtp", "loops"]}).body["tags"] == ["loops", "smtp"]
    assert "of" in api.zoe("POST", f"threads/{thread['id']}/duplicate", {"of": 10**9}).body["errors"]
    assert "of" in api.zoe("POST", f"threads/{thread['id']}/duplicate", {"of": thread["id"]}).body["errors"]
    assert api.zoe("POST", f"threads/{thread['id']}/duplicate", {"of": other["id"]}).body == {"status": "closed"}
    assert api.finn("DELETE", f"threads/{thread['id']}/duplicate").status == 403
    assert api.ada("DELETE", f"threads/{thread['id']}/duplicate").body == {"status": "open"}


def test_can_says_what_standing_lets_one_do(api: Api, cast: Cast) -> None:
    thread, other = made(api, "Mail loops"), made(api, "Mail loops, the first")
    api.ada("POST", f"threads/{other['id']}/resolve", {"summary": "Rule R7."})

    def can(who: str, number: int = thread["id"]) -> set[str]:
        named = set(getattr(api, who)("GET", f"threads/{number}").body["can"])
        return named & {"retag", "close_duplicate", "open_again"}

    assert can("ada") == can("mo") == {"retag", "close_duplicate"}
    assert can("zoe") == set()
    earned(cast, "zoe", THRESHOLDS["retag"], "smtp")
    assert can("zoe") == {"retag"}
    Standing.objects.filter(member=cast.zoe).update(points=THRESHOLDS["duplicates"])
    assert can("zoe") == {"retag", "close_duplicate"}
    assert can("zoe", other["id"]) == {"retag"}
    api.zoe("POST", f"threads/{thread['id']}/duplicate", {"of": other["id"]})
    assert can("zoe") == {"open_again"}
    assert can("ada") >= {"open_again"}
    assert can("finn") == set()


def test_mentoring(api: Api, cast: Cast) -> None:
    made(api, "Mail loops")
    earned(cast, "ben", THRESHOLDS["mentor"], "smtp")
    ask = {"mentor": "ben", "kind": "tag", "slug": "smtp", "what": WHAT}
    assert api.ada("POST", "mentorings", ask).status == 404
    assert api.ben("PUT", "me/mentoring", {"offers": True}).body["offers"] is True
    assert [row["handle"] for row in api.ada("GET", "mentors?kind=tag&slug=smtp").body["mentors"]] == ["ben"]
    assert api.ada("GET", "mentors?kind=tag&slug=nothing").body == {"mentors": []}
    assert api.ada("POST", "mentorings", ask).body["code"] == "say_what_you_learn"
    wants = {"kind": "tag", "slug": "smtp", "level": 1, "wants_to_learn": True}
    api.ada("PUT", "me/skills", {"skills": [wants]})
    asked = api.ada("POST", "mentorings", ask)
    assert (asked.status, asked.body["state"], asked.body["can"]) == (201, "asked", ["end"])
    place = f"mentorings/{asked.body['id']}"
    assert api.zoe("POST", f"{place}/answer", {"accept": True}).status == 404
    assert api.ada("POST", f"{place}/answer", {"accept": True}).status == 403
    assert api.ben("POST", f"{place}/answer", {"accept": False}).status == 422
    assert api.ben("POST", f"{place}/answer", {"accept": True}).body["state"] == "running"
    assert api.ada("PUT", f"{place}/helped").body["can"] == ["end", "take_back"]
    assert api.ada("PUT", f"{place}/helped").status == 409
    assert api.ada("DELETE", f"{place}/helped").body["helped_at"] is None
    assert api.ben("POST", f"{place}/end").body["state"] == "ended"
    assert [row["id"] for row in api.ben("GET", "mentorings").body["items"]] == [asked.body["id"]]
    assert api.zoe("GET", "mentorings").body["items"] == []
