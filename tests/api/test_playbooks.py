"""Playbooks and runs through the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.asking import Api
from tests.cast import Cast
from tests.threads.playing import ada_asks, mo_writes
from tests.threads.practicing import recorded
from threads.actions.runs import end_run, mark_step, start_run
from threads.models import Playbook, Run

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
RUNS = 11


def test_written_changed_and_read(api: Api, cast: Cast) -> None:
    steps = [
        {"title": "Look"},
        {"title": "Long?", "kind": "decide", "options": [{"label": "Yes"}, {"label": "No", "go": "end"}]},
        {"title": "Stop"},
    ]
    refused = api.ada("POST", "playbooks", {"space": "lobby", "title": "Queues", "steps": steps})
    assert (refused.status, refused.body["code"]) == (403, "may_not_make_playbook")
    made = api.mo("POST", "playbooks", {"space": "lobby", "title": "Queues", "steps": steps})
    assert made.status == 201
    path = f"playbooks/{made.body['id']}"
    assert made.headers["Location"].endswith(path)
    assert [option["go"] for option in made.body["steps"][1]["options"]] == ["s3", "end"]
    assert api.zoe("GET", path).body == made.body | {"can": []}
    change = {"version": 1, "reason": "Shorter", "title": "Queue", "steps": [made.body["steps"][2]]}
    changed = api.mo("PATCH", path, change)
    assert (changed.status, changed.body["version"], changed.body["steps"][0]["key"]) == (200, 2, "s3")
    assert api.cleo("PATCH", path, change).status == 409
    wrong = api.mo("PATCH", path, change | {"version": 2, "steps": [{"title": "x", "kind": "decide"}]})
    assert (wrong.status, list(wrong.body["errors"])) == (422, ["steps.0.options"])
    assert [row["id"] for row in api.zoe("GET", "playbooks?kind=resolution").body["items"]] == [made.body["id"]]
    assert api.zoe("GET", "playbooks?after=broken").status == 422


def test_gone_through_by_two(api: Api, cast: Cast) -> None:
    playbook, thread = mo_writes(cast), ada_asks(cast)
    run = api.ada("POST", f"threads/{thread.pk}/runs", {"playbook": playbook.pk})
    assert (run.status, run.body["path"], run.body["can"]) == (201, ["s1", "s2"], ["mark", "end"])
    path = f"runs/{run.body['id']}"
    done = api.ben("PUT", f"{path}/steps/s1", {"state": "done", "version": 0})
    assert done.body["marks"][0]["by"]["handle"] == "ben"
    assert api.ada("PUT", f"{path}/steps/s1", {"state": "done", "version": 0}).body == done.body
    late = api.ada("PUT", f"{path}/steps/s1", {"state": "failed", "version": 0, "note": "It hangs"})
    assert (late.status, late.body["code"]) == (409, "step_changed")
    seen = api.ada("PUT", f"{path}/steps/s1", {"state": "failed", "version": 1, "note": "It hangs"})
    assert (seen.status, seen.body["code"]) == (409, "marked_by_another")
    assert api.ada("PUT", f"{path}/steps/s9", {"state": "done", "version": 0}).status == 404
    assert api.ada("PUT", f"{path}/steps/s3", {"state": "done", "version": 0}).body["code"] == "not_on_path"
    assert api.ada("POST", f"{path}/end", {"outcome": "helped"}).body["code"] == "steps_left"
    api.ada("PUT", f"{path}/steps/s2", {"state": "done", "version": 0, "choice": "o2"})
    ended = api.ben("POST", f"{path}/end", {"outcome": "helped"})
    assert (ended.body["state"], ended.body["outcome"], ended.body["can"]) == ("finished", "helped", [])
    assert [row["id"] for row in api.zoe("GET", f"threads/{thread.pk}/runs").body] == [run.body["id"]]


@pytest.mark.parametrize("who", ["zoe", "finn", "mo"])
def test_what_one_may_not_see_is_not_there(api: Api, cast: Cast, who: str) -> None:
    thread, playbook = ada_asks(cast, audience="organization"), mo_writes(cast)
    run = api.ada("POST", f"threads/{thread.pk}/runs", {"playbook": playbook.pk}).body["id"]
    Playbook.objects.filter(pk=playbook.pk).update(audience="organization", organization=cast.organizations["acme"])
    nothing = api.ask(who, "GET", "runs/999999").body
    for method, path, data in [
        ("GET", f"runs/{run}", None), ("GET", f"threads/{thread.pk}/runs", None),
        ("GET", f"playbooks/{playbook.pk}", None), ("POST", f"runs/{run}/end", {"abandoned": True, "note": "x"}),
        ("PUT", f"runs/{run}/steps/s1", {"state": "done", "version": 0}),
        ("POST", f"threads/{ada_asks(cast).pk}/runs", {"playbook": playbook.pk}),
    ]:  # fmt: skip
        answer = api.ask(who, method, path, data)
        assert answer.status == 404, path
        assert answer.body == nothing, path
    assert api.ask(who, "GET", "playbooks").body["items"] == []


def test_many_runs_in_a_thread_cost_as_much_as_one(api: Api, cast: Cast) -> None:
    thread, practice = ada_asks(cast), recorded(cast)
    steps = [{"title": "Look", "practice": practice.pk}, {"title": "Go"}]
    seen = mo_writes(cast, steps=steps)
    runs = []
    for number in range(12):
        run = start_run(by=cast.ada, thread=thread, playbook=seen)
        mark_step(by=cast.ben, run=run, key="s1", state="done", version=0)
        runs.append(end_run(by=cast.ada, run=run, abandoned=True, note=f"Try {number}"))
    path = f"threads/{thread.pk}/runs"
    api.ada("GET", path)
    with CaptureQueriesContext(connection) as many:
        body = api.ada("GET", path).body
    assert [run["note"] for run in body] == [run.note for run in reversed(runs)]
    assert body[0]["steps"][0]["practice"] == practice.pk
    assert body[0]["marks"][0]["by"]["handle"] == "ben"
    Run.objects.exclude(pk=runs[-1].pk).delete()
    with CaptureQueriesContext(connection) as one:
        api.ada("GET", path)
    assert len(many) == len(one) <= RUNS, [query["sql"] for query in many]
