"""Whose session or token ends at a record: that one socket, at once, and nothing of it is stored afterwards."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Event
from typing import TYPE_CHECKING

import pytest

from tests.realtime.servers import Server
from tests.realtime.writers import Writer, columns

if TYPE_CHECKING:
    from community.models import Member
    from realtime.people import Ticket
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
Device = Callable[[str], Writer]
PATIENCE = 30


@pytest.fixture
def device(server: Server, cast: "Cast", thread: "Thread") -> Iterator[Device]:
    """Ada at the record with a token of that name."""
    from community.actions.tokens import create_token

    with ExitStack() as stack:

        def enter(name: str) -> Writer:
            token = create_token(by=cast.ada, member=cast.ada, name=name)
            return stack.enter_context(Writer(server.host, thread.pk, token)).join()

        yield enter


def revoke(member: "Member", name: str) -> None:
    from community.actions.access import revoke_tokens

    assert revoke_tokens(by=member, member=member, name=name) == 1


@contextmanager
def held_back(thread: "Thread") -> Iterator[None]:
    """Whatever is written to the record meanwhile waits; it and what is done here are committed in this order."""
    from django.db import transaction

    from threads.models import WorkingRecord

    with transaction.atomic():
        WorkingRecord.objects.filter(pk=thread.pk).update(updated_at=None)
        yield


def until_somebody_waits() -> None:
    """Until another connection waits for a lock. SQLite does not tell."""
    from django.db import connection

    while connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() != (0,):
                return


def test_a_token_that_is_taken_back_ends_its_own_socket_only(device: Device, cast: "Cast", thread: "Thread") -> None:
    phone, desk = device("phone"), device("desk")
    revoke(cast.ada, "phone")
    phone.write("cause", 0, "from the phone")
    assert phone.ended() == 4401
    desk.write("cause", 0, "from the desk")
    desk.settle()
    assert columns(thread)["cause"] == "from the desk"


def test_what_waited_when_the_token_was_taken_back_is_not_stored(
    device: Device, cast: "Cast", thread: "Thread"
) -> None:
    """The process has taken both and waits for the record: what it then finds decides, not what it knew."""
    phone, desk = device("phone"), device("desk")
    with held_back(thread):
        phone.write("problem", 0, "from the phone")
        until_somebody_waits()
        desk.write("cause", 0, "from the desk")
        revoke(cast.ada, "phone")
    desk.settle()
    assert phone.ended() == 4401
    assert (columns(thread)["problem"], columns(thread)["cause"]) == ("", "from the desk")
    assert desk.text("problem") == ""


def test_who_signs_out_in_one_browser_goes_on_in_another(
    server: Server, thread: "Thread", sign_in: Callable[[str], tuple[str, Callable[[], None]]]
) -> None:
    from django.db import transaction

    (cookie, sign_out), (other, _stay) = sign_in("ada"), sign_in("ada")
    ours = f"http://{server.host}"
    with (
        Writer(server.host, thread.pk, cookie=cookie, origin=ours) as leaving,
        Writer(server.host, thread.pk, cookie=other, origin=ours) as staying,
    ):
        leaving.join()
        staying.join()
        with transaction.atomic(), held_back(thread):
            leaving.write("problem", 0, "too late")
            until_somebody_waits()
            sign_out()
        assert leaving.ended() == 4401
        staying.write("cause", 0, "stays")
        staying.settle()
    assert (columns(thread)["problem"], columns(thread)["cause"]) == ("", "stays")


def test_who_comes_with_a_token_that_ends_while_they_come_in_stores_nothing(
    server: Server, cast: "Cast", thread: "Thread"
) -> None:
    from community.actions.tokens import create_token

    token = create_token(by=cast.ada, member=cast.ada, name="phone")
    with Writer(server.host, thread.pk, token) as phone:
        with held_back(thread):
            phone.write("problem", 0, "too late")
            until_somebody_waits()
            revoke(cast.ada, "phone")
        assert phone.ended() == 4401
    assert columns(thread)["problem"] == ""


# The last moment: between judging and the commit. On SQLite there is none, because only one writes at a time.


def ticket_of(member: "Member", name: str) -> "Ticket":
    """What a socket is let in by that comes with a new token of that name."""
    from community.actions.tokens import create_token
    from realtime.tickets import Knock, admit

    (admitted,) = admit([Knock(token=create_token(by=member, member=member, name=name))])
    assert admitted is not None
    return admitted[1]


def writing(thread: "Thread", ticket: "Ticket", between: Callable[[], None], after: Callable[[], None]) -> list[str]:
    """The verdict on a word that is stored while `between` happens before, and `after` after the doors are held."""
    from realtime.doorbell import doors_now
    from realtime.records.holding import HeldDoors
    from tests.threads.replicas import Replica
    from threads.actions.live_records import Copy, Judged, Sent, write_updates

    class Watched(HeldDoors):
        def look(self) -> Judged:
            judged = super().look()
            between()
            return judged

        def hold(self) -> None:
            super().hold()
            after()

    member, copies = ticket.member_id, dict[int, Copy]()
    doors = Watched(doors_now(), [(member, thread.pk)], [ticket], [], [thread.pk])
    sent = [Sent(member, Replica().write("cause", 0, "word"), whole=False, by=ticket)]
    return write_updates(sent={thread.pk: sent}, copies=copies, doors=doors)[thread.pk].verdicts


def elsewhere(run: Callable[[], None]) -> None:
    """Over another connection."""
    from django.db import connection

    try:
        run()
    finally:
        connection.close()


@pytest.fixture
def only_postgresql() -> None:
    from django.db import connection

    if connection.vendor != "postgresql":
        pytest.skip("on SQLite nobody else writes meanwhile")


@pytest.mark.usefixtures("only_postgresql")
def test_a_token_taken_back_while_its_word_is_stored_is_found_before_the_commit(cast: "Cast", thread: "Thread") -> None:
    from realtime.records.holding import Moved

    ticket = ticket_of(cast.ada, "phone")
    with ThreadPoolExecutor(1) as pool:

        def between() -> None:
            pool.submit(elsewhere, lambda: revoke(cast.ada, "phone")).result(PATIENCE)

        with pytest.raises(Moved):
            writing(thread, ticket, between, lambda: None)
    assert columns(thread)["cause"] == ""


@pytest.mark.usefixtures("only_postgresql")
def test_what_concerns_others_is_no_reason_to_judge_again(cast: "Cast", thread: "Thread") -> None:
    ticket, _other = ticket_of(cast.ada, "phone"), ticket_of(cast.ben, "phone")
    with ThreadPoolExecutor(1) as pool:

        def between() -> None:
            pool.submit(elsewhere, lambda: revoke(cast.ben, "phone")).result(PATIENCE)

        assert writing(thread, ticket, between, lambda: None) == ["stored"]


@pytest.mark.usefixtures("only_postgresql")
def test_who_takes_a_token_back_waits_for_what_is_just_being_committed(cast: "Cast", thread: "Thread") -> None:
    ticket, over = ticket_of(cast.ada, "phone"), Event()
    found: list[str] = []
    with ThreadPoolExecutor(1) as pool:

        def take_back() -> None:
            revoke(cast.ada, "phone")
            found.append(columns(thread)["cause"])
            over.set()

        def after() -> None:
            pool.submit(elsewhere, take_back)
            until_somebody_waits()
            assert not over.is_set()

        assert writing(thread, ticket, lambda: None, after) == ["stored"]
        assert over.wait(PATIENCE)
    assert found == ["word"]
