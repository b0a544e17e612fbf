"""The OpenAPI document: complete, and kept by any call that can be made of it."""

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from schemathesis import GenerationMode

from tests.api.asking import Api
from tests.api.documented import check_documented, document

pytestmark = pytest.mark.both_databases

CALLS = """
GET me
GET spaces
GET spaces/{slug}
GET threads
POST threads
GET threads/{id}
PATCH threads/{id}
GET threads/{id}/posts
POST threads/{id}/posts
PATCH posts/{id}
DELETE posts/{id}
PUT posts/{id}/vote
POST threads/{id}/resolve
POST threads/{id}/reopen
POST threads/{id}/practice
GET practices
GET practices/{id}
PATCH practices/{id}
GET search
GET similar
POST similar
GET members/{handle}
""".strip().splitlines()
BEYOND_THE_TABLE = {
    "POST check",
    "GET practices/{id}/versions",
    "POST practices/{id}/versions/{number}/restore",
    "GET practices/{id}/suggestions",
    "POST practices/{id}/suggestions",
    "GET suggestions/{id}",
    "POST suggestions/{id}/accept",
    "POST suggestions/{id}/reject",
    "POST suggestions/{id}/withdraw",
    "GET coverage",
    "PUT practices/{id}/consent",
    "DELETE practices/{id}/consent",
    "PUT practices/{id}/publication",
    "POST practices/{id}/withdraw",
    "GET organization/names",
    "POST organization/names",
    "DELETE organization/names/{id}",
    "GET playbooks",
    "POST playbooks",
    "GET playbooks/{id}",
    "PATCH playbooks/{id}",
    "GET playbooks/{id}/versions",
    "POST playbooks/{id}/restore",
    "PUT playbooks/{id}/keeper",
    "PUT playbooks/{id}/retired",
    "DELETE playbooks/{id}/retired",
    "GET threads/{id}/runs",
    "POST threads/{id}/runs",
    "GET runs/{id}",
    "PUT runs/{id}/steps/{key}",
    "POST runs/{id}/end",
    "GET threads/{id}/swarm",
    "PUT threads/{id}/helpers/{handle}",
    "DELETE threads/{id}/helpers/{handle}",
    "POST threads/{id}/hand-over",
    "POST hand-overs/{id}/answer",
    "DELETE hand-overs/{id}",
    "GET threads/{id}/audience/preview",
    "POST threads/{id}/audience",
    "PUT threads/{id}/guests/{handle}",
    "DELETE threads/{id}/guests/{handle}",
    "GET threads/{id}/requests",
    "POST threads/{id}/requests",
    "GET requests/{id}",
    "DELETE requests/{id}",
    "POST requests/{id}/answer",
    "POST requests/{id}/information",
    "GET me/requests",
    "GET posts/{id}",
    "POST posts/{id}/restore",
    "GET threads/{id}/record/versions",
    "POST threads/{id}/record/restore",
    "GET me/reach",
    "PATCH me/reach",
    "PUT me/skills",
    "GET standing/rules",
    "GET me/privileges",
    "PUT threads/{id}/tags",
    "PUT practices/{id}/tags",
    "POST threads/{id}/duplicate",
    "DELETE threads/{id}/duplicate",
    "GET mentors",
    "GET me/mentoring",
    "PUT me/mentoring",
    "GET mentorings",
    "POST mentorings",
    "POST mentorings/{id}/answer",
    "POST mentorings/{id}/end",
    "PUT mentorings/{id}/helped",
    "DELETE mentorings/{id}/helped",
    "GET threads/{id}/evaluations",
    "PUT threads/{id}/evaluations",
    "GET me/evaluations",
    "GET me/evaluations/given",
    "DELETE me/evaluations/given/{id}",
    "POST me/evaluations/notes/{key}/answer",
    "GET coaching",
    "GET coaching/{handle}",
    "GET organization/coaches",
    "PUT organization/coaches",
    "DELETE organization/coaches/{id}",
    "GET note-reviews",
    "GET note-reviews/{id}",
    "POST note-reviews/{id}/look",
    "POST note-reviews/{id}/decision",
    "GET members/{handle}/profile",
    "GET members/{handle}/ledger",
    "GET me/profile",
    "PATCH me/profile",
    "GET organization/leaderboard",
    "PUT organization/leaderboard",
    "GET patterns",
    "GET patterns/looks",
    "GET patterns/{id}",
    "POST patterns/{id}/look",
    "POST patterns/{id}/decision",
    "GET me/record",
    "GET me/records",
    "POST me/records",
    "DELETE me/records/{id}",
    "GET keys",
    "POST verify",
    "POST me/certificates",
    "DELETE certificates/{id}",
    "POST certificates/{id}/confirm",
    "GET badges",
    "GET members/{handle}/thanks",
    "POST members/{handle}/thanks",
    "DELETE thanks/{id}",
    "GET me/thanks",
    "GET threads/{id}/matches",
    "PUT threads/{id}/applications/{practice}",
    "GET threads/{id}/practices",
    "PUT threads/{id}/practices/{practice}",
    "DELETE threads/{id}/practices/{practice}",
    "GET practices/{id}/threads",
    "GET practices/{id}/adoptions",
    "PUT practices/{id}/adoption",
    "DELETE practices/{id}/adoption",
    "GET bulletins",
    "POST bulletins",
    "GET bulletins/{id}",
    "DELETE bulletins/{id}",
    "PUT bulletins/{id}/receipt",
    "GET saved-searches",
    "POST saved-searches",
    "PATCH saved-searches/{id}",
    "DELETE saved-searches/{id}",
    "GET subscriptions",
    "PUT subscriptions/{scope}",
    "DELETE subscriptions/{scope}",
    "GET organization/subscriptions",
    "PUT organization/subscriptions/{scope}",
    "DELETE organization/subscriptions/{scope}",
    "GET desk",
    "GET desk/samples",
    "POST desk/samples",
    "GET desk/samples/{id}",
    "GET samples/{id}",
    "PUT samples/{id}/score",
    "GET pairs",
    "POST practices/{id}/pairs",
    "POST pairs/{id}/dismiss",
    "PUT pairs/{id}/claim",
    "DELETE pairs/{id}/claim",
    "GET governance",
    "PUT governance",
    "PUT comments/{id}",
    "GET practices/{id}/details",
    "POST practices/{id}/scrub",
    "GET practices/{id}/reports",
    "POST practices/{id}/reports/handled",
    "GET desk/terms",
    "POST desk/terms",
    "DELETE desk/terms/{id}",
    "PUT practices/{id}/claim",
    "DELETE practices/{id}/claim",
    "POST practices/{id}/review",
    "GET reviews/{id}",
    "POST reviews/{id}/comments",
    "POST reviews/{id}/decision",
    "POST practices/{id}/retire",
    "POST practices/{id}/unretire",
    "POST practices/{id}/merge",
    "PUT practices/{id}/owner",
    "DELETE practices/{id}/owner",
    "GET practices/{id}/verdicts",
    "PUT practices/{id}/verdict",
    "DELETE practices/{id}/verdict",
    "GET practices/{id}/audience",
    "POST practices/{id}/audience",
    "GET threads/{id}/since",
    "GET threads/{id}/timeline",
    "PUT threads/{id}/seen",
    "GET threads/{id}/meetings",
    "POST threads/{id}/meetings",
    "DELETE meetings/{id}",
}


def described() -> dict[str, Any]:
    """Every operation by its call."""
    from community.urls import api

    return {
        f"{method.upper()} {path.removeprefix('/api/v1/')}": operation
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method, operation in methods.items()
    }


def test_every_call_exists_under_its_name() -> None:
    assert described().keys() == {*CALLS, *BEYOND_THE_TABLE}


def test_every_call_is_explained() -> None:
    for call, operation in described().items():
        assert operation["summary"], call
        assert operation["description"], call
        assert re.fullmatch(r"[a-z_]+", operation["operationId"]), call
    ids = [operation["operationId"] for operation in described().values()]
    assert len(ids) == len(set(ids))


def test_no_two_schemas_have_one_name() -> None:
    """The document has one place for each name: of two, one would describe the answers of the other."""
    found: dict[str, set[type[BaseModel]]] = {}
    described()

    def look(model: type[BaseModel]) -> None:
        for below in model.__subclasses__():
            if below.__module__.startswith(("community.", "threads.", "reputation.")):
                found.setdefault(below.__name__, set()).add(below)
            look(below)

    look(BaseModel)
    assert len(found) > 50
    assert not {name: sorted(map(repr, those)) for name, those in found.items() if len(those) > 1}


def test_the_document_is_public(db: None) -> None:
    response = Client().get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert response.json()["openapi"] == "3.1.0"
    assert response.json()["servers"] == [{"url": "http://127.0.0.1:8000"}]


def test_the_page_of_the_document_keeps_the_content_security_policy(db: None) -> None:
    response = Client().get("/api/v1/docs")
    assert response.status_code == 200
    page = response.content.decode()
    scripts = re.findall(r"<script([^>]*)>", page)
    assert scripts
    assert all("src=" in script or "application/json" in script for script in scripts)
    assert not re.search(r"<style|\sstyle=|\son\w+=|https?://", page)
    assert "'unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_any_call_gets_an_answer_that_is_announced(
    api: Api, thread: dict[str, Any], reply: dict[str, Any], mode: GenerationMode
) -> None:
    """Three quarters of them are about things that exist, or every answer would be that there is no such thing."""
    record = {"problem": "Mail stays.", "resolution": "Restart."}
    other = api.ada("POST", "threads", {"space": "lobby", "title": "Solved", "body": "Mail stays."}).body["id"]
    api.ada("POST", f"threads/{other}/resolve", {"record": record})
    practice = api.ada("POST", f"threads/{other}/practice").body
    known = {
        "threads": thread["id"], "posts": reply["id"], "practices": practice["id"], "spaces": "lobby", "members": "ada",
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {api.token('ada')}"}
    seen: set[int] = set()

    def ask(case: Any, choice: int) -> None:
        noun = case.path.split("/")[3]
        for name in (case.path_parameters or {}) if choice else ():
            case.path_parameters[name] = known.get(noun, 1)
        if choice and mode == GenerationMode.POSITIVE and case.operation.label == "POST /api/v1/threads":
            case.body["space"] = "lobby"
        sent = case.as_transport_kwargs(base_url="http://127.0.0.1:8000")
        request = schemathesis_request(sent)
        response = Client().generic(**request, headers=headers)
        seen.add(response.status_code)
        assert response.status_code < 500
        check_documented(request["method"], request["path"].partition("?")[0], response)

    bounds = settings(
        max_examples=6, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    for result in document().get_all_operations():
        if mode == GenerationMode.NEGATIVE and not takes_anything(result.ok().definition.raw):
            continue
        cases = result.ok().as_strategy(generation_mode=mode)
        seed(1)(bounds(given(case=cases, choice=st.integers(0, 3))(ask)))()
    assert {GenerationMode.POSITIVE: 201, GenerationMode.NEGATIVE: 422}[mode] in seen


def takes_anything(operation: dict[str, Any]) -> bool:
    """Whether there is anything in a call that could be wrong."""
    return bool(operation["parameters"]) or "requestBody" in operation or "security" in operation


def schemathesis_request(sent: dict[str, Any]) -> dict[str, Any]:
    """What Django's test client sends for what a case would send."""
    import requests

    prepared = requests.Request(
        sent["method"], sent["url"], params=sent.get("params"), json=sent.get("json"), data=sent.get("data")
    ).prepare()
    body = prepared.body or b""
    return {
        "method": sent["method"],
        "path": prepared.path_url,
        "data": body if isinstance(body, bytes) else str(body).encode(),
        "content_type": "application/json",
    }
