"""Many who come at once are looked up together, and each gets what they would have got alone."""

import asyncio
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async

from tests.realtime.conftest import open_thread, reply
from tests.realtime.inside import Listener, hub_alone, written

if TYPE_CHECKING:
    from realtime.hub import Hub
    from realtime.tickets import Knock
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MANY = 200


@pytest.fixture
async def hub(transactional_db: None) -> AsyncIterator["Hub"]:
    """A hub of this process's own."""
    async with hub_alone() as hub:
        yield hub


def crowd(count: int) -> list[Any]:
    """So many members of one organization."""
    from community.models import Member, Organization

    organization, _made = Organization.objects.get_or_create(slug="crowd", name="Crowd")
    rows = [Member(handle=f"c{n}", name=f"C {n}", organization=organization, password=f"p{n}") for n in range(count)]
    return Member.objects.bulk_create(rows)


def session_of(member: Any, **changes: Any) -> "Knock":
    """What a browser shows that is signed in as the member; `expires` and what the session says can be other."""
    from django.contrib.sessions.models import Session

    from community.rules import clock
    from community.views.sessions import SessionStore
    from realtime.tickets import Knock

    expires = changes.pop("expires", clock.now() + timedelta(days=1))
    said = {
        "_auth_user_id": str(member.pk),
        "_auth_user_backend": BACKEND,
        "_auth_user_hash": member.get_session_auth_hash(),
    }
    store, key = SessionStore(), secrets.token_hex(16)
    Session.objects.create(session_key=key, session_data=store.encode(said | changes), expire_date=expires)
    return Knock(cookie=f"csrftoken=abc; sessionid={key}")


def as_django_says(knock: "Knock") -> int | None:
    """Who is signed in, according to what every page asks."""
    from django.contrib.auth import get_user
    from django.http import HttpRequest

    from community.views.sessions import SessionStore

    request = HttpRequest()
    request.session = SessionStore(knock.session or None)
    member = get_user(request)
    return member.pk if member.is_active else None


class TestKnocking:
    def test_sessions_let_in_whom_they_let_in_elsewhere(self, cast: "Cast", settings: Any) -> None:
        from community.rules import clock
        from realtime.tickets import Knock, admit

        stale = session_of(cast.ben)
        cast.ben.set_password("another")
        cast.ben.save()
        settings.SECRET_KEY_FALLBACKS = ["of last year"]
        [of_last_year] = cast.mo.get_session_auth_fallback_hash()
        knocks = [
            session_of(cast.ada),
            stale,
            session_of(cast.ben),
            session_of(cast.sam),
            session_of(cast.zoe, expires=clock.now() - timedelta(seconds=1)),
            session_of(cast.zoe, _auth_user_backend="elsewhere.Backend"),
            session_of(cast.zoe, _auth_user_hash=""),
            session_of(cast.zoe, _auth_user_hash=cast.ada.get_session_auth_hash()),
            session_of(cast.zoe, _auth_user_id="0"),
            session_of(cast.zoe, _auth_user_id="nonsense"),
            session_of(cast.mo, _auth_user_hash=of_last_year),
            Knock(cookie="sessionid=abcdefgh"),
            Knock(cookie="sessionid="),
            Knock(),
        ]
        found = [admitted[0].id if admitted else None for admitted in admit(knocks)]
        assert found == [cast.ada.pk, None, cast.ben.pk, *[None] * 7, cast.mo.pk, None, None, None]
        # Django makes a new session of one of an older secret key, and cannot do with a number that is none.
        django_says = [as_django_says(knock) for knock in knocks if knock is not knocks[9]]
        assert django_says == found[:9] + found[10:]

    @pytest.mark.usefixtures("transactional_db")
    def test_two_hundred_at_once_take_as_many_queries_as_two(self, django_assert_max_num_queries: Any) -> None:
        from community.actions.tokens import create_token
        from realtime.tickets import Knock, admit

        members = crowd(MANY)
        sessions = [session_of(member) for member in members[:100]]
        tokens = [Knock(token=create_token(by=member, member=member, name="t")) for member in members[100:]]
        knocks = [knock for pair in zip(sessions, tokens, strict=True) for knock in pair]
        knocks[7:7] = [Knock(token="gh_wrong"), Knock(cookie="sessionid=nonsense")]
        with django_assert_max_num_queries(4):
            found = admit(knocks)
        assert found.pop(7) is None
        assert found.pop(7) is None
        expected = [pk for pair in zip(members[:100], members[100:], strict=True) for pk in pair]
        assert [admitted[0].id for admitted in found if admitted] == [member.pk for member in expected]

    async def test_one_that_cannot_be_looked_up_keeps_no_other_out(
        self, hub: "Hub", cast: "Cast", monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from realtime import tickets

        admit = tickets.admit
        good, bad = await sync_to_async(session_of)(cast.ada), tickets.Knock(cookie="sessionid=bad")

        def stumble(knocks: list[Any]) -> Any:
            if bad in knocks:
                raise ValueError("bad")
            return admit(knocks)

        monkeypatch.setattr(tickets, "admit", stumble)
        asked = [hub.arrivals.admit(knock) for knock in (good, bad, good)]
        first, failed, second = await asyncio.gather(*asked, return_exceptions=True)
        assert isinstance(failed, ValueError)
        assert first == second
        assert isinstance(first, tuple)
        assert first[0].handle == "ada"


class TestArriving:
    def test_each_gets_what_they_lack_and_nobody_else(self, cast: "Cast", thread: "Thread") -> None:
        from community.models import Event, Stream
        from realtime.replay import Asked, arrive

        for _number in range(4):
            reply(thread, cast.ben)
        pruned = open_thread(cast)
        reply(pruned, cast.ben)
        row = Stream.objects.get(kind=Stream.Kind.THREAD, subject_id=pruned.pk)
        Event.objects.filter(stream=row, seq__lte=1).delete()
        Stream.objects.filter(pk=row.pk).update(pruned_to=1)
        stream, short, mine = f"thread:{thread.pk}", f"thread:{pruned.pk}", f"member:{cast.zoe.pk}"
        cases: dict[Asked, tuple[list[int], int, bool]] = {
            Asked(cast.ada.pk, stream, 0): ([1, 2, 3, 4, 5, 6], 6, False),
            Asked(cast.zoe.pk, stream, 4): ([5, 6], 6, False),
            Asked(cast.mo.pk, stream, 6): ([], 6, False),
            Asked(cast.mo.pk, stream, 7): ([], 6, True),
            Asked(cast.ada.pk, stream, None): ([], 6, False),
            Asked(cast.ada.pk, short, 0): ([], 3, True),
            Asked(cast.ada.pk, short, 1): ([2, 3], 3, False),
            Asked(cast.ada.pk, "thread:999999", 0): ([], 0, False),
            Asked(cast.zoe.pk, mine, 0): ([], 0, False),
            Asked(cast.ada.pk, mine, 0): ([], 0, False),
            Asked(cast.ada.pk, "space:alliance", None): ([], 0, False),
            Asked(cast.finn.pk, "space:alliance", None): ([], 0, False),
            Asked(cast.finn.pk, stream, 4): ([5, 6], 6, False),
            Asked(cast.sam.pk, stream, 4): ([5, 6], 6, False),
        }
        opening = arrive(cases)
        for asked, expected in cases.items():
            arrival = opening.arrivals[asked[1:]]
            assert ([seq for seq, _frame in arrival.lines], arrival.seq, arrival.reset) == expected, asked
        refused = {(asked.member_id, asked.place) for asked in cases} - opening.allowed
        assert refused == {
            (cast.ada.pk, "thread:999999"),
            (cast.ada.pk, mine),
            *((cast.finn.pk, place) for place in (stream, "space:alliance")),
            (cast.sam.pk, stream),
        }

    def test_frames_are_written_once_for_all(self, cast: "Cast", thread: "Thread") -> None:
        from realtime.replay import Asked, arrive

        arrivals = arrive([Asked(cast.ada.pk, f"thread:{thread.pk}", after) for after in (0, 1)]).arrivals
        (_one, first), (_two, second) = arrivals[f"thread:{thread.pk}", 0].lines
        [(_seq, again)] = arrivals[f"thread:{thread.pk}", 1].lines
        assert again is second
        assert first.wire + second.wire == arrivals[f"thread:{thread.pk}", 0].missed.wire

    @pytest.mark.parametrize("count", [2, MANY])
    def test_many_in_one_thread_take_as_many_queries_as_two(
        self, cast: "Cast", thread: "Thread", count: int, django_assert_num_queries: Any
    ) -> None:
        from realtime.replay import Asked, arrive
        from threads.models import Audience, Thread

        Thread.objects.filter(pk=thread.pk).update(audience=Audience.ORGANIZATIONS)
        members = crowd(count)
        cast.spaces["alliance"].organizations.add(members[0].organization)
        thread.audience_organizations.set([members[0].organization])
        for _number in range(8):
            reply(thread, cast.ben)
        asked = [Asked(member.pk, f"thread:{thread.pk}", number % 10) for number, member in enumerate(members)]
        # Streams, events, where the doors stand; thread, members, organizations of space and thread, guests, grants.
        with django_assert_num_queries(9):
            opening = arrive([*asked, Asked(cast.finn.pk, f"thread:{thread.pk}", 3)])
        assert {(each.member_id, each.place) for each in asked} == opening.allowed

    async def test_in_one_thread_all_get_everything_after_their_number_once(
        self, hub: "Hub", cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """While others write, and with little read at a time."""
        from realtime import replay

        monkeypatch.setattr(replay, "MOST_EVENTS_A_READ", 3)
        stream, other = f"thread:{thread.pk}", f"thread:{(await sync_to_async(open_thread)(cast)).pk}"
        await written(thread, cast.ben, 6)
        listeners = [Listener(hub, cast.ada) for _number in range(8)]
        finn = Listener(hub, cast.finn)
        for number, listener in enumerate(listeners):
            hub.subscribe(listener.socket, stream, number)
            hub.subscribe(listener.socket, other, 0)
        hub.subscribe(finn.socket, stream, 0)
        await written(thread, cast.zoe, 2)
        hub.told({stream: 10}, frozenset())
        assert (await finn.until(type="error"))["code"] == "not_there"
        for number, listener in enumerate(listeners):
            numbers: dict[str, list[int]] = {stream: [], other: []}
            while numbers != {stream: list(range(number + 1, 11)), other: [1, 2]}:
                event = await listener.until(type="event")
                numbers[event["stream"]].append(event["seq"])
        assert finn.frames.empty()

    async def test_one_member_with_much_to_read_delays_nobody(
        self, hub: "Hub", cast: "Cast", monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Ada subscribes to everything from many tabs; Zoe, who comes last, is in the next batch."""
        from realtime import replay

        monkeypatch.setattr(replay, "MOST_EVENTS_A_READ", 6)
        arrive, batches = replay.arrive, list[list[int]]()
        go_on = threading.Event()

        def note(asked: Any) -> Any:
            batches.append([each.member_id for each in asked])
            assert go_on.wait(15)
            return arrive(asked)

        monkeypatch.setattr(replay, "arrive", note)
        monkeypatch.setattr(hub.arrivals._newcomers, "_most", 4)
        threads = [await sync_to_async(open_thread)(cast) for _thread in range(4)]
        for each in threads[:3]:
            await written(each, cast.ben, 3)
        adas, zoe = [Listener(hub, cast.ada) for _tab in range(6)], Listener(hub, cast.zoe)
        for ada in adas:
            for each in threads[:3]:
                hub.subscribe(ada.socket, f"thread:{each.pk}", 0)
        while not batches:  # noqa: ASYNC110  (the first is under way)
            await asyncio.sleep(0.01)
        hub.subscribe(zoe.socket, f"thread:{threads[3].pk}", 1)
        go_on.set()
        assert await zoe.numbers(1) == [2]
        served = next(number for number, batch in enumerate(batches) if cast.zoe.pk in batch)
        assert served == 1
        for ada in adas:
            assert sorted(await ada.numbers(15)) == sorted([1, 2, 3, 4, 5] * 3)
        assert sum(cast.zoe.pk in batch for batch in batches) == 1
        assert len(batches) > 4

    async def test_one_that_cannot_be_served_keeps_no_other_out(
        self, hub: "Hub", cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from realtime import replay

        arrive, stream = replay.arrive, f"thread:{thread.pk}"

        def stumble(asked: Any) -> Any:
            if any(each.member_id == cast.zoe.pk for each in asked):
                raise ValueError("zoe")
            return arrive(asked)

        monkeypatch.setattr(replay, "arrive", stumble)
        ada, zoe, ben = (Listener(hub, member) for member in (cast.ada, cast.zoe, cast.ben))
        for listener in (ada, zoe, ben):
            hub.subscribe(listener.socket, stream, 1)
        for listener in (ada, ben):
            assert (await listener.until(type="event"))["seq"] == 2
        assert (await zoe.until(type="websocket.close"))["code"] == 1011

    async def test_while_the_database_is_away_newcomers_wait(
        self, hub: "Hub", cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django.db import OperationalError

        from realtime import arrivals, replay

        monkeypatch.setattr(arrivals, "RETRY_SECONDS", 0.01)
        arrive, failures = replay.arrive, iter(range(3))

        def fail(asked: Any) -> Any:
            if next(failures, None) is not None:
                raise OperationalError("gone")
            return arrive(asked)

        monkeypatch.setattr(replay, "arrive", fail)
        listeners = [Listener(hub, cast.ada) for _tab in range(3)]
        subscribing: list[Callable[..., Any]] = [listener.subscribe for listener in listeners]
        answers = await asyncio.gather(*(subscribe(f"thread:{thread.pk}", 1) for subscribe in subscribing))
        assert [answer["seq"] for answer in answers] == [2, 2, 2]
        assert next(failures, None) is None
