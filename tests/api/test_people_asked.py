"""Being asked, skills, certificates, coming back and meetings over the API."""

from datetime import timedelta
from typing import Any

import pytest

from community.actions.reach import set_reach
from community.models import Member
from community.rules import clock
from tests.api.asking import Api
from tests.cast import Cast
from tests.pages.stories import signed_in
from tests.threads.asking import problem, works
from threads.actions.helpers import join, leave_swarm, remove_helper
from threads.actions.ownership import take
from threads.actions.posts import post_reply
from threads.actions.requests import answer as answer_request
from threads.actions.requests import ask_for_help
from threads.actions.resolution import resolve
from threads.actions.threads import open_thread
from threads.models import Asked, Thread

pytestmark = pytest.mark.both_databases
Thing = dict[str, Any]


def test_when_i_may_be_asked(api: Api) -> None:
    before = api.ben("GET", "me/reach").body
    assert (before["state"], before["until"], before["outside"]) == ("hours", None, "never")
    assert before["hours"] == {"zone": "Africa/Lagos", "opens": "08:00", "closes": "17:00", "days": [1, 2, 3, 4, 5]}
    until = (clock.now() + timedelta(hours=2)).isoformat()
    said = {"state": "away", "until": until, "languages": ["pt", "en"], "contact": "Call the desk",
            "hours": {"opens": "16:00", "closes": "04:00", "days": [6, 7]}}  # fmt: skip
    after = api.ben("PATCH", "me/reach", said).body
    assert (after["state"], after["reachable"]["now"], after["reachable"]["why"]) == ("away", False, "away")
    assert after["hours"]["days"] == [6, 7]
    back = api.ben("PATCH", "me/reach", {"state": "hours", "hours": None}).body
    assert (back["state"], back["hours"]["days"], back["languages"]) == ("hours", [1, 2, 3, 4, 5], ["pt", "en"])
    seen = {who: api.ask(who, "GET", "members/ben").body for who in ("ada", "zoe")}
    assert {who: body["contact"] for who, body in seen.items()} == {"ada": "Call the desk", "zoe": ""}
    assert all(body["reach"]["languages"] == ["pt", "en"] for body in seen.values())
    assert api.ada("GET", "members/sam").body["reach"] is None


@pytest.mark.parametrize(
    "said",
    [
        {"state": "away"},
        {"state": "asleep"},
        {"state": "away", "until": "2026-11-22T10:00:00"},
        {"state": "away", "until": "9999-12-31T23:59:59-12:00"},
        {"state": "away", "until": "0001-01-01T00:00:00+14:00"},
        {"hours": {"opens": "8", "closes": "17:00", "days": [1]}},
        {"hours": {"opens": "08:00", "closes": "17:00", "days": [8]}},
        {"languages": ["xx"]},
        {"languages": [""] * 9},
        {"most_a_day": 0},
        {"contact": "x" * 201},
    ],
)
def test_what_cannot_be_said_changes_nothing(api: Api, said: Thing) -> None:
    assert api.ben("PATCH", "me/reach", said | {"outside": "always"}).status == 422
    assert api.ben("GET", "me/reach").body["outside"] == "never"


def test_skills_and_certificates(api: Api) -> None:
    skills = [{"kind": "tag", "slug": "DNS", "level": 3}, {"kind": "product", "slug": "mail-gateway", "level": 1}]
    assert [each["slug"] for each in api.ben("PUT", "me/skills", {"skills": skills}).body["skills"]] == [
        "dns", "mail-gateway",
    ]  # fmt: skip
    unknown, malformed = {"kind": "product", "slug": "none", "level": 1}, {"kind": "tag", "slug": "<", "level": 1}
    for broken in (unknown, malformed, skills[0]):
        assert api.ben("PUT", "me/skills", {"skills": [*skills, broken]}).status == 422
    given = {"name": "Mail master", "issuer": "Guild", "kind": "tag", "slug": "smtp", "issued_on": "2025-01-01"}
    made = api.ben("POST", "me/certificates", given)
    assert (made.status, made.body["confirmed_by"]) == (201, None)
    path = f"certificates/{made.body['id']}"
    assert api.ben("POST", f"{path}/confirm").status == api.zoe("POST", f"{path}/confirm").status == 403
    assert api.olga("POST", f"{path}/confirm").body["confirmed_by"] == "olga"
    assert api.olga("POST", f"{path}/confirm").status == 409
    body = api.zoe("GET", "members/ben").body
    assert [each["slug"] for each in body["skills"]] == ["dns", "mail-gateway"]
    assert [each["confirmed_by"] for each in body["certificates"]] == ["olga"]
    assert api.olga("DELETE", path).status == 403
    assert api.ben("DELETE", path).status == 204
    assert api.ben("DELETE", path).status == 404


def test_coming_back(api: Api, thread: Thing) -> None:
    path = f"threads/{thread['id']}"
    assert api.zoe("GET", f"{path}/since").body["at"] is None
    assert api.zoe("PUT", f"{path}/seen", {"number": 1}).status == 204
    api.ben("POST", f"{path}/posts", {"body": "Try this"})
    api.ada("PATCH", path, {"severity": 1})
    back = api.zoe("GET", f"{path}/since").body
    assert back["posts"] == {"count": 1, "first": 2, "authors": ["ben"]}
    assert [(each["actor"], "severity" in each["text"]) for each in back["changes"]] == [("ada", True)]
    assert api.zoe("PUT", f"{path}/seen", {"number": 10**9}).status == 204
    assert api.zoe("GET", f"{path}/since").body["number"] == 2
    assert api.zoe("PUT", f"{path}/seen", {"number": -1}).status == 422
    assert api.zoe("GET", "threads/999/since").status == 404
    assert api.zoe("PUT", "threads/999/seen", {"number": 1}).status == 404


def test_meetings(api: Api, thread: Thing) -> None:
    path, now = f"threads/{thread['id']}/meetings", clock.now()
    given = {"kind": "call", "held_at": (now - timedelta(hours=1)).isoformat(), "minutes": 20,
             "attendees": ["ada", "ben"], "others": "A customer", "outcome": "They **agreed** to wait."}  # fmt: skip
    made = api.ada("POST", path, given)
    assert made.status == 201
    assert "<strong>agreed</strong>" in made.body["html"]
    (listed,) = api.zoe("GET", path).body["items"]
    assert {each["handle"] for each in listed["attendees"]} == {"ada", "ben"}
    assert api.zoe("POST", path, given).status == 403
    for broken in (
        {"attendees": ["nobody"]}, {"attendees": [], "others": ""}, {"minutes": 0}, {"outcome": " "},
        {"held_at": (now + timedelta(hours=1)).isoformat()}, {"kind": "party"},
    ):  # fmt: skip
        assert api.ada("POST", path, given | broken).status == 422
    one = f"meetings/{made.body['id']}"
    assert api.zoe("DELETE", one).status == 403
    assert api.ada("DELETE", one).status == 204
    assert api.ada("DELETE", one).status == 404
    assert api.zoe("GET", path).body["items"] == []


def test_the_timeline_says_what_happened_and_how_long_it_took(api: Api, thread: Thing, cast: Cast) -> None:
    path = f"threads/{thread['id']}"
    api.ben("POST", f"{path}/posts", {"body": "Try this"})
    api.ada("PATCH", path, {"owner": "ada", "record": {"cause": "DNS"}})
    held = {"kind": "call", "held_at": (clock.now() - timedelta(hours=1)).isoformat(), "minutes": 20,
            "attendees": ["ben"], "outcome": "They **agreed** to wait."}  # fmt: skip
    api.ada("POST", f"{path}/meetings", held)
    whole = api.zoe("GET", f"{path}/timeline").body
    assert [(each["kind"], each["actor"]) for each in whole["items"]] == [
        ("posts", "ada"), ("posts", "ben"), ("swarm.changed", "ada"), ("record", "ada"), ("meeting.logged", "ada"),
    ]  # fmt: skip
    assert [(each["first"], each["last"]) for each in whole["items"][:2]] == [(1, 1), (2, 2)]
    assert {each["name"] for each in whole["elapsed"]} >= {"reply", "owner"}
    assert whole["next"] is None
    (call,) = api.zoe("GET", f"{path}/timeline?show=calls").body["items"]
    assert (call["said"], call["text"]) != ("", "")
    assert "They agreed to wait." in call["said"]
    assert api.zoe("GET", f"{path}/timeline?show=calls&after={call['id']}").body["items"] == []
    assert api.zoe("GET", f"{path}/timeline?show=nothing").status == 422
    inside = api.ada("POST", "threads", {"space": "workshop", "title": "T", "body": "B"}).body["id"]
    assert api.zoe("GET", f"threads/{inside}/timeline").status == 404


def test_a_meeting_names_nobody_who_may_not_see_the_thread(api: Api) -> None:
    inside = api.ada("POST", "threads", {"space": "workshop", "title": "T", "body": "B"}).body["id"]
    given = {"kind": "call", "held_at": clock.now().isoformat(), "minutes": 5, "outcome": "Nothing"}
    refused = [api.ada("POST", f"threads/{inside}/meetings", given | {"attendees": [who]}) for who in ("zoe", "nobody")]
    assert {answer.status for answer in refused} == {422}
    assert refused[0].body["errors"] == refused[1].body["errors"]
    assert api.zoe("GET", f"threads/{inside}/meetings").status == 404


def test_how_to_reach_somebody_is_told_to_those_who_solve_a_thread_with_them(api: Api, cast: Cast) -> None:
    set_reach(by=cast.ben, contact="Call the desk")

    def told(handle: str) -> bool:
        page = signed_in(cast.people[handle]).get("/people/ben/").content.decode()
        answer: str = api.ask(handle, "GET", "members/ben").body["contact"]
        assert ("Call the desk" in page) == (answer == "Call the desk")
        return bool(answer)

    thread = problem(cast)
    post_reply(by=cast.zoe, thread=thread, body="I only look in.")
    post_reply(by=cast.ben, thread=thread, body="So do I.")
    assert not told("zoe")
    join(by=cast.zoe, thread=thread)
    assert not told("zoe")
    join(by=cast.ben, thread=thread)
    assert not told("zoe")
    assert not told("finn")
    assert told("ada")
    leave_swarm(by=cast.zoe, thread=thread)
    accepts(cast.ada, thread, cast.zoe)
    assert told("zoe")
    remove_helper(by=cast.mo, thread=thread, member=cast.zoe)
    assert not told("zoe")
    take(by=cast.cleo, thread=thread)
    assert not told("cleo")
    resolve(by=cast.ada, thread=thread, summary="Done.")
    asking = open_thread(by=cast.zoe, space=cast.spaces["lobby"], title="Mail loops", body="Since noon.")
    assert not told("zoe")
    join(by=cast.ben, thread=asking)
    assert told("zoe")
    resolve(by=cast.zoe, thread=asking, summary="Done.")
    assert not told("zoe")


def accepts(by: Member, thread: Thread, member: Member) -> None:
    """The member is asked for help with the thread, and says yes."""
    works(member)
    soon = clock.now() + timedelta(hours=2)
    request = ask_for_help(by=by, thread=thread, what="Look.", due_at=soon, target="members", members=[member])
    answer_request(by=member, asked=Asked.objects.get(request=request), answer="accepted")
