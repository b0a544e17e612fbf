"""Whose doors are asked again when: those whom a change concerns at once, all others in turn."""

import threading
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import sync_to_async

from tests.realtime.conftest import open_thread
from tests.realtime.inside import Listener, hub_alone, written

if TYPE_CHECKING:
    from realtime.hub import Hub
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = pytest.mark.django_db(transaction=True)
Enter = Callable[..., Listener]
DOORS = "member:0"


@pytest.fixture
async def hub(transactional_db: None) -> AsyncIterator["Hub"]:
    """A hub of this process's own."""
    async with hub_alone() as hub:
        yield hub


@pytest.fixture
async def enter(hub: "Hub") -> AsyncIterator[Enter]:
    """Puts members onto the hub."""
    entered: list[Listener] = []

    def put(*args: Any) -> Listener:
        entered.append(Listener(hub, *args))
        return entered[-1]

    yield put
    for listener in entered:
        hub.listeners.leave(listener.socket)
        listener.socket.end()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[set[tuple[int, str]]]:
    """Whose doors were asked again, one entry for each time."""
    from realtime import replay

    done: list[set[tuple[int, str]]] = []
    judge = replay.judge

    def note(pairs: set[tuple[int, str]]) -> Any:
        done.append(set(pairs))
        return judge(pairs)

    monkeypatch.setattr(replay, "judge", note)
    return done


@pytest.fixture
def nobody_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is asked without a reason."""
    from realtime import doorkeeper

    monkeypatch.setattr(doorkeeper, "ASKED_AT_ONCE", 0)


async def test_a_change_for_members_asks_only_them(
    hub: "Hub", enter: Enter, cast: "Cast", thread: "Thread", asked: list[set[tuple[int, str]]]
) -> None:
    from community.actions.members import suspend

    stream = f"thread:{thread.pk}"
    ada, ben, zoe = (enter(member) for member in (cast.ada, cast.ben, cast.zoe))
    for listener in (ada, ben, zoe):
        await listener.subscribe(stream)
    await sync_to_async(suspend)(by=cast.olga, member=cast.ben)
    await written(thread, cast.zoe)
    hub.told({stream: 3}, frozenset())
    assert await ada.numbers(1) == [3]
    assert await zoe.numbers(1) == [3]
    assert (await ben.until(type="websocket.close"))["code"] == 4401
    assert ben.frames.empty()
    assert asked == []


async def test_a_change_for_a_thread_asks_only_its_listeners(
    hub: "Hub", enter: Enter, cast: "Cast", thread: "Thread", asked: list[set[tuple[int, str]]]
) -> None:
    from community.events import action
    from community.events.reactors import DOORS_CHANGED, react
    from threads.models import Audience, Thread

    @action
    def narrow() -> None:
        Thread.objects.filter(pk=thread.pk).update(audience=Audience.ORGANIZATION)
        react(DOORS_CHANGED, thread_ids=[thread.pk])

    stream, other = f"thread:{thread.pk}", f"thread:{(await sync_to_async(open_thread)(cast)).pk}"
    ada, zoe = enter(cast.ada), enter(cast.zoe)
    for listener in (ada, zoe):
        await listener.subscribe(stream)
        await listener.subscribe(other)
    await sync_to_async(narrow)()
    await written(thread, cast.ben)
    hub.told({stream: 3}, frozenset())
    assert await ada.numbers(1) == [3]
    assert (await zoe.until(type="error"))["stream"] == stream
    assert zoe.frames.empty()
    assert asked == [{(cast.ada.pk, stream), (cast.zoe.pk, stream)}]


async def test_a_change_that_names_nobody_asks_everybody(
    hub: "Hub", enter: Enter, cast: "Cast", thread: "Thread", asked: list[set[tuple[int, str]]]
) -> None:
    from community.events import action
    from community.events.reactors import DOORS_CHANGED, react

    @action
    def change() -> None:
        cast.spaces["alliance"].organizations.remove(cast.organizations["brightline"])
        react(DOORS_CHANGED)

    stream = f"thread:{thread.pk}"
    ada, zoe = enter(cast.ada), enter(cast.zoe)
    for listener in (ada, zoe):
        await listener.subscribe(stream)
    await sync_to_async(change)()
    hub.told({DOORS: 1000}, frozenset())
    assert (await zoe.until(type="error"))["stream"] == stream
    assert asked == [{(cast.ada.pk, stream), (cast.zoe.pk, stream)}]


async def test_only_those_wait_who_are_not_asked_yet(
    hub: "Hub", enter: Enter, cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch, asked: list[Any]
) -> None:
    """A change that names nobody, with one listener asked at a time: a small place need not wait for a crowd."""
    from community.events import action
    from community.events.reactors import DOORS_CHANGED, react
    from realtime import doorkeeper

    @action
    def change() -> None:
        cast.spaces["alliance"].organizations.remove(cast.organizations["brightline"])
        react(DOORS_CHANGED)

    monkeypatch.setattr(doorkeeper, "UNSURE_AT_ONCE", 1)
    other = await sync_to_async(open_thread)(cast)
    stream, small = f"thread:{thread.pk}", f"thread:{other.pk}"
    crowd = [enter(member) for member in (cast.ada, cast.zoe, cast.ben, cast.zoe, cast.ada)]
    for listener in crowd:
        await listener.subscribe(stream)
    ben = enter(cast.ben)
    await ben.subscribe(small)
    order: list[str] = []
    deliver = hub.reader._delivery.deliver

    async def note(lines: Any, listening: Any) -> None:
        order.append(listening[0].place.name)
        order.append(str(len(asked)))
        await deliver(lines, listening)

    monkeypatch.setattr(hub.reader._delivery, "deliver", note)
    await sync_to_async(change)()
    await written(thread, cast.ben)
    await written(other, cast.ben)
    hub.told({stream: 3, small: 3}, frozenset())
    for listener in (crowd[0], crowd[2], crowd[4], ben):
        assert await listener.numbers(1) == [3]
    for zoe in (crowd[1], crowd[3]):
        assert (await zoe.until(type="error"))["stream"] == stream
        assert zoe.frames.empty()
    assert order[0::2] == [small, stream]
    assert int(order[1]) <= 2
    assert int(order[3]) >= 5
    assert all(len(pairs) == 1 for pairs in asked)


@pytest.mark.parametrize(
    ("app", "model", "flag", "names"),
    [
        ("community", "member", "CHANGE", "ben"),
        ("community", "organization", "CHANGE", "nobody"),
        ("threads", "product", "CHANGE", "nobody"),
        ("community", "grant", "ADDITION", "nobody"),
        ("community", "space", "CHANGE", "everybody"),
        ("community", "grant", "CHANGE", "everybody"),
        ("community", "center", "DELETION", "everybody"),
    ],
)
def test_an_edit_in_the_admin_concerns_whom_it_can(cast: "Cast", app: str, model: str, flag: str, names: str) -> None:
    from realtime.doorbell import Concerned, concerned, doors_now

    expected = {
        "ben": Concerned(members=frozenset({cast.ben.pk})),
        "nobody": Concerned(),
        "everybody": Concerned(everybody=True),
    }
    edited(cast, "community", "organization", "CHANGE")
    before = doors_now()
    edited(cast, app, model, flag)
    assert concerned(before, doors_now()) == expected[names]


def test_an_edit_that_is_committed_late_concerns_everybody(cast: "Cast") -> None:
    """Its id is lower than one that is known; so nobody can say which it is."""
    from realtime.doorbell import Concerned, concerned, doors_now

    late = edited(cast, "community", "member", "CHANGE")
    edited(cast, "community", "organization", "CHANGE")
    known = late.pk
    late.delete()
    before = doors_now()
    late.pk = known
    late.save(force_insert=True)
    assert concerned(before, doors_now()) == Concerned(everybody=True)
    before = doors_now()
    edited(cast, "community", "member", "CHANGE")
    assert concerned(before, doors_now()) == Concerned(members=frozenset({cast.ben.pk}))


async def test_who_moved_is_shown_with_their_new_organization(
    hub: "Hub", enter: Enter, cast: "Cast", thread: "Thread"
) -> None:
    from community.models import Member

    stream = f"thread:{thread.pk}"
    ada = enter(cast.ada)
    await ada.subscribe(stream)
    assert (await ada.until(type="presence"))["members"][0]["organization"] == cast.ada.organization.name
    elsewhere = cast.organizations["brightline"]
    await Member.objects.filter(pk=cast.ada.pk).aupdate(organization=elsewhere)
    await sync_to_async(edited)(cast, "community", "member", "CHANGE", cast.ada.pk)
    await swept(hub)
    assert (await ada.until(type="presence"))["members"][0]["organization"] == elsewhere.name


def edited(cast: "Cast", app: str, model: str, flag: str, pk: int | None = None) -> Any:
    """What Django's admin leaves behind, about Ben unless `pk` says otherwise."""
    from django.contrib.admin import models
    from django.contrib.contenttypes.models import ContentType

    return models.LogEntry.objects.create(
        user_id=cast.nia.pk,
        content_type=ContentType.objects.get_by_natural_key(app, model),
        object_id=str(pk or cast.ben.pk),
        object_repr="",
        action_flag=getattr(models, flag),
    )


async def test_whoever_is_let_in_while_the_doors_change_is_asked_before_the_next_delivery(
    hub: "Hub", enter: Enter, cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch, nobody_in_turn: None
) -> None:
    """Zoe's door is found open, then closed in front of everybody, and only then does she get in."""
    from community.events import action
    from community.events.reactors import DOORS_CHANGED, react
    from realtime import doorbell, replay

    @action
    def close() -> None:
        cast.spaces["alliance"].organizations.remove(cast.organizations["brightline"])
        react(DOORS_CHANGED, thread_ids=[thread.pk])

    stream = f"thread:{thread.pk}"
    ada, zoe = enter(cast.ada), enter(cast.zoe)
    await ada.subscribe(stream)
    arrive, looked = replay.arrive, threading.Event()
    concerned = doorbell.concerned

    def found(*args: Any) -> Any:
        looked.set()
        return concerned(*args)

    def slowly(newcomers: Any) -> Any:
        opening = arrive(newcomers)
        close()
        hub.told({DOORS: 1000}, frozenset())
        assert looked.wait(15)
        return opening

    monkeypatch.setattr(doorbell, "concerned", found)
    monkeypatch.setattr(replay, "arrive", slowly)
    await zoe.subscribe(stream)
    await written(thread, cast.ben)
    hub.told({stream: 3}, frozenset())
    assert await ada.numbers(1) == [3]
    assert (await zoe.until(type="error"))["stream"] == stream
    assert zoe.frames.empty()


async def test_who_signed_out_while_they_were_looked_up_is_shown_out(
    hub: "Hub", enter: Enter, cast: "Cast", thread: "Thread", nobody_in_turn: None
) -> None:
    from django.contrib.sessions.models import Session

    from realtime import tickets

    ada = enter(cast.ada)
    await ada.subscribe(f"thread:{thread.pk}")
    key, sign_out = await sync_to_async(signed_in)(cast.ben)
    [admitted] = await sync_to_async(tickets.admit)([tickets.Knock(cookie=f"sessionid={key}")])
    assert admitted
    await sync_to_async(sign_out)()
    assert not await Session.objects.filter(pk=key).aexists()
    await swept(hub)
    ben = enter(cast.ben, admitted[1])
    await swept(hub)
    assert (await ben.until(type="websocket.close"))["code"] == 4401


async def test_sessions_that_expire_are_noticed_when_their_time_comes(
    hub: "Hub", enter: Enter, cast: "Cast", nobody_in_turn: None
) -> None:
    from django.contrib.sessions.models import Session

    from community.rules import clock
    from realtime import tickets

    members = (cast.finn, cast.ben, cast.zoe)
    keys = [(await sync_to_async(signed_in)(member))[0] for member in members]
    soon = clock.now() + timedelta(seconds=1)
    later = soon + timedelta(seconds=0.5)
    await Session.objects.filter(pk=keys[0]).aupdate(expire_date=later)
    await Session.objects.filter(pk__in=keys[1:]).aupdate(expire_date=soon)
    admitted = await sync_to_async(tickets.admit)([tickets.Knock(cookie=f"sessionid={key}") for key in keys])
    last, first, extended = [enter(who, each[1]) for who, each in zip(members, admitted, strict=True) if each]
    await Session.objects.filter(pk=keys[2]).aupdate(expire_date=soon + timedelta(days=1))
    for expiring, due in ((first, soon), (last, later)):
        while not expiring.socket.closing:
            await swept(hub)
        assert (await expiring.until(type="websocket.close"))["code"] == 4401
        assert clock.now() > due
    assert not extended.socket.closing


async def test_what_nothing_tells_of_is_found_some_at_a_time(
    hub: "Hub", enter: Enter, cast: "Cast", thread: "Thread", monkeypatch: pytest.MonkeyPatch
) -> None:
    from community.models import Member
    from realtime import doorkeeper
    from threads.models import Audience, Thread

    monkeypatch.setattr(doorkeeper, "ASKED_AT_ONCE", 1)
    stream = f"thread:{thread.pk}"
    zoes, bens = [enter(cast.zoe) for _tab in range(3)], [enter(cast.ben) for _tab in range(2)]
    for listener in (*zoes, *bens):
        await listener.subscribe(stream)
    await Thread.objects.filter(pk=thread.pk).aupdate(audience=Audience.ORGANIZATION)
    await Member.objects.filter(pk=cast.ben.pk).aupdate(is_active=False)
    ended = []
    for _sweep in range(3):
        await swept(hub)
        here = hub.listeners.places[stream].listening if stream in hub.listeners.places else {}
        ended.append(5 - len(here))
    assert ended[0] < 5
    assert ended[2] == 5
    assert all(zoe.socket in hub.listeners.sockets for zoe in zoes)
    assert all(ben.socket.closing for ben in bens)


async def swept(hub: "Hub") -> None:
    """What the doorkeeper does in one sweep."""
    for step in hub.doorkeeper.steps:
        await step()
    while hub.doorkeeper.unsure:
        await hub.doorkeeper.ask_the_unsure()


def signed_in(member: Any) -> tuple[str, Callable[[], None]]:
    """A session's key, and what signs it out."""
    from django.conf import settings
    from django.test import Client

    pages = Client()
    pages.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return pages.cookies[settings.SESSION_COOKIE_NAME].value, pages.logout
