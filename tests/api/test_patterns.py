"""Patterns in giving by the API."""

from datetime import timedelta

import pytest

from community.models import Member
from community.rules import clock
from reputation.models import Flag, FlagLook
from reputation.rules.patterns import RECIPROCAL_EACH
from tests.api.asking import Api
from tests.cast import Cast
from tests.reputation.suspending import replies, thread_of, vote_for
from threads.actions.patterns import find_patterns

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def flag(cast: Cast) -> Flag:
    Member.objects.update(joined_at=clock.now() - timedelta(days=400))
    vote_for(cast.ada, replies(thread_of(cast, "One", by="olga"), cast.zoe, RECIPROCAL_EACH))
    vote_for(cast.zoe, replies(thread_of(cast, "Two", by="olga"), cast.ada, RECIPROCAL_EACH))
    (found,) = find_patterns()
    return found


def test_a_moderator_looks_and_decides(api: Api, flag: Flag) -> None:
    (listed,) = api.mo("GET", "patterns?state=open&limit=1").body["items"]
    assert (listed["id"], listed["kind"], listed["gifts"], listed["people"]) == (flag.pk, "reciprocal", 12, 2)
    assert "ada" not in str(listed)
    path = f"patterns/{flag.pk}"
    assert api.mo("GET", path).body["evidence"] is None
    decision = {"state": "acted", "reason": "They deal.", "version": listed["version"]}
    assert api.mo("POST", f"{path}/decision", decision).body["code"] == "look_first"
    looked = api.mo("POST", f"{path}/look").body
    assert {each["member"]["handle"] for each in looked["evidence"]["members"]} == {"ada", "zoe"}
    assert len(looked["evidence"]["awards"]) == 12
    assert sum(looked["evidence"]["days"].values()) == 12
    assert [look["by"]["handle"] for look in looked["looks"]] == ["mo"]
    assert api.mo("POST", f"{path}/decision", decision | {"version": 99}).status == 409
    assert api.mo("POST", f"{path}/decision", decision | {"reason": ""}).status == 422
    assert api.mo("POST", f"{path}/decision", decision).body["state"] == "acted"
    assert api.mo("GET", "patterns?state=open").body["items"] == []


def test_others_find_nothing(api: Api, flag: Flag) -> None:
    path = f"patterns/{flag.pk}"
    for who in ("ada", "zoe", "ben", "olga", "cleo"):
        for address in ("patterns", "patterns/looks"):
            assert api.ask(who, "GET", address).body["items"] == [], (who, address)
        assert api.ask(who, "GET", path).status == 404
        assert api.ask(who, "POST", f"{path}/look").status == 404
        decision = {"state": "acted", "reason": "x", "version": 1}
        assert api.ask(who, "POST", f"{path}/decision", decision).status == 404
    assert api.mo("GET", "patterns/looks").body["items"] == []
    assert api.mo("GET", f"patterns/{10**9}").status == 404
    assert not FlagLook.objects.exists()


def test_who_looked_is_read_by_network_administrators(api: Api, flag: Flag) -> None:
    api.mo("POST", f"patterns/{flag.pk}/look")
    api.nia("POST", f"patterns/{flag.pk}/look")
    first = api.nia("GET", "patterns/looks?limit=1").body
    assert [look["by"]["handle"] for look in first["items"]] == ["nia"]
    second = api.nia("GET", f"patterns/looks?limit=1&after={first['next']}").body
    assert [look["by"]["handle"] for look in second["items"]] == ["mo"]
    assert second["next"] is None
    assert api.nia("GET", "patterns/looks?after=x").status == 422
