"""The connections that threads keep: not asked before every request, and made anew when the server has hung up."""

import json

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.http.asking import Make, ask

pytestmark = [pytest.mark.postgresql_only, pytest.mark.django_db(transaction=True)]


async def backend(application: object) -> int:
    """The process of PostgreSQL that serves the handler's only thread."""
    answer = await ask(application, "/backend")
    assert answer.status == 200
    pid: int = json.loads(answer.body)["pid"]
    return pid


def ended(pid: int) -> None:
    """End a connection as an administrator or a restart does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
        assert cursor.fetchone() == (True,)
    connection.close()


async def test_a_thread_keeps_its_connection_until_the_server_ends_it(
    handler: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    from asgiref.sync import sync_to_async

    asked: list[object] = []
    application = handler(threads=1)
    first = await backend(application)

    def asking(one: BaseDatabaseWrapper) -> bool:
        asked.append(one)
        return is_usable(one)

    is_usable = type(connections["default"]).is_usable
    monkeypatch.setattr(type(connections["default"]), "is_usable", asking)
    assert [await backend(application) for _ in range(3)] == [first] * 3
    assert asked == []

    await sync_to_async(ended)(first)

    second = await backend(application)
    assert second != first, "and the request did not fail"
    assert await backend(application) == second
    await ask(application, "/backend?close")
