"""Access that ends in another process ends here, with Redis and without: nothing written afterwards gets through."""

import http.client
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from tests.cast import PASSWORD
from tests.realtime.clients import Client
from tests.realtime.servers import Server
from tests.services import free_port, redis

if TYPE_CHECKING:
    from django.test import Client as Pages

    from tests.cast import Cast
    from threads.models import Thread

pytestmark = pytest.mark.django_db(transaction=True)
Join = Callable[..., Client]
Change = Callable[["Cast", "Thread"], None]
SIGNED_OUT, NOT_THERE = 4401, "not_there"


@pytest.fixture(scope="module", params=["without Redis", "with Redis"])
def environment(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """What the servers of this module get, once without Redis and once with."""
    if request.param == "without Redis":
        yield {}
    elif redis.find() is None:
        pytest.skip("Redis not found")
    else:
        port = free_port()
        with redis.running(port):
            yield {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Server], environment: dict[str, str]) -> Server:
    """The process with the sockets; the changes happen in that of the tests, which has no hub and tells nobody."""
    return start_server(**environment)


def pages_of(cast: "Cast", handle: str) -> "Pages":
    """A browser of the member's, signed in."""
    from django.test import Client as Pages

    pages = Pages()
    pages.force_login(cast.people[handle], backend="allauth.account.auth_backends.AuthenticationBackend")
    return pages


def in_the_admin(cast: "Cast", address: str, **changes: object) -> None:
    """Nia changes something in Django's admin."""
    pages, url = pages_of(cast, "nia"), f"/admin/community/{address}/change/"
    form = pages.get(url).context["adminform"].form
    filled: dict[str, object] = {}
    for name in form.fields:
        value = changes.get(name, form[name].value())
        if isinstance(value, datetime):
            filled |= {f"{name}_0": value.date(), f"{name}_1": value.time()}
        elif value is not None:
            filled[name] = value
    answer = pages.post(url, filled)
    assert answer.status_code == 302, answer.context["errors"]


def space_closed(cast: "Cast", _thread: "Thread") -> None:
    """The audience of the space is changed to Acme alone."""
    address = f"space/{cast.spaces['alliance'].pk}"
    in_the_admin(cast, address, organizations=[cast.organizations["acme"].pk], members=[])


def organization_left(cast: "Cast", _thread: "Thread") -> None:
    """Zoe goes to work for another organization."""
    in_the_admin(cast, f"member/{cast.zoe.pk}", organization=cast.organizations["corax"].pk)


def invitation_withdrawn(cast: "Cast", _thread: "Thread") -> None:
    """By hand, in a shell."""
    cast.spaces["backroom"].members.remove(cast.ada)


def role_revoked(cast: "Cast", _thread: "Thread") -> None:
    """Mo sees the space only as its moderator."""
    from community.actions.spaces import revoke_role
    from community.models import Grant

    for grant in Grant.objects.filter(member=cast.mo, space=cast.spaces["alliance"]):
        revoke_role(by=cast.nia, grant=grant)


def thread_narrowed(_cast: "Cast", thread: "Thread") -> None:
    """By hand, in a shell."""
    from threads.models import Audience, Thread

    Thread.objects.filter(pk=thread.pk).update(audience=Audience.ORGANIZATION)


@pytest.mark.parametrize(
    ("change", "handle", "space"),
    [
        (space_closed, "zoe", "alliance"),
        (organization_left, "zoe", "alliance"),
        (invitation_withdrawn, "ada", "backroom"),
        (role_revoked, "mo", "alliance"),
        (thread_narrowed, "zoe", "alliance"),
    ],
)
def test_a_subscription_ends(
    change: Change, handle: str, space: str, server: Server, join: Join, token_of: Callable[[str], str], cast: "Cast"
) -> None:
    from tests.realtime.conftest import open_thread

    thread = open_thread(cast, by="ada" if space == "alliance" else "mo", space=space)
    stream = f"thread:{thread.pk}"
    outsider, nia = join(handle), join("nia")
    for client in (outsider, nia):
        client.subscribe(stream)
    change(cast, thread)
    if change in (invitation_withdrawn, thread_narrowed):
        # Nothing tells of it: it is found within seconds, and what is written until then is delivered.
        assert outsider.until("error")["code"] == NOT_THERE
    server.call(token_of("nia"), "POST", f"threads/{thread.pk}/posts", {"body": "Between us."})
    assert nia.numbers(stream, 3) == [3]
    if not any(frame["type"] == "error" for frame in outsider.seen):
        assert outsider.until("error", stream=stream)["code"] == NOT_THERE
    outsider.settle()
    assert outsider.events(stream) == []


def suspended(cast: "Cast", _pages: "Pages") -> None:
    """By their organization's administrator."""
    from community.actions.members import suspend

    suspend(by=cast.olga, member=cast.ada)


def signed_out(_cast: "Cast", pages: "Pages") -> None:
    """On the page for it."""
    assert pages.post("/accounts/logout/").status_code == 302


def session_flushed(_cast: "Cast", pages: "Pages") -> None:
    """By any code that holds the session."""
    pages.session.flush()


def password_changed(_cast: "Cast", pages: "Pages") -> None:
    """On the page for it, which ends the session and begins another."""
    form = {"oldpassword": PASSWORD, "password1": "another horse battery", "password2": "another horse battery"}
    assert pages.post("/accounts/password/change/", form).status_code == 302


def password_set(cast: "Cast", _pages: "Pages") -> None:
    """As `manage.py changepassword` does."""
    from community.models import Member

    member = Member.objects.get(pk=cast.ada.pk)
    member.set_password("another horse battery")
    member.save()


@pytest.mark.parametrize("change", [suspended, signed_out, session_flushed, password_changed, password_set])
def test_a_socket_is_closed(
    change: Callable[["Cast", "Pages"], None],
    server: Server,
    join: Join,
    browser: Callable[..., Client],
    token_of: Callable[[str], str],
    cast: "Cast",
    thread: "Thread",
) -> None:
    from django.conf import settings

    stream, pages = f"thread:{thread.pk}", pages_of(cast, "ada")
    ada = browser(f"{settings.SESSION_COOKIE_NAME}={pages.cookies[settings.SESSION_COOKIE_NAME].value}")
    zoe = join("zoe")
    for client in (ada, zoe):
        client.subscribe(stream)
    change(cast, pages)
    server.call(token_of("ben"), "POST", f"threads/{thread.pk}/posts", {"body": "Between us."})
    assert zoe.numbers(stream, 3) == [3]
    assert ada.close_code() == SIGNED_OUT
    assert ada.events(stream) == []


def test_the_sockets_of_a_revoked_token_are_closed(
    server: Server, join: Join, token_of: Callable[[str], str], cast: "Cast", thread: "Thread"
) -> None:
    stream = f"thread:{thread.pk}"
    ada, zoe = join("ada"), join("zoe")
    for client in (ada, zoe):
        client.subscribe(stream)
    call_command("revoke_tokens", "ada", "--name", "of something else")
    server.call(token_of("ben"), "POST", f"threads/{thread.pk}/posts", {"body": "For both."})
    assert [client.numbers(stream, 3) for client in (ada, zoe)] == [[3], [3]]
    call_command("revoke_tokens", "ada", "--name", "tests")
    server.call(token_of("ben"), "POST", f"threads/{thread.pk}/posts", {"body": "Between us."})
    assert zoe.numbers(stream, 4) == [3, 4]
    assert ada.close_code() == SIGNED_OUT
    assert ada.events(stream) == [3]


def test_who_signs_out_here_keeps_their_other_sessions(
    browser: Callable[..., Client], cast: "Cast", thread: "Thread"
) -> None:
    from django.conf import settings

    name = settings.SESSION_COOKIE_NAME
    leaving, staying = pages_of(cast, "ada"), pages_of(cast, "ada")
    clients = [browser(f"{name}={pages.cookies[name].value}") for pages in (leaving, staying)]
    for client in clients:
        client.subscribe(f"thread:{thread.pk}")
    signed_out(cast, leaving)
    assert clients[0].close_code() == SIGNED_OUT
    clients[1].settle()


def test_signing_out_at_another_web_process_closes_the_sockets_here(
    environment: dict[str, str],
    start_server: Callable[..., Server],
    browser: Callable[..., Client],
    cast: "Cast",
    thread: "Thread",
) -> None:
    from django.conf import settings

    other = start_server(**environment)
    key = pages_of(cast, "ada").cookies[settings.SESSION_COOKIE_NAME].value
    ada = browser(f"{settings.SESSION_COOKIE_NAME}={key}")
    ada.subscribe(f"thread:{thread.pk}")
    secret = "x" * 32
    connection = http.client.HTTPConnection("127.0.0.1", other.port, timeout=15)
    cookies = f"{settings.SESSION_COOKIE_NAME}={key}; {settings.CSRF_COOKIE_NAME}={secret}"
    connection.request("POST", "/accounts/logout/", headers={"Cookie": cookies, "X-CSRFToken": secret})
    assert connection.getresponse().status == http.client.FOUND
    connection.close()
    assert ada.close_code() == SIGNED_OUT
