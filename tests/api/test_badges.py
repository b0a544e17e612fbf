"""Badges over the API."""

import pytest

from community.actions.members import suspend
from tests.api.asking import Api
from tests.reputation.giving import give

pytestmark = pytest.mark.both_databases


def test_badges_over_the_api(api: Api) -> None:
    give(api.cast.ben, "solution", api.cast.zoe)
    items = api.ben("GET", "badges").body["items"]
    first = {each["slug"]: each for each in items}["good-neighbour"]
    assert (first["holders"], first["reached"], first["needed"]) == (1, 1, 1)
    assert first["since"]
    held = api.finn("GET", "members/ben").body["badges"]
    assert [(each["slug"], each["since"]) for each in held] == [("good-neighbour", first["since"])]
    assert {each["reached"] for each in api.finn("GET", "badges").body["items"]} == {0}
    assert {each["since"] for each in api.finn("GET", "badges").body["items"]} == {None}
    assert api.finn("GET", "members/ada").body["badges"] == []
    api.token("zoe")
    suspend(by=api.cast.nia, member=api.cast.zoe)
    assert api.zoe("GET", "badges").status == 401
