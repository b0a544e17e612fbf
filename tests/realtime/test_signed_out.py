"""Who has signed out gets nothing that was written afterwards, by whichever way: also when no nudge told of it."""

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async

from tests.realtime.inside import Listener, hub_alone, written

if TYPE_CHECKING:
    from realtime.hub import Hub
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = pytest.mark.django_db(transaction=True)
LeftBehind = tuple[Any, Callable[[], Any]]


@pytest.fixture
async def hub(transactional_db: None) -> AsyncIterator["Hub"]:
    """A hub that nobody tells of anything."""
    async with hub_alone() as hub:
        yield hub


def by_session(cast: "Cast") -> LeftBehind:
    """A knock of Ada's, and how she signs out."""
    from django.conf import settings
    from django.test import Client

    from realtime.tickets import Knock

    pages = Client()
    pages.force_login(cast.ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    name = settings.SESSION_COOKIE_NAME
    return Knock(cookie=f"{name}={pages.cookies[name].value}"), pages.logout


def by_password(cast: "Cast") -> LeftBehind:
    """The same, and she changes her password elsewhere."""
    from django.contrib.auth.forms import SetPasswordForm

    knock, _sign_out = by_session(cast)
    secret = "a long one of her own"

    def change() -> None:
        form = SetPasswordForm(cast.ada, {"new_password1": secret, "new_password2": secret})
        assert form.is_valid()
        form.save()

    return knock, change


def by_token(cast: "Cast") -> LeftBehind:
    """A token of Ada's, and how it is revoked."""
    from community.actions.access import revoke_tokens
    from community.actions.tokens import create_token
    from realtime.tickets import Knock

    return Knock(token=create_token(by=cast.ada, member=cast.ada, name="t")), lambda: revoke_tokens(
        by=cast.ada, member=cast.ada
    )


WAYS = pytest.mark.parametrize("way", [by_session, by_password, by_token])


async def let_in(hub: "Hub", cast: "Cast", way: Callable[["Cast"], LeftBehind]) -> tuple[Listener, Callable[[], Any]]:
    """Ada at her socket, and how what let her in ends."""
    knock, end = await sync_to_async(way)(cast)
    admitted = await hub.arrivals.admit(knock)
    assert admitted is not None
    return Listener(hub, cast.ada, admitted[1]), end


async def only_closed(listener: Listener) -> None:
    """It is closed, and is sent nothing before."""
    frame = await listener.until()
    assert (frame["type"], frame.get("code")) == ("websocket.close", 4401)
    assert listener.frames.empty()


@WAYS
async def test_the_log_gives_them_nothing(
    hub: "Hub", cast: "Cast", thread: "Thread", way: Callable[["Cast"], LeftBehind]
) -> None:
    ada, end = await let_in(hub, cast, way)
    await sync_to_async(end)()
    await written(thread, cast.ben)
    hub.subscribe(ada.socket, f"thread:{thread.pk}", 2)
    await only_closed(ada)


async def test_nor_does_it_when_they_read_too_slowly_to_be_live(hub: "Hub", cast: "Cast", thread: "Thread") -> None:
    ada, sign_out = await let_in(hub, cast, by_session)
    await ada.subscribe(f"thread:{thread.pk}")
    await ada.until(type="presence")
    [listening] = hub.listeners.of(ada.socket).values()
    await sync_to_async(sign_out)()
    await written(thread, cast.ben)
    hub._again(listening)
    await only_closed(ada)


async def test_who_is_still_signed_in_is_let_in_whatever_changed(hub: "Hub", cast: "Cast", thread: "Thread") -> None:
    ada, _sign_out = await let_in(hub, cast, by_session)
    _other, sign_out = await sync_to_async(by_session)(cast)
    await sync_to_async(sign_out)()
    await written(thread, cast.ben)
    hub.subscribe(ada.socket, f"thread:{thread.pk}", 2)
    assert await ada.numbers(1) == [3]


async def test_while_nothing_changed_nobody_is_asked_again(
    hub: "Hub", cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from realtime import tickets

    ada, _sign_out = await let_in(hub, cast, by_session)
    monkeypatch.delattr(tickets, "ended")
    await ada.subscribe(f"thread:{thread.pk}", 1)
