"""Without Redis nothing is remembered, and nothing fails."""

from typing import TYPE_CHECKING

import pytest
from django.core.cache import caches

from tests.services import free_port

if TYPE_CHECKING:
    from django.core.cache.backends.base import BaseCache
    from pytest_django.fixtures import Settings


@pytest.fixture
def away(settings: "Settings") -> "BaseCache":
    """A cache whose Redis is not there."""
    place = f"redis://127.0.0.1:{free_port()}/0"
    settings.CACHES = {"default": {"BACKEND": "community.rules.cache.ForgetfulRedisCache", "LOCATION": place}}
    return caches["default"]


def test_a_cache_that_is_away_is_an_empty_one(away: "BaseCache", caplog: pytest.LogCaptureFixture) -> None:
    away.set("a", 1)
    away.set_many({"a": 1, "b": 2}, 60)
    assert away.get("a", 7) == 7
    assert away.get_many(["a", "b"]) == {}
    assert away.add("a", 1)
    assert not away.has_key("a")
    assert away.incr("a") == 1
    away.delete_many(["a"])
    assert not away.delete("a")
    assert not away.touch("a")
    assert len(caplog.records) == 1
