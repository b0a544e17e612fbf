"""Saved searches at the API."""

import pytest

from tests.api.asking import Api
from threads.actions.telling_saved import tell_saved
from threads.actions.threads import open_thread

pytestmark = pytest.mark.both_databases


def test_a_search_is_kept_changed_and_dropped(api: Api) -> None:
    made = api.zoe("POST", "saved-searches", {"q": "quasar leak", "notifies": True})
    assert (made.status, made.body["name"], made.body["new"]) == (201, "quasar leak", 0)
    path = f"saved-searches/{made.body['id']}"
    open_thread(by=api.cast.ada, space=api.cast.spaces["lobby"], title="Quasar leak", body="It leaks.")
    tell_saved()
    assert [row["new"] for row in api.zoe("GET", "saved-searches").body["items"]] == [1]
    changed = api.zoe("PATCH", path, {"name": "Leaks", "kind": "thread"})
    assert (changed.status, changed.body["name"], changed.body["q"]) == (200, "Leaks", "quasar leak")
    assert api.zoe("DELETE", path).status == 204
    assert api.zoe("GET", "saved-searches").body == {"items": []}


def test_anothers_is_not_there_and_what_tells_of_everything_is_refused(api: Api) -> None:
    path = f"saved-searches/{api.ada('POST', 'saved-searches', {'q': 'secret'}).body['id']}"
    nothing = "saved-searches/987654"
    for method, data in (("PATCH", {"name": "x"}), ("DELETE", None)):
        answers = [api.zoe(method, each, data) for each in (path, nothing, f"saved-searches/{2**70}")]
        assert {answer.status for answer in answers} == {404}
        assert answers[0].body == answers[1].body
    assert api.zoe("GET", "saved-searches").body == {"items": []}
    refused = api.zoe("POST", "saved-searches", {"q": "status:open", "notifies": True})
    assert refused.status == 422
    assert "rarer word" in str(refused.body)
    assert api.zoe("POST", "saved-searches", {"q": "", "notifies": True}).status == 422
