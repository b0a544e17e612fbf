"""What a guest, an ex-guest and somebody of another organization could find out about what they do not see."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from django.test import Client

from community.models import Member
from tests.cast import Cast
from tests.threads.asking import HOUR, everybody_works, problem
from threads.actions.applying import apply_practice
from threads.actions.attachments import upload
from threads.actions.guests import end_guest, let_in
from threads.actions.helpers import join
from threads.actions.posts import post_reply
from threads.actions.practices import record_practice
from threads.actions.relations import relate
from threads.actions.requests import ask_for_help
from threads.actions.resolution import resolve
from threads.models import Relation, Thread
from threads.queries.guests import preview_for

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
SECRET = "Zebrafinch"
PAGES = ("", "timeline/", "since/", "matches/", "matches/?part", "meetings/", "record/", "record/history/", "related/")
CALLS = ("", "/posts", "/swarm", "/since", "/matches", "/meetings", "/requests", "/record/versions")


def page(member: Member) -> Client:
    client = Client()
    client.force_login(member)
    return client


def everything(member: Member, thread: Thread) -> Iterator[tuple[str, str]]:
    """All that they can read of a thread, and around it."""
    client = page(member)
    addresses = [f"/threads/{thread.pk}/{each}" for each in PAGES]
    addresses += [f"/api/v1/threads/{thread.pk}{each}" for each in CALLS]
    addresses += [
        "/",
        "/inbox/",
        "/archive/",
        "/spaces/",
        f"/api/v1/search?q={SECRET}",
        f"/api/v1/similar?text={SECRET}",
        "/api/v1/threads?limit=100",
        "/api/v1/practices?limit=100",
        "/api/v1/me/requests",
        "/people/zoe/",
        f"/people/{thread.author.handle}/",
        f"/api/v1/members/{thread.author.handle}",
    ]
    for address in addresses:
        answered = client.get(address, follow=True)
        yield address, answered.content.decode()


def leaks(member: Member, thread: Thread, word: str = SECRET) -> list[str]:
    """Where the word stands that they should not read. (A search says again what was searched for.)"""
    return [address for address, text in everything(member, thread) if word in text and f"q={word}" not in address]


def test_a_guest_reads_of_no_other_thread_and_no_practice(cast: Cast) -> None:
    everybody_works(cast)
    thread = problem(cast, audience="organization")
    other = problem(cast, audience="organization")
    Thread.objects.filter(pk=other.pk).update(title=f"{SECRET} is the other")
    other.refresh_from_db()
    relate(by=cast.ada, thread=thread, other=other, kind=Relation.Kind.RELATED)
    resolve(by=cast.ada, thread=other, summary="It was the cache.")
    practice = record_practice(
        by=cast.ada, thread=other, title=f"{SECRET} practised", fields={"problem": "Names.", "resolution": "Restart."}
    )
    let_in(by=cast.ada, thread=thread, member=cast.zoe, preview=preview_for(thread, cast.zoe).digest)
    apply_practice(by=cast.ben, thread=thread, practice=practice)
    join(by=cast.zoe, thread=thread)
    resolve(by=cast.ada, thread=thread, summary="It was the cache as well.")
    record_practice(by=cast.ben, thread=thread, title=f"{SECRET} again", fields={"problem": "N.", "resolution": "R."})
    assert leaks(cast.ben, thread)
    assert leaks(cast.zoe, thread) == []


def test_who_was_let_in_and_out_again_reads_nothing(cast: Cast) -> None:
    everybody_works(cast)
    thread = problem(cast, audience="organization")
    Thread.objects.filter(pk=thread.pk).update(title=f"{SECRET} is the problem")
    thread.refresh_from_db()
    let_in(by=cast.ada, thread=thread, member=cast.zoe, preview=preview_for(thread, cast.zoe).digest)
    request = ask_for_help(
        by=cast.ada, thread=thread, what=f"{SECRET}, please.", due_at=thread.created_at + 4 * HOUR, target="members",
        members=[cast.zoe],
    )  # fmt: skip
    file = upload(by=cast.ada, file=BytesIO(b"a log"), name="a.log")
    post_reply(by=cast.ada, thread=thread, body=f"@zoe see {SECRET}.", attachments=[file])
    address = file.get_absolute_url()
    assert page(cast.zoe).get(address).status_code == 200
    assert leaks(cast.zoe, thread)
    end_guest(by=cast.ada, thread=thread, member=cast.zoe)
    assert leaks(cast.zoe, thread) == []
    assert page(cast.zoe).get(address).status_code == 404
    assert page(cast.zoe).get(f"/requests/{request.pk}/").status_code == 404
