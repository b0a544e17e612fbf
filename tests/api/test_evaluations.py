"""Evaluations over the API: rating, what others say of oneself, and answering; and that raters are nowhere."""

import json

import pytest

from community.rules import clock
from reputation.models import Evaluation
from tests.api.asking import Api
from tests.cast import Cast
from tests.reputation.evaluating import a_week_later, crowd, rates, worked

pytestmark = pytest.mark.both_databases


def test_rating_changing_and_taking_back(cast: Cast, api: Api) -> None:
    thread = worked(cast, [cast.zoe])
    path = f"threads/{thread.pk}/evaluations"
    found = api.zoe("GET", path).body["items"]
    assert {each["member"]["handle"] for each in found} == {"ada", "ben"}
    scores = {"clarity": 4, "courtesy": 5}
    made = api.zoe("PUT", path, {"member": "ben", "scores": scores})
    assert (made.status, made.body["scores"], made.body["version"]) == (200, scores, 1)
    assert api.zoe("PUT", path, {"member": "ben", "scores": scores}).status == 409
    changed = api.zoe("PUT", path, {"member": "ben", "scores": {"clarity": 1}, "version": 1})
    assert changed.body["scores"] == {"clarity": 1}
    post = next(each["posts"][0] for each in found if each["member"]["handle"] == "ben")
    assert api.zoe("PUT", path, {"post": post, "scores": {"accuracy": 2}}).body["post"] == post
    for wrong in ({}, {"clarity": 0}, {"clarity": 6}, {"clarity": True}):
        assert api.zoe("PUT", path, {"member": "ada", "scores": wrong}).status == 422
    listed = api.zoe("GET", "me/evaluations/given?limit=1").body
    assert len(listed["items"]) == 1
    following = api.zoe("GET", f"me/evaluations/given?after={listed['next']}").body
    assert (len(following["items"]), following["next"]) == (1, None)
    assert api.zoe("GET", "me/evaluations/given?after=x").status == 422
    own = f"me/evaluations/given/{made.body['id']}"
    assert api.ben("DELETE", own).status == 404
    assert api.zoe("DELETE", own).status == 204


@pytest.mark.parametrize("who", ["cleo", "mo", "nia", "olga", "finn"])
def test_who_took_no_part(cast: Cast, api: Api, who: str) -> None:
    thread = worked(cast, [cast.zoe])
    path = f"threads/{thread.pk}/evaluations"
    assert api.ask(who, "GET", path).body == {"items": []}
    assert api.ask(who, "PUT", path, {"member": "ben", "scores": {"clarity": 1}}).status == 404


def test_a_thread_that_is_not_there(cast: Cast, api: Api) -> None:
    thread = worked(cast, [cast.olga], audience="organization")
    for number in (thread.pk, 10**9, 2**70):
        assert api.zoe("GET", f"threads/{number}/evaluations").status == 404
        assert api.zoe("PUT", f"threads/{number}/evaluations", {"member": "ben", "scores": {}}).status == 404


def test_what_others_say_of_oneself_names_no_rater(cast: Cast, api: Api) -> None:
    raters = crowd(cast, 5)
    thread = worked(cast, raters, tags=["dns"])
    for member in raters:
        rates(member, thread, cast.ben, note="Say what you tried.", clarity=5)
    with clock.at(a_week_later()):
        got = api.ben("GET", "me/evaluations").body
        assert [line["scope"] for line in got["lines"]] == ["", "", "tag:dns"]
        assert all(line["numbers"] == {"clarity": {"value": 4.0, "raters": 5}} for line in got["lines"])
        text = json.dumps(got)
        assert len(got["notes"]) == 5
        assert not [member for member in raters if member.handle in text or member.name in text]
        for who in ("ada", "zoe", "mo", "nia", "olga"):
            assert api.ask(who, "GET", "me/evaluations").body == {"lines": [], "notes": []}, who
        answer = f"me/evaluations/notes/{got['notes'][0]['key']}/answer"
        assert api.mo("POST", answer, {"answer": "thanks"}).status == 404
        assert api.ben("POST", answer, {"answer": "disagree"}).status == 422
        assert api.ben("POST", answer, {"answer": "thanks"}).body["answer"] == "thanks"
        assert api.ben("POST", answer, {"answer": "thanks"}).status == 409


def test_a_waiting_note_cannot_be_answered(cast: Cast, api: Api) -> None:
    thread = worked(cast, [cast.zoe])
    rates(cast.zoe, thread, cast.ben, note="Say what you tried.")
    key = Evaluation.objects.get().key
    assert api.ben("POST", f"me/evaluations/notes/{key}/answer", {"answer": "thanks"}).status == 404
