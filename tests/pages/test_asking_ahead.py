"""Pages that ask for their viewer, frame and thread in one exchange: as few, and never for somebody who is out."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from community.models import InboxItem, Member
from community.queries import sessions
from community.rules.ready import Ready
from tests.cast import Cast, make_cast
from tests.pages.stories import signed_in
from tests.pages.test_shared import forget
from threads.actions.threads import open_thread
from threads.models import Thread

pytestmark = [pytest.mark.postgresql_only, pytest.mark.django_db(transaction=True)]

TITLE = "Queue stalls"


@pytest.fixture(autouse=True)
def _nobody_known() -> Iterator[None]:
    forget()
    sessions._lately.clear()
    yield
    forget()
    sessions._lately.clear()


@pytest.fixture
def cast() -> Cast:
    """Committed, as on a site: within a transaction nothing is asked ahead."""
    return make_cast()


@pytest.fixture
def exchanges(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many statements each exchange with the database had."""
    seen: list[int] = []
    one, several = Ready._done, Ready.ask_ahead

    def done(ready: Ready, *statement: Any) -> Any:
        seen.append(1)
        return one(ready, *statement)

    def ask_ahead(ready: Ready, statements: Any) -> None:
        seen.append(len(statements))
        several(ready, statements)

    monkeypatch.setattr(Ready, "_done", done)
    monkeypatch.setattr(Ready, "ask_ahead", ask_ahead)
    return seen


@pytest.fixture
def page(cast: Cast) -> Callable[[Client], str]:
    """The page of a thread of Ada's organization, and nobody else's."""
    space = cast.spaces["lobby"]
    thread = open_thread(by=cast.ada, space=space, title=TITLE, body="Since noon.", audience="organization")
    return lambda client: client.get(thread.get_absolute_url()).content.decode()


def test_a_page_is_one_exchange(cast: Cast, page: Callable[[Client], str], exchanges: list[int]) -> None:
    client = signed_in(cast.ada)
    for _again in range(3):
        exchanges.clear()
        assert TITLE in page(client)
    assert exchanges == [3]
    name = f"thread:{Thread.objects.get(title=TITLE).pk}"
    InboxItem.objects.create(member=cast.ada, kind="mentioned", subject=name, target=name, key="once")
    for _again in range(3):
        exchanges.clear()
        assert TITLE in page(client)
    assert exchanges == [4]


def test_who_was_signed_out_or_suspended_is_out_at_once(cast: Cast, page: Callable[[Client], str]) -> None:
    for out in (
        lambda: Session.objects.all().delete(),
        lambda: Member.objects.filter(pk=cast.ada.pk).update(is_active=False),
    ):
        client = signed_in(cast.ada)
        assert all(TITLE in page(client) for _again in range(3))
        out()
        assert page(client) == ""


def test_who_moved_sees_what_is_theirs_now(cast: Cast, page: Callable[[Client], str], exchanges: list[int]) -> None:
    client = signed_in(cast.ada)
    assert all(TITLE in page(client) for _again in range(3))
    Member.objects.filter(pk=cast.ada.pk).update(organization=cast.zoe.organization, center=None)
    exchanges.clear()
    assert TITLE not in page(client)
    assert 3 in exchanges
    Member.objects.filter(pk=cast.ada.pk).update(organization=cast.ada.organization, center=cast.ada.center)
    assert TITLE in page(client)
