"""Samples and terms over the API."""

import pytest

from tests.api.asking import Api
from tests.cast import Cast
from tests.threads.curating import recorded
from threads.models import CuratorTerm, Sample
from threads.rules.sampling import OF_PRACTICES

pytestmark = pytest.mark.both_databases

TERM = {"space": "lobby", "member": "finn", "starts_at": "2090-01-01T00:00:00Z", "ends_at": "2090-02-01T00:00:00Z"}


def test_from_a_draw_to_a_score(api: Api, cast: Cast) -> None:
    practice = recorded(cast)
    hidden = recorded(cast, "Mail of Acme only", audience="organization")
    drawn = api.cleo("POST", "desk/samples", {"space": "lobby", "kind": "practices"})
    assert (drawn.status, drawn.body["drawn"], drawn.body["scored"]) == (201, 1, 0)
    (row,) = drawn.body["samples"]
    assert (row["practice"], row["thread"], row["title"]) == (practice.pk, None, practice.title)
    path = f"samples/{row['id']}"
    sample = api.cleo("GET", path).body
    assert (sample["asked"], sample["can"], sample["score"]) == (list(OF_PRACTICES), ["score"], None)
    unsaid = api.cleo("PUT", f"{path}/score", {"scores": {"title": "yes"}})
    assert (unsaid.status, "complete" in unsaid.body["errors"]) == (422, True)
    for who in ("ada", "ben"):
        assert api.ask(who, "GET", path).status == 404
    said = dict.fromkeys(OF_PRACTICES, "yes") | {"unique": "no", "linked": "na"}
    scored = api.cleo("PUT", f"{path}/score", {"scores": said, "comment": "Short and good."}).body
    assert (scored["score"], scored["scorer"]["handle"], scored["can"]) == (83, "cleo", [])
    assert api.cleo("PUT", f"{path}/score", {"scores": said}).body["code"] == "decided_already"
    assert api.ben("GET", path).body["comment"] == "Short and good."
    assert api.zoe("GET", path).status == 404
    listed = api.cleo("GET", "desk/samples").body
    assert [(each["drawn"], each["scored"]) for each in listed["rounds"]] == [(1, 1)]
    counts = {each["question"]: (each["yes"], each["of"]) for each in listed["results"][0]["counts"]}
    assert (counts["title"], counts["unique"]) == ((1, 1), (0, 1))
    again = drawn.headers["Location"].removeprefix("/api/v1/")
    assert api.cleo("GET", again).body["samples"][0]["score"] == 83
    assert not Sample.objects.filter(practice=hidden).exists()


def test_samples_are_for_curators(api: Api, cast: Cast) -> None:
    recorded(cast)
    made = api.cleo("POST", "desk/samples", {"space": "lobby"}).body
    assert api.ada("POST", "desk/samples", {"space": "lobby"}).status == 403
    assert api.ada("POST", "desk/samples", {"space": "backroom-of-nobody"}).status == 404
    assert api.ada("GET", "desk/samples").body == {"rounds": [], "results": []}
    assert api.ada("GET", f"desk/samples/{made['id']}").status == 404
    assert api.cleo("POST", "desk/samples", {"space": "lobby", "size": 51}).status == 422
    assert api.cleo("POST", "desk/samples", {"space": "workshop"}).status in {403, 404}


def test_whose_turn_it_is(api: Api, cast: Cast) -> None:
    planned = api.nia("POST", "desk/terms", TERM)
    assert (planned.status, planned.body["state"], planned.body["member"]["handle"]) == (201, "planned", "finn")
    assert api.nia("POST", "desk/terms", TERM).body["code"] == "has_a_term"
    assert api.cleo("POST", "desk/terms", TERM | {"member": "zoe"}).status == 403
    assert api.nia("POST", "desk/terms", TERM | {"member": "nobody"}).status == 422
    assert api.nia("POST", "desk/terms", TERM | {"ends_at": "2089-01-01T00:00:00Z"}).status == 422
    for who, seen in {"nia": 1, "cleo": 1, "finn": 1, "ada": 0}.items():
        assert len(api.ask(who, "GET", "desk/terms").body) == seen, who
    path = f"desk/terms/{planned.body['id']}"
    assert api.ada("DELETE", path).status == 404
    assert api.cleo("DELETE", path).status == 403
    assert api.nia("DELETE", path).status == 204
    assert not CuratorTerm.objects.exists()
