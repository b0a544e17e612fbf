"""Several things are deleted at once in Django's admin: all of it and what the log says of it, or nothing."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_log_says_so_when_they_are_gone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever hears of it asks the doors again, and would find them as they were."""
    from django.contrib.admin.models import LogEntry

    from community.models import Space

    told: list[bool] = []
    log = LogEntry.objects.log_actions

    def note(*args: Any, **values: Any) -> Any:
        done = log(*args, **values)
        told.append(connection.in_atomic_block)
        return done

    monkeypatch.setattr(type(LogEntry.objects), "log_actions", lambda _self, *args, **values: note(*args, **values))
    pages = Client()
    pages.force_login(cast.nia, backend="allauth.account.auth_backends.AuthenticationBackend")
    empty = Space.objects.create(slug="empty", name="Empty")
    asked = {"action": "delete_selected", "_selected_action": [empty.pk], "post": "yes"}
    assert pages.post("/admin/community/space/", asked).status_code == 302
    assert not Space.objects.filter(pk=empty.pk).exists()
    assert LogEntry.objects.filter(object_id=str(empty.pk), action_flag=3).exists()
    assert told == [True]


def test_it_looks_as_before(cast: Cast) -> None:
    pages = Client()
    pages.force_login(cast.nia, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = pages.get("/admin/community/space/").content.decode()
    assert page.count('<option value="delete_selected">') == 1
    assert "Delete selected spaces" in page
    assert pages.get("/admin/community/member/").content.decode().count("delete_selected") == 0
