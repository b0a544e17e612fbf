"""Pages find out in one statement whether their viewer, what they may see and all that is shown is as it was."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client

from community.actions.marks import put_up, take_down
from community.models import Grant, InboxItem, Member, Space
from community.queries import marks
from tests.cast import Cast, make_cast
from tests.pages.stories import signed_in
from tests.pages.test_shared import forget
from threads.actions.threads import open_thread
from threads.models import Guest, Thread

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

TITLE = "Queue stalls"
COUNT = "data-inbox-count>1<"
Counted = Callable[[int], AbstractContextManager[object]]


@pytest.fixture(autouse=True)
def _nobody_known() -> Iterator[None]:
    forget()
    marks._seen.clear()
    yield
    forget()
    marks._seen.clear()


@pytest.fixture
def cast() -> Cast:
    """Committed, as on a site: within a transaction PostgreSQL's marks are not relied on."""
    return make_cast()


@pytest.fixture
def page(cast: Cast) -> Callable[[Client], str]:
    """The page of a thread of Ada's organization, and nobody else's."""
    space = cast.spaces["lobby"]
    thread = open_thread(by=cast.ada, space=space, title=TITLE, body="Since noon.", audience="organization")
    return lambda client: client.get(thread.get_absolute_url()).content.decode()


def known(client: Client, page: Callable[[Client], str]) -> None:
    """Whoever reads it has read it before, and nothing about them is found out any more."""
    assert all(TITLE in page(client) for _again in range(3))


def test_a_page_is_one_statement(cast: Cast, page: Callable[[Client], str], django_assert_num_queries: Counted) -> None:
    client = signed_in(cast.ada)
    known(client, page)
    with django_assert_num_queries(1):
        page(client)
    name = f"thread:{Thread.objects.get(title=TITLE).pk}"
    InboxItem.objects.create(member=cast.ada, kind="mentioned", subject=name, target=name, key="once")
    assert COUNT in page(client)
    with django_assert_num_queries(1):
        assert COUNT in page(client)
    InboxItem.objects.update(subject="thread:0")
    assert COUNT not in page(client)


def test_the_next_viewer_is_found_out_for_themselves(cast: Cast, page: Callable[[Client], str]) -> None:
    known(signed_in(cast.ada), page)
    zoe = signed_in(cast.zoe)
    for _again in range(3):
        assert TITLE not in page(zoe)
    known(signed_in(cast.olga), page)


def test_who_was_signed_out_or_suspended_is_out_at_once(cast: Cast, page: Callable[[Client], str]) -> None:
    for out in (
        lambda: Session.objects.all().delete(),
        lambda: Session.objects.update(expire_date="2020-01-01 00:00:00+00:00"),
        lambda: Session.objects.update(session_data="nothing:that:is signed"),
        lambda: Member.objects.filter(pk=cast.ada.pk).update(password="another"),
        lambda: Member.objects.filter(pk=cast.ada.pk).update(is_active=False),
    ):
        client = signed_in(cast.ada)
        known(client, page)
        out()
        assert page(client) == ""
        cast.ada.refresh_from_db()


def test_a_session_that_names_somebody_else_is_theirs(cast: Cast, page: Callable[[Client], str]) -> None:
    client = signed_in(cast.ada)
    known(client, page)
    session, zoe = client.session, Member.objects.get(pk=cast.zoe.pk)
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(zoe.pk), zoe.get_session_auth_hash()
    session.save()
    for _again in range(3):
        assert TITLE not in page(client)
    assert f'data-member="{zoe.pk}"' in client.get("/help/").content.decode()


def test_who_moved_sees_what_is_theirs_now(cast: Cast, page: Callable[[Client], str]) -> None:
    client = signed_in(cast.ada)
    known(client, page)
    mine = Member.objects.filter(pk=cast.ada.pk)
    mine.update(organization=cast.zoe.organization, center=None)
    assert TITLE not in page(client)
    mine.update(organization=cast.ada.organization, center=cast.ada.center)
    assert TITLE in page(client)


def test_whatever_opens_or_shuts_a_door_is_seen_at_once(cast: Cast, page: Callable[[Client], str]) -> None:
    """Behind the pages' back, one after another, for somebody the thread was for and somebody it was not for."""
    thread = Thread.objects.get(title=TITLE)
    lobby = Space.objects.filter(pk=thread.space_id)
    inside, outside = signed_in(cast.olga), signed_in(cast.zoe)
    known(inside, page)
    doors: list[tuple[Callable[[], object], bool, bool]] = [
        (lambda: Guest.objects.create(thread=thread, member=cast.zoe, invited_by=cast.ada), True, True),
        (lambda: Guest.objects.all().delete(), True, False),
        (lambda: Thread.objects.filter(pk=thread.pk).update(audience="organizations"), True, False),
        (lambda: thread.audience_organizations.add(cast.zoe.organization), True, True),
        (lambda: lobby.update(audience="organizations"), False, False),
        (lambda: lobby.get().organizations.add(cast.zoe.organization), False, True),
        (lambda: Grant.objects.create(member=cast.olga, role="curator", space=lobby.get()), True, True),
        (lambda: Grant.objects.filter(member=cast.olga).delete(), False, True),
        (lambda: lobby.update(audience="members"), False, False),
        (lambda: lobby.get().members.add(cast.olga), True, False),
        (lambda: lobby.get().members.set([]), False, False),
    ]
    Grant.objects.filter(member__in=[cast.olga, cast.zoe]).delete()
    lobby.get().organizations.clear()
    for number, (change, for_olga, for_zoe) in enumerate(doors):
        for _again in range(2):
            page(inside), page(outside)
        change()
        assert (TITLE in page(inside), TITLE in page(outside)) == (for_olga, for_zoe), number
        assert (TITLE in page(inside), TITLE in page(outside)) == (for_olga, for_zoe), number


def test_without_marks_all_of_it_is_asked(cast: Cast, page: Callable[[Client], str]) -> None:
    from django.db import connection

    client = signed_in(cast.ada)
    known(client, page)
    take_down(connection)
    marks._seen.clear()
    known(client, page)
    Member.objects.filter(pk=cast.ada.pk).update(organization=cast.zoe.organization, center=None)
    assert TITLE not in page(client)
    put_up(connection)
