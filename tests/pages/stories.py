"""A thread with something in it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.test import Client

from community.models import Member
from tests.cast import Cast
from threads.actions.posts import post_reply
from threads.actions.practices import record_practice
from threads.actions.resolution import resolve
from threads.actions.threads import open_thread
from threads.models import Post, Practice, Thread

SignIn = Callable[[Member], Client]


@dataclass(frozen=True)
class Story:
    """A resolved thread with a reply by Ben, a note, and the practice recorded from it."""

    thread: Thread
    reply: Post
    note: Post
    practice: Practice


def told(cast: Cast, *, audience: str = "space", space: str = "lobby") -> Story:
    """Tell a whole story in a space, for an audience."""
    thread = open_thread(
        by=cast.ada,
        space=cast.spaces[space],
        title="Mail loops between gateways",
        body="Since the update mail loops. @ben any idea?",
        product=cast.products["mail-gateway"],
        tags=["smtp", "loop"],
        audience=audience,
    )
    reply = post_reply(by=cast.ben, thread=thread, body="Disable the relay rule `R7`.")
    note = post_reply(by=cast.ada, thread=thread, body="That was it, thank you.", parent=reply)
    resolve(by=cast.ada, thread=thread, posts=[reply], record={"problem": "Loops", "resolution": "Disable R7"})
    thread.refresh_from_db()
    practice = record_practice(by=cast.ben, thread=thread)
    return Story(thread, reply, note, practice)


def signed_in(member: Member) -> Client:
    """A client that the member is signed in with."""
    client = Client()
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
