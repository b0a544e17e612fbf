"""Who may listen: at the door, and again when that changes; nothing written afterwards gets through."""

from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.realtime.clients import Client
from tests.realtime.conftest import open_thread, reply
from tests.realtime.servers import Server

if TYPE_CHECKING:
    from community.models import Member
    from tests.cast import Cast
    from threads.models import Thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
Join = Callable[..., Client]
SignIn = Callable[[str], tuple[str, Callable[[], None]]]


def may_listen(member: "Member", place: str) -> bool:
    """The rule, from what pages ask."""
    from community.models import Space
    from community.policies.spaces import may_see_space
    from threads.models import Thread
    from threads.policies.threads import may_see

    noun, _colon, name = place.partition(":")
    if noun == "member":
        return member.is_active and name == str(member.pk)
    if noun == "space":
        return any(may_see_space(member, space) for space in Space.objects.filter(slug=name))
    return name.isdigit() and any(may_see(member, thread) for thread in Thread.objects.filter(pk=name))


def test_the_door_is_open_to_those_who_may_see_what_is_behind(cast: "Cast") -> None:
    from realtime.doors import those_who_may
    from threads.models import Audience

    threads = [open_thread(cast, by=by, space=space) for by, space in (("ada", "lobby"), ("ada", "workshop"))]
    threads += [open_thread(cast, audience=rung) for rung in (Audience.CENTER, Audience.ORGANIZATION, Audience.SPACE)]
    threads += [open_thread(cast, by="ada", space="backroom")]
    named = open_thread(cast, space="lobby", audience=Audience.ORGANIZATION)
    named.audience = Audience.ORGANIZATIONS
    named.save(update_fields=["audience"])
    named.audience_organizations.set([cast.organizations["corax"]])
    places = [f"thread:{thread.pk}" for thread in (*threads, named)]
    places += ["thread:999999", f"thread:{named.pk}/notes"]
    places += [f"space:{slug}" for slug in (*cast.spaces, "nowhere")]
    places += [f"member:{member.pk}" for member in cast.people.values()] + ["member:0"]
    members = {member.pk: member for member in cast.people.values()}
    pairs = set(product(members, places))
    allowed = {(pk, place) for pk, place in pairs if may_listen(members[pk], place)}
    assert those_who_may(pairs) == allowed
    assert {place for pk, place in allowed if pk == cast.sam.pk} == set()
    assert (cast.finn.pk, f"thread:{named.pk}") in allowed
    assert (cast.zoe.pk, f"thread:{named.pk}") not in allowed


@pytest.mark.parametrize(
    "stream",
    [
        *("thread:0", "thread:012", "thread:x", "thread:99999999999999999999", "thread:1/", "thread:1/notes"),
        *("member:1", "member:0", "space:nowhere", "space:", "space:\0", "nothing", "thread"),
    ],
)
def test_what_is_not_there_and_what_is_not_yours_look_alike(join: Join, stream: str) -> None:
    ada = join("ada")
    ada.send("subscribe", stream=stream, after=0)
    assert ada.until("error", stream=stream)["code"] == "not_there"


def test_another_organization_stays_outside(join: Join, thread: "Thread") -> None:
    finn = join("finn")
    for stream in (f"thread:{thread.pk}", "space:alliance"):
        finn.send("subscribe", stream=stream)
        finn.until("error", code="not_there", stream=stream)
    assert finn.subscribe("space:lobby")


def revoke(cast: "Cast") -> None:
    """A change that goes through nothing that knows of doors."""
    cast.spaces["alliance"].organizations.remove(cast.organizations["brightline"])


def test_a_change_behind_everybodys_back_ends_the_subscriptions(join: Join, cast: "Cast", thread: "Thread") -> None:
    zoe, ada = join("zoe"), join("ada")
    stream = f"thread:{thread.pk}"
    for client in (ada, zoe):
        client.subscribe(stream)
        client.subscribe("space:alliance")
    revoke(cast)
    ended = {zoe.until("error", code="not_there")["stream"] for _stream in range(2)}
    assert ended == {stream, "space:alliance"}
    reply(thread, cast.ben)
    assert ada.numbers(stream, 3) == [3]
    zoe.settle()
    assert zoe.events(stream) == []


def test_nothing_written_after_a_change_in_the_admin_is_delivered(
    server: Server, join: Join, token_of: Callable[[str], str], cast: "Cast", thread: "Thread"
) -> None:
    from django.contrib.admin.models import CHANGE, LogEntry

    stream, token = f"thread:{thread.pk}", token_of("ben")
    zoe, ada = join("zoe"), join("ada")
    for client in (zoe, ada):
        client.subscribe(stream)
    revoke(cast)
    LogEntry.objects.log_actions(cast.nia.pk, [cast.spaces["alliance"]], CHANGE, single_object=True)
    server.call(token, "POST", f"threads/{thread.pk}/posts", {"body": "Between us."})
    assert ada.numbers(stream, 3) == [3]
    assert zoe.until("error")["stream"] == stream
    zoe.settle()
    assert zoe.events(stream) == []


def test_nothing_written_after_a_suspension_is_delivered_and_the_socket_is_closed(
    server: Server, join: Join, token_of: Callable[[str], str], cast: "Cast", thread: "Thread"
) -> None:
    from community.actions.members import suspend

    stream, token = f"thread:{thread.pk}", token_of("zoe")
    ben, ada = join("ben"), join("ada")
    for client in (ben, ada):
        client.subscribe(stream)
    suspend(by=cast.olga, member=cast.ben)
    server.call(token, "POST", f"threads/{thread.pk}/posts", {"body": "Without Ben."})
    assert ada.numbers(stream, 3) == [3]
    assert ben.close_code() == 4401
    assert ben.events(stream) == []


def test_missed_events_are_judged_when_they_are_read(join: Join, cast: "Cast", thread: "Thread") -> None:
    reply(thread, cast.ben)
    zoe = join("zoe")
    revoke(cast)
    zoe.send("subscribe", stream=f"thread:{thread.pk}", after=0)
    zoe.until("error", code="not_there")
    assert [frame["type"] for frame in zoe.seen] == ["error"]


def test_signing_out_closes_the_sockets_of_that_session_only(
    browser: Callable[..., Client], sign_in: SignIn, thread: "Thread"
) -> None:
    (here, sign_out), (there, _stay) = sign_in("ada"), sign_in("ada")
    first, second = browser(here), browser(there)
    for client in (first, second):
        client.subscribe(f"thread:{thread.pk}")
    sign_out()
    assert first.close_code() == 4401
    second.settle()


def test_a_new_password_closes_the_sockets_of_old_sessions(
    browser: Callable[..., Client], sign_in: SignIn, cast: "Cast"
) -> None:
    cookie, _sign_out = sign_in("ada")
    ada = browser(cookie)
    ada.subscribe("member:me")
    cast.ada.set_password("another correct horse")
    cast.ada.save(update_fields=["password"])
    assert ada.close_code() == 4401
    assert browser(cookie).close_code() == 4401


def test_a_revoked_token_closes_its_sockets(server: Server, token_of: Callable[[str], str], cast: "Cast") -> None:
    from community.models import ApiToken
    from community.rules import clock

    token = token_of("ada")
    with Client(server.host, authorization=f"Bearer {token}") as ada:
        ada.subscribe("member:me")
        ApiToken.objects.filter(member=cast.ada).update(revoked_at=clock.now())
        assert ada.close_code() == 4401


def test_only_our_own_pages_come_in_by_cookie(
    server: Server, browser: Callable[..., Client], sign_in: SignIn, cast: "Cast"
) -> None:
    cookie, _sign_out = sign_in("ada")
    browser(cookie).settle()
    port = server.port + 1
    for origin in (
        None,
        "null",
        "http://evil.example",
        f"http://127.0.0.1:{port}",
        f"http://x.127.0.0.1:{server.port}",
    ):
        assert browser(cookie, origin=origin).close_code() == 4403, origin


def test_a_token_needs_no_origin_and_strangers_are_told_to_sign_in(
    server: Server, browser: Callable[..., Client], join: Join, cast: "Cast"
) -> None:
    join("ada").settle()
    assert browser("").close_code() == 4401
    assert browser("sessionid=nonsense").close_code() == 4401
    assert browser('sessionid="\\000\\000\\000\\000\\000\\000\\000\\000"').close_code() == 4401
    with Client(server.host, authorization="Bearer gh_wrong") as stranger:
        assert stranger.close_code() == 4401


def test_a_suspended_member_cannot_come_in(server: Server, sign_in: SignIn, browser: Callable[..., Client]) -> None:
    cookie, _sign_out = sign_in("sam")
    assert browser(cookie).close_code() == 4401


def test_other_paths_are_told_apart(server: Server, token_of: Callable[[str], str]) -> None:
    with Client(server.host, path="/ws/nowhere/", authorization=f"Bearer {token_of('ada')}") as lost:
        assert lost.close_code() == 4404
