"""Contribution profiles, the ledger and leaderboards over the API: told to whom the pages tell them."""

from typing import Any

import pytest

from community.rules import clock
from reputation.models import Tally
from tests.api.asking import Answer, Api
from tests.reputation.earning import IN_ALL, LATELY, NOW, earns

pytestmark = pytest.mark.both_databases

MINE = {"contributions": "me", "ledger": "me", "peers": "me", "off_leaderboards": False}
VIEWERS = ("ada", "olga", "zoe", "cleo", "finn", "mo", "nia")
SEES = {"me": set[str](), "organization": {"ada", "olga"}, "network": set(VIEWERS)}


def ask(api: Api, who: str, path: str) -> Answer:
    with clock.at(NOW):
        return api.ask(who, "GET", path)


def chosen(api: Api, **parts: Any) -> Answer:
    return api.ben("PATCH", "me/profile", parts)


@pytest.fixture(autouse=True)
def _earned(api: Api) -> None:
    earns(api.cast, api.cast.ben)
    Tally.objects.create(rated=api.cast.ben, kind="peer", quality="clarity", value=9, raters=7, parts={}, at=NOW)
    Tally.objects.create(rated=api.cast.ben, kind="requester", quality="clarity", value=3, raters=7, parts={}, at=NOW)


def totals(axes: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {axis: (total["points"], total["awards"]) for axis, total in axes.items()}


def test_ones_own_profile(api: Api) -> None:
    found = ask(api, "ben", "members/ben/profile?period=all").body
    assert totals(found["axes"]) == IN_ALL
    assert found["peers"] == {"mean": 4.5, "qualities": {"clarity": 4.5}, "month": "2026-11"}
    assert (len(found["months"]), found["months"][-1]["month"]) == (24, "2026-11")
    assert totals(found["months"][-4]["axes"])["share"] == (20, 1)
    assert [(row["name"], row["points"], row["awards"]) for row in found["subjects"]] == [("Mail Gateway", 63, 5)]
    lately = ask(api, "ben", "members/ben/profile").body
    assert (lately["period"], totals(lately["axes"]), lately["peers"]) == ("12-months", LATELY, None)
    assert totals(ask(api, "ben", "members/ben/profile?subject=product:mail-gateway").body["axes"])["help"] == (8, 1)


def test_the_ledger_page_by_page(api: Api) -> None:
    path, rows = "members/ben/ledger?limit=5", []
    while path:
        answer = ask(api, "ben", path)
        rows += answer.body["items"]
        path = f"members/ben/ledger?limit=5&after={answer.body['next']}" if answer.body["next"] else ""
    assert len(rows) == len({row["id"] for row in rows}) == 13
    assert sum(row["points"] for row in rows) == api.ben("GET", "members/ben").body["standing"]
    by_axis = {axis: sum(row["points"] for row in rows if row["axis"] == axis) for axis in IN_ALL}
    assert by_axis == {axis: of[0] for axis, of in IN_ALL.items()}
    august = ask(api, "ben", "members/ben/ledger?period=2026-08&axis=solve").body["items"]
    assert [(row["points"], row["month"], row["about"]) for row in august] == [
        (-10, "2026-08", None), (10, "2026-08", None),
    ]  # fmt: skip


@pytest.mark.parametrize("circle", SEES)
@pytest.mark.parametrize("part", ["contributions", "ledger", "peers"])
def test_who_is_told_what(api: Api, part: str, circle: str) -> None:
    assert chosen(api, **{part: circle}).body == MINE | {part: circle}
    for who in VIEWERS:
        sees = who in SEES[circle]
        profile = ask(api, who, "members/ben/profile?period=all")
        assert profile.status == (200 if sees else 404), who
        if sees:
            told = {"contributions": profile.body["axes"] is not None, "peers": profile.body["peers"] is not None}
            assert told == {"contributions": part == "contributions", "peers": part == "peers"}
            assert (profile.body["months"] is None) is (profile.body["subjects"] is None) is (part != "contributions")
        assert ask(api, who, "members/ben/ledger").status == (200 if sees and part == "ledger" else 404)
        made_of = ask(api, who, "members/ben").body["made_of"]
        assert bool(made_of) is (sees and part == "contributions")
    assert "requester" not in str(ask(api, "ben", "members/ben/profile?period=all").body)


def test_nothing_tells_whether_there_is_something(api: Api) -> None:
    answers = [
        ask(api, "zoe", f"members/{handle}/{what}")
        for handle in ("ben", "finn", "sam", "nobody", "%00")
        for what in ("profile", "ledger", "profile?subject=tag:x", "ledger?axis=help")
    ]
    assert {answer.status for answer in answers} == {404}
    assert all(answer.body == answers[0].body for answer in answers)


def test_a_tag_is_named_only_to_who_meets_it(api: Api, thread: dict[str, Any]) -> None:
    assert thread["id"]
    chosen(api, contributions="network", ledger="network")
    subjects = ask(api, "zoe", "members/ben/profile?period=all").body["subjects"]
    assert {row["subject"] for row in subjects} == {"product:mail-gateway", "tag:smtp"}, "dns is met nowhere"
    for unmet in ("tag:dns", "tag:none", "space:lobby", "product:none", "x"):
        for what in ("profile", "ledger"):
            answer = ask(api, "zoe", f"members/ben/{what}?subject={unmet}")
            assert (answer.status, list(answer.body["errors"])) == (422, ["subject"])


def test_what_cannot_be_asked_or_chosen(api: Api) -> None:
    assert "period" in ask(api, "ben", "members/ben/profile?period=ever").body["errors"]
    assert ask(api, "ben", "members/ben/ledger?axis=win").status == 422
    assert ask(api, "ben", "members/ben/ledger?after=x").status == 422
    assert chosen(api, ledger="all").status == 422
    assert chosen(api, off_leaderboards="perhaps").status == 422
    assert api.ben("GET", "me/profile").body == MINE
    assert chosen(api, peers="network", off_leaderboards=True).status == 200
    assert chosen(api, ledger="organization").body == {
        "contributions": "me", "ledger": "organization", "peers": "network", "off_leaderboards": True,
    }  # fmt: skip


def test_a_leaderboard_is_for_the_own_organization_when_it_is_on(api: Api) -> None:
    board = "organization/leaderboard"
    off: dict[str, Any] = {"on": False, "since": None, "period": "12-months", "subject": "", "items": []}
    assert all(ask(api, who, board).body == off for who in ("ben", *VIEWERS))
    for who in ("ada", "ben", "zoe", "mo"):
        assert api.ask(who, "PUT", board, {"on": True}).status == 403, who
    assert api.olga("PUT", board, {"on": True}).body == {"on": True}
    found = ask(api, "ada", f"{board}?period=2026-11").body
    assert [(row["place"], row["member"]["handle"], row["points"], row["awards"]) for row in found["items"]] == [
        (1, "ben", 70, 6)
    ]
    assert all(ask(api, who, board).body == off for who in ("zoe", "cleo", "finn", "mo", "nia"))
    unmet, unknown = (ask(api, "ada", f"{board}?subject=tag:{tag}") for tag in ("dns", "none"))
    assert (unmet.status, unmet.body) == (422, unknown.body)
    assert len(ask(api, "ada", f"{board}?subject=product:mail-gateway").body["items"]) == 1
    chosen(api, off_leaderboards=True)
    assert ask(api, "ada", board).body["items"] == []
    assert api.olga("PUT", board, {"on": False}).body == {"on": False}
    assert ask(api, "ada", board).body == off
