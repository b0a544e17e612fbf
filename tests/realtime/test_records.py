"""Writing a record over its socket: what comes to whom, what is stored before it is told, and what is refused."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pycrdt
import pytest

from tests.realtime.servers import Server
from tests.realtime.writers import STEP_1, STEP_2, SYNC, UPDATE, Writer

if TYPE_CHECKING:
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
Sit = Callable[..., Writer]


@pytest.fixture
def sit(server: Server, token_of: Callable[[str], str], thread: "Thread") -> Iterator[Sit]:
    """Puts members at the record: `sit("ada")`; `sit("ada", greet=False)` says nothing yet."""
    with ExitStack() as stack:

        def enter(handle: str, *, at: Server = server, greet: bool = True, **options: object) -> Writer:
            writer = stack.enter_context(Writer(at.host, thread.pk, token_of(handle), **options))  # type: ignore[arg-type]
            return writer.join() if greet else writer

        yield enter


def columns(thread: "Thread") -> dict[str, str]:
    """What the record says in the database."""
    from threads.models import WorkingRecord

    return WorkingRecord.objects.get(pk=thread.pk).fields


def test_what_one_writes_comes_to_the_others_and_is_in_the_columns(sit: Sit, thread: "Thread") -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.write("problem", 0, "Hellö 😀")
    ben.write("cause", 0, "DNS")
    ada.settle()
    ben.settle()
    both = ("Hellö 😀", "DNS")
    ada.until(lambda: (ada.text("problem"), ada.text("cause")) == both)
    ben.until(lambda: (ben.text("problem"), ben.text("cause")) == both)
    assert columns(thread) == {"problem": "Hellö 😀", "environment": "", "cause": "DNS", "resolution": ""}
    late = sit("zoe")
    assert late.replica.texts == ada.replica.texts


def test_what_was_written_without_a_connection_is_asked_for_and_merges(sit: Sit, thread: "Thread") -> None:
    ada = sit("ada")
    ada.write("problem", 0, "Mail ")
    ada.settle()
    away = sit("ben")
    away.connection.close()
    away.replica.write("problem", 5, "waits")
    ada.write("problem", 0, "Our ")
    ada.settle()
    back = sit("ben", greet=False)
    back.replica = away.replica
    back.join()
    back.settle()
    ada.until(lambda: ada.text() == back.text())
    assert columns(thread)["problem"] == ada.text() == "Our Mail waits"


# How it begins


@pytest.mark.parametrize("path", ["/ws/records/{}", "/ws/records/{}/"])
def test_the_path_may_end_with_a_slash(sit: Sit, path: str) -> None:
    sit("ada", path=path).settle()


@pytest.mark.parametrize("path", ["/ws/records/", "/ws/records/{}/x", "/ws/records/0", "/ws/records/99999999"])
def test_other_paths_lead_nowhere(sit: Sit, path: str) -> None:
    assert sit("ada", greet=False, path=path).ended() == 4404


def test_a_browser_comes_by_cookie_from_our_own_pages_only(
    server: Server, thread: "Thread", sign_in: Callable[[str], tuple[str, Callable[[], None]]]
) -> None:
    cookie, sign_out = sign_in("ada")
    with Writer(server.host, thread.pk, cookie=cookie, origin="http://evil.example") as foreign:
        assert foreign.ended() == 4403
    with Writer(server.host, thread.pk, cookie=cookie, origin=f"http://{server.host}") as ada:
        ada.join().write("cause", 0, "DNS")
        ada.settle()
        sign_out()
        assert ada.ended() == 4401
    assert columns(thread)["cause"] == "DNS"


def test_without_a_token_nobody_comes_in(server: Server, thread: "Thread") -> None:
    with Writer(server.host, thread.pk, "nonsense") as nobody:
        assert nobody.ended() == 4401


def test_a_record_that_was_written_by_form_is_there(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    from threads.actions.records import save_record

    save_record(by=cast.ada, thread=thread, fields={"problem": "By form.", "cause": "Ünknown."})
    ben = sit("ben")
    assert (ben.text("problem"), ben.text("cause")) == ("By form.", "Ünknown.")
    ben.write("problem", 3, "the ")
    ben.settle()
    assert columns(thread)["problem"] == "By the form."


def test_what_a_form_or_the_api_saves_comes_to_who_sits_there(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    from threads.actions.records import save_record

    ada = sit("ada")
    ada.write("problem", 0, "Mail waits")
    ada.settle()
    save_record(by=cast.ben, thread=thread, fields={"problem": "All mail waits"})
    ada.until(lambda: ada.text() == "All mail waits")


# What is saved


def test_nothing_is_relayed_or_acknowledged_before_it_is_stored(
    sit: Sit, thread: "Thread", request: pytest.FixtureRequest
) -> None:
    from django.db import transaction

    from threads.models import WorkingRecord

    ada, ben = sit("ada"), sit("ben")
    with transaction.atomic():
        WorkingRecord.objects.filter(pk=thread.pk).update(updated_at=None)
        ada.write("problem", 0, "x")
        ada.send(102, 7)
        for writer in (ada, ben):
            seen = len(writer.seen)
            with pytest.raises(TimeoutError):
                writer.until(lambda: len(writer.seen) > seen, patience=0.3)  # noqa: B023  (called at once)
    ada.until(lambda: any(got.type == 102 for got in ada.seen))
    ben.until(lambda: ben.text() == "x")


def test_who_does_not_ask_is_told_nothing_of_saving(sit: Sit) -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.write("problem", 0, "x")
    ben.until(lambda: ben.text() == "x")
    ben.settle()
    assert not any(got.type == 102 for got in ada.seen)


def test_the_answer_to_a_question_comes_after_what_was_sent_before_it_is_stored(sit: Sit, thread: "Thread") -> None:
    ada = sit("ada")
    ada.write("problem", 0, "stored")
    answers = sum(got.step == STEP_2 for got in ada.seen)
    ada.greet()
    ada.until(lambda: sum(got.step == STEP_2 for got in ada.seen) > answers)
    assert columns(thread)["problem"] == "stored"


def test_sending_again_changes_nothing(sit: Sit, thread: "Thread") -> None:
    from threads.models import RecordUpdate

    ada, ben = sit("ada"), sit("ben")
    update = ada.replica.write("problem", 0, "once")
    for _time in range(3):
        ada.send(SYNC, UPDATE, update)
        ada.settle()
    ada.send(SYNC, STEP_2, ada.replica.since())
    ada.settle()
    ben.until(lambda: ben.text() == "once")
    assert RecordUpdate.objects.filter(record=thread.pk).count() == 1


# What is refused


def foreign_update() -> bytes:
    doc: pycrdt.Doc = pycrdt.Doc()
    doc.get("evil", type=pycrdt.Map)["a"] = 1
    return doc.get_update()


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\x00\x02\x03\x01\x02\x03", 4400),
        (b"\x00\x02\xff", 4400),
        (b"\x00\x07\x00", 4400),
        (b"\x63", 4400),
        (b"\x02\x00\x00", 4400),
        (b"", 4400),
        ("text", 4400),
        (b"\x00\x00\x02\xff\xff", 4400),
        (bytes((SYNC, UPDATE, len(foreign_update()))) + foreign_update(), 4400),
        (bytes((SYNC, STEP_1)) + b"\xff" * 20, 4400),
        (b"\x00\x02" + b"\x00" * (2 * 1024 * 1024 + 100), 4413),
    ],
    ids=[
        "no update", "cut off", "unknown step", "unknown type", "auth", "empty", "text", "vector", "root", "number",
        "long",
    ],
)  # fmt: skip
def test_nonsense_ends_the_connection_and_nothing_is_kept(
    sit: Sit, thread: "Thread", sent: bytes | str, code: int
) -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.connection.send(sent)
    assert ada.ended() == code
    ben.settle()
    assert not any(got.step == UPDATE for got in ben.seen)
    assert not any(columns(thread).values())


def test_a_record_that_becomes_too_large_is_refused(sit: Sit, thread: "Thread") -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.write("problem", 0, "x" * 60_000)
    ada.settle()
    ben.until(lambda: len(ben.text()) == 60_000)
    ben.write("problem", 0, "y")
    assert ben.ended() == 4413
    assert columns(thread)["problem"] == "x" * 60_000


def test_the_sites_own_client_is_nobody_elses(sit: Sit) -> None:
    ada = sit("ada", client=1)
    ada.write("problem", 0, "as the site")
    assert ada.ended() == 4400


def test_a_good_update_in_the_same_round_as_a_bad_one_is_stored(sit: Sit, thread: "Thread") -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.send(SYNC, UPDATE, foreign_update())
    ben.write("problem", 0, "good")
    ben.settle()
    assert ada.ended() == 4400
    assert columns(thread)["problem"] == "good"


def test_what_is_missing_is_asked_for_and_saved_is_said_only_then(sit: Sit, thread: "Thread") -> None:
    ada, ben = sit("ada"), sit("ben")
    asked = ada.asked
    ada.replica.write("problem", 0, "first ")
    ada.replica.sent()
    ada.write("problem", 6, "second")
    ada.settle()
    assert ada.asked == asked + 1
    assert columns(thread)["problem"] == "first second"
    ben.until(lambda: ben.text() == "first second")


def test_who_never_sends_what_is_missing_is_closed(sit: Sit, thread: "Thread", monkeypatch: pytest.MonkeyPatch) -> None:
    ada = sit("ada")
    ada.replica.write("problem", 0, "first ")
    ada.replica.sent()
    second = ada.replica.write("problem", 6, "second")
    monkeypatch.setattr(ada.replica, "since", lambda _vector: second)
    ada.flush()
    assert ada.ended() == 1013
    assert columns(thread)["problem"] == ""


def test_who_sends_without_end_is_closed(sit: Sit) -> None:
    ada = sit("ada")
    for _number in range(1500):
        ada.send(102, 1)
    assert ada.ended() == 1013


# Who may write, and who may see it


def test_a_closed_thread_is_read_and_not_written(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    from threads.actions.records import save_record
    from threads.models import Thread

    save_record(by=cast.ada, thread=thread, fields={"problem": "As it was."})
    Thread.objects.filter(pk=thread.pk).update(status=Thread.Status.CLOSED)
    zoe = sit("zoe")
    assert (zoe.text(), zoe.asked) == ("As it was.", 0)
    zoe.send(SYNC, STEP_2, zoe.replica.since())
    zoe.settle()
    zoe.write("problem", 0, "Not ")
    assert zoe.ended() == 4405
    assert zoe.seen[-1].type == 2
    assert columns(thread)["problem"] == "As it was."


def test_who_may_write_no_longer_or_again_comes_back(sit: Sit, thread: "Thread") -> None:
    from threads.models import Thread

    ada = sit("ada")
    Thread.objects.filter(pk=thread.pk).update(status=Thread.Status.CLOSED)
    assert ada.ended() == 4500
    again = sit("ada")
    assert not again.asked
    Thread.objects.filter(pk=thread.pk).update(status=Thread.Status.OPEN)
    assert again.ended() == 4500
    assert sit("ada").asked == 1


def test_a_recorded_thread_is_read_only_from_that_moment(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    from threads.actions.practices import record_practice
    from threads.actions.resolution import resolve

    ada = sit("ada")
    for number, field in enumerate(("problem", "environment", "cause", "resolution")):
        ada.write(field, 0, f"Enough is said here, {number}.")
    ada.settle()
    resolve(by=cast.ada, thread=thread, posts=[], summary="Done.")
    record_practice(by=cast.cleo, thread=thread)
    ada.write("cause", 0, "late ")
    assert ada.ended() == 4500
    assert columns(thread)["cause"] == "Enough is said here, 2."


def test_who_may_not_see_the_thread_gets_nothing(sit: Sit) -> None:
    finn = sit("finn", greet=False)
    assert finn.ended() == 4404
    assert finn.seen == []


def shown_out(cast: "Cast") -> None:
    """Mo sees the space only as its moderator, and is it no more."""
    from community.actions.spaces import revoke_role
    from community.models import Grant

    for grant in Grant.objects.filter(member=cast.mo, space=cast.spaces["alliance"]):
        revoke_role(by=cast.nia, grant=grant)


def test_who_may_see_it_no_more_is_out_before_the_next_word(sit: Sit, cast: "Cast") -> None:
    ada, mo = sit("ada"), sit("mo")
    shown_out(cast)
    ada.write("problem", 0, "secret")
    ada.settle()
    assert mo.ended() == 4404
    assert not any(got.step == UPDATE for got in mo.seen)


def test_what_somebody_sends_who_may_see_it_no_more_is_not_stored(sit: Sit, cast: "Cast", thread: "Thread") -> None:
    mo = sit("mo")
    shown_out(cast)
    mo.write("problem", 0, "too late")
    assert mo.ended() == 4404
    assert columns(thread)["problem"] == ""


def test_a_change_behind_the_sites_back_counts_soon(sit: Sit, thread: "Thread") -> None:
    from threads.models import Audience, Thread

    zoe = sit("zoe")
    Thread.objects.filter(pk=thread.pk).update(audience=Audience.ORGANIZATION)
    assert zoe.ended() == 4404


def test_a_revoked_token_ends_it(sit: Sit, cast: "Cast") -> None:
    from django.utils import timezone

    from community.models import ApiToken

    ada = sit("ada")
    ApiToken.objects.filter(member=cast.ada).update(revoked_at=timezone.now())
    assert ada.ended() == 4401


# Who writes where


PLACE = {"type": None, "tname": "problem", "item": None, "assoc": 0}


def test_names_are_made_here_and_places_come_from_the_client(sit: Sit, cast: "Cast") -> None:
    ada, ben = sit("ada"), sit("ben")
    user = {"name": "Mallory", "id": cast.ben.pk, "color": "url(evil)"}
    ada.say({"user": user, "cursor": {"anchor": PLACE, "head": PLACE}, "field": "problem", "more": [1]})
    for writer in (ada, ben):
        writer.until(lambda: writer.state_of(ada) is not None)  # noqa: B023  (called at once)
        state = writer.state_of(ada)
        assert state.keys() == {"user", "cursor", "field"}
        assert (state["user"]["name"], state["user"]["id"]) == ("Ada Lindqvist", cast.ada.pk)
        assert state["user"]["organization"] == "Acme"
        assert (state["cursor"]["head"], state["field"]) == (PLACE, "problem")
    late = sit("cleo")
    late.until(lambda: late.state_of(ada) == ben.state_of(ada))


@pytest.mark.parametrize(
    "said", [{"cursor": {"anchor": {**PLACE, "tname": "evil"}, "head": PLACE}}, {"cursor": 7}, {"field": "evil"}, {}]
)
def test_a_place_that_is_none_is_left_out(sit: Sit, said: dict[str, object]) -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.say(said)
    ben.until(lambda: ben.state_of(ada) is not None)
    assert (ben.state_of(ada)["cursor"], ben.state_of(ada)["field"]) == (None, None)


def test_nobody_speaks_for_others(sit: Sit) -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.say({"field": "cause"})
    ben.until(lambda: ben.state_of(ada) is not None)
    ben.say({"field": "problem"})
    ben.say(None, clock=9, client=ada.replica.doc.client_id)
    ben.say({"field": "resolution"}, clock=2)
    ada.until(lambda: (ada.state_of(ben) or {}).get("field") == "resolution")
    assert ada.state_of(ada)["field"] == "cause"


def test_who_leaves_is_gone_for_the_others(sit: Sit) -> None:
    ada, ben = sit("ada"), sit("ben")
    ada.say({"field": "cause"})
    ben.until(lambda: ben.state_of(ada) is not None)
    ada.connection.close()
    ben.until(lambda: ben.state_of(ada) is None)


def test_readers_see_themselves_and_nobody_sees_them(sit: Sit, thread: "Thread") -> None:
    from threads.models import Thread

    Thread.objects.filter(pk=thread.pk).update(status=Thread.Status.CLOSED)
    ada, ben = sit("ada"), sit("ben")
    ada.say({"field": "cause"})
    ada.until(lambda: ada.state_of(ada) is not None)
    ben.send(3)
    ben.settle()
    assert ben.people == {}


def test_who_counts_without_a_name_has_none_here(sit: Sit, cast: "Cast") -> None:
    from community.models import Member

    Member.objects.filter(pk=cast.ada.pk).update(present_without_name=True)
    ada, ben = sit("ada"), sit("ben")
    ada.say({"field": "cause"})
    ben.until(lambda: ben.state_of(ada) is not None)
    assert ben.state_of(ada)["user"].keys() == {"name", "color", "colorLight"}
    assert ben.state_of(ada)["user"]["name"] == ""
    Member.objects.filter(pk=cast.ada.pk).update(present_without_name=False)
    ben.until(lambda: ben.state_of(ada)["user"]["name"] == "Ada Lindqvist")
