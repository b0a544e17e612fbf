"""The handler with the views of this folder, and static files as on a real site."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

if TYPE_CHECKING:
    from community.http.handler import PageHandler
    from tests.http.asking import Make
    from tests.http.views import Scene


@pytest.fixture
def collected(settings: Settings, tmp_path: Path) -> Path:
    """The static files collected, and served from there."""
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_AUTOREFRESH = False
    settings.STORAGES = {**settings.STORAGES}  # makes the storage anew, with that folder
    call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Scene]":
    """A new scene; no view stays behind its gate."""
    from tests.http import views

    made = views.Scene()
    monkeypatch.setattr(views, "scene", made)
    yield made
    made.gate.set()


@pytest.fixture
def handler(settings: Settings, scene: "Scene") -> "Make":
    """Makes handlers: `handler(threads=2, most_waiting=5)`, without middleware, with the views of this folder."""
    from community.http.handler import PageHandler

    settings.ROOT_URLCONF = "tests.http.views"
    settings.MIDDLEWARE = []
    settings.ALLOWED_HOSTS = ["localhost"]

    def make(
        *,
        threads: int = 2,
        slow_after: float = 0.0,
        most_waiting: int = 5,
        patience: float = 30.0,
    ) -> "PageHandler":
        settings.PAGES = {
            "threads": threads,
            "slow_after": slow_after,
            "most_waiting": most_waiting,
            "patience": patience,
        }
        return PageHandler()

    return make
